// SPDX-License-Identifier: Apache-2.0
#pragma once
// Texts with "{secret:NAME|filter}" and "{now:s}" in them, filled in just before they are sent.

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "hub/gateway/access.h"

namespace concordat::gateway {

/// A text and the filters that go over the whole of it once it is filled.
struct SecretText {
    std::string text;
    std::vector<std::string> apply;
};

/// Fills texts with one system's secrets. Everything throws AccessError, which names the secret or
/// the filter at fault.
class TextFiller {
 public:
    TextFiller(const SecretSource& secrets, SystemTime now) : secrets_(secrets), now_(now) {}

    std::string fill(const SecretText& text) const;
    std::string fill(const std::string& text) const;
    /// Every string in it; an object of only "text" and "apply" becomes one string.
    void fillJson(nlohmann::json& value) const;
    std::string secret(const std::string& name) const;

 private:
    std::string placeholder(const std::string& inner) const;
    std::string filtered(std::string value, const std::string& filter) const;

    const SecretSource& secrets_;
    SystemTime now_;
};

/// Replaces "{secret:NAME}" in a connector's body by those of `allowed`, escaped for `contentType`
/// (JSON or form). Other text is left as it is, so that data never becomes a placeholder.
std::string withBodySecrets(const std::string& body,
                            const std::vector<std::string>& allowed,
                            const std::string& contentType,
                            const TextFiller& filler);

}  // namespace concordat::gateway
