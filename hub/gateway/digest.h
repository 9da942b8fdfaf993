// SPDX-License-Identifier: Apache-2.0
#pragma once
// Hashes and encodings, all by OpenSSL. Pure functions, any thread.

#include <optional>
#include <string>
#include <string_view>

namespace concordat::gateway {

/// Raw bytes; `hash` is "md5", "sha1", "sha256" or "sha512". Nothing for another name.
std::optional<std::string> digest(std::string_view hash, std::string_view text);
std::optional<std::string> hmac(std::string_view hash, std::string_view key, std::string_view text);

std::string hex(std::string_view bytes);
std::string base64(std::string_view bytes);
std::string base64Url(std::string_view bytes);  ///< without padding
/// Nothing if `text` is not valid.
std::optional<std::string> fromHex(std::string_view text);
std::optional<std::string> fromBase64(std::string_view text);

/// Takes the same time wherever the first difference stands.
bool equalInConstantTime(std::string_view a, std::string_view b);

/// `count` bytes that nobody can guess. Throws AccessError if the machine has none.
std::string randomBytes(std::size_t count);

/// RS256 over `text` with a PEM private key. Throws AccessError if the key cannot be read.
std::string signRs256(const std::string& privateKeyPem, std::string_view text);

}  // namespace concordat::gateway
