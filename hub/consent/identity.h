// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who is who: addresses and numbers in one normal form, and which of them may identify a person.
// Pure.

#include <optional>
#include <string>

#include "sdk/concordat/messages.h"

namespace concordat::consent {

/// One normalised address, number or external id. At rest `hash` is a keyed HMAC and `value` is
/// sealed.
struct Point {
    sdk::IdentifierKind kind = sdk::IdentifierKind::Email;
    std::string name;  ///< namespace of an external id
    std::string hash;  ///< pointPrefix(kind) + keyed hash; filled by the store's keys, empty before
    std::string value;  ///< normal form
    bool role = false;  ///< role mailbox: never identifies a person
    bool operator==(const Point&) const = default;
};

/// The normal form, or nothing if it cannot be one. E-mail: trimmed, lower case, IDNA. Phone:
/// E.164; `region` ("FR") is where national writings belong. External: trimmed.
std::optional<Point> normalise(const sdk::Identifier& identifier, const std::string& region);

/// True for info@, contact@, no-reply@ and their kind in en, fr, it, de.
bool isRoleMailbox(const std::string& normalisedEmail);

/// "e:", "p:" or "x:": what the hash of a point begins with, so that the rules know which channels
/// it serves without knowing whose it is.
std::string pointPrefix(sdk::IdentifierKind kind);

/// True if messages by `channel` go to this point: e-mail addresses serve email, numbers serve sms,
/// phone, fax, automated_call and instant_message. A hash without a prefix serves every channel.
bool pointServes(const std::string& hash, const std::string& channel);

}  // namespace concordat::consent
