// SPDX-License-Identifier: Apache-2.0
#pragma once
// Addresses, read by the same parser that connects to them, so that no two readings differ.

#include <optional>
#include <string>
#include <string_view>

namespace concordat::gateway {

/// A checked http or https address. `host` is lower case, an IPv6 address stands in brackets.
struct Url {
    std::string scheme;
    std::string host;
    int port = 0;
    std::string path;   ///< as it is sent, starts with '/'
    std::string query;  ///< without '?', as it is sent
    std::string text() const;
    /// "host" or "host:port" where the port is not the scheme's own.
    std::string authority() const;
    /// Without the query, for logs and messages.
    std::string shown() const;
};

/// Either an address or one sentence that says why it is none.
struct UrlReading {
    std::optional<Url> url;
    std::string problem;
};

/// Refuses userinfo, other schemes, control characters, and paths that servers read in several ways
/// (dot segments, encoded slashes). A fragment is dropped.
UrlReading readUrl(const std::string& text);

/// Where `location` leads from `base`.
UrlReading resolveUrl(const Url& base, const std::string& location);

/// Percent-encodes everything but unreserved characters.
std::string encodeUrlPart(std::string_view text);

/// Replaces or adds one member of a query.
std::string withQueryMember(const std::string& query,
                            std::string_view name,
                            std::string_view value);

/// Whether a member of that name (any case, decoded) stands in the query.
bool hasQueryMember(const std::string& query, std::string_view name);

std::string lowerCase(std::string_view text);

}  // namespace concordat::gateway
