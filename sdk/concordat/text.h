// SPDX-License-Identifier: Apache-2.0
#pragma once
// Texts on their way to and from a vendor, and identifiers as people write them. Pure, any thread.

#include <string>
#include <string_view>

#include "sdk/concordat/messages.h"

namespace concordat::sdk {

/// RFC 3986: everything but unreserved characters as %XX.
std::string percentEncode(std::string_view text);
/// At most `length` bytes and "…", never ending inside a character.
std::string shortened(std::string text, std::size_t length);
/// Without white space around it, ASCII letters in lower case.
std::string lowered(std::string_view text);

/// Two writings of one number. "06…" and "+336…" are one if all but the country code is equal; the
/// hub, which knows the country, looks again.
bool sameNumber(const std::string& one, const std::string& two);
/// True if the record holds this identifier: the case of an address does not count, nor how a
/// number is punctuated.
bool holds(const Observation& seen, const Identifier& identifier);

}  // namespace concordat::sdk
