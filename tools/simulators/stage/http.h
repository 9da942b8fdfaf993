// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace concordat::simulators {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// One HTTP request as it came, the body read to its end. A value.
struct Request {
    std::string method;  ///< upper case, eg: "PATCH"
    std::string path;    ///< as sent, still percent-encoded, without the query, eg: "/v2/contacts"
    std::string query;   ///< as sent, without the "?"
    Headers headers;
    std::string body;

    /// Value of a header, looked up without regard to case; empty when it is absent. [any]
    std::string_view header(std::string_view name) const;
    /// First decoded value of a query parameter; none when it is absent. [any]
    std::optional<std::string> param(std::string_view name) const;
    /// All decoded query parameters in their order. [any]
    std::vector<std::pair<std::string, std::string>> params() const;
    /// Decoded parts of the path; empty parts (doubled or closing slashes) are left out. [any]
    std::vector<std::string> segments() const;
};

/// How a reply travels: whole, not at all (connection reset), cut in the middle, or drop by drop.
enum class Delivery { whole, reset, truncated, slow };

/// One HTTP reply. Content-Length, Date and Connection are added by the server.
struct Reply {
    int status = 200;
    std::string body;
    std::string type = "application/json;charset=UTF-8";  ///< Content-Type; "" sends none
    Headers headers = {};
    Delivery delivery = Delivery::whole;
    int slow_ms = 0;  ///< with Delivery::slow: how long the body takes
};

/// Reads "a=1&b=x%20y" (query strings and form bodies; "+" is a space). [any]
std::vector<std::pair<std::string, std::string>> readForm(std::string_view text);
/// Undoes percent-encoding; "+" becomes a space only when asked. Bad escapes stay as they are.
std::string percentDecode(std::string_view text, bool plusIsSpace);
/// Compares ASCII text without regard to case. [any]
bool sameText(std::string_view left, std::string_view right);
/// ASCII lower case copy; other bytes stay. [any]
std::string lowerText(std::string_view text);

}  // namespace concordat::simulators
