// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sellsy's webhooks as the vendor sends them: JSON, signed with SHA-1 over key and body.

#include <string>
#include <vector>

namespace concordat::bench {

/// Which records changed: "people 17" or "client 4" a line of `file`. Throws std::runtime_error.
std::vector<std::pair<std::string, std::string>> readIds(const std::string& file);

/// The whole HTTP request of one webhook.
std::string notice(const std::string& path,
                   const std::string& key,
                   const std::pair<std::string, std::string>& record,
                   long serial);

}  // namespace concordat::bench
