// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a reply means where its status does not say so: described by data, see auth.md. Pure, any
// thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/gateway/http.h"

namespace concordat::gateway {

/// Looks at one place of a body. Empty: always true.
struct ReplyCondition {
    std::string pointer;  ///< JSON pointer; empty: not looked at
    std::optional<double> from;
    std::optional<double> to;
    std::optional<std::string> equals;  ///< text, or a number, true or false as JSON writes it
    std::string contains;               ///< in the first 64 KiB
};

enum class ReplyMeaning { Class, TokenExpired };

struct ReplyRule {
    std::vector<int> statuses;  ///< empty: any
    ReplyCondition when;
    ReplyMeaning meaning = ReplyMeaning::Class;
    ReplyClass as = ReplyClass::Permanent;
    Milliseconds retryAfter{0};
};

/// `body` may be given spare capacity, its text stays the same.
bool holds(const ReplyCondition& condition, std::string& body);

/// The first rule that holds.
const ReplyRule* findRule(const std::vector<ReplyRule>& rules, int status, std::string& body);

/// The class of a status alone.
ReplyClass classOf(int status);

/// Whether the body is a web page though `accept` asks for JSON.
bool isUnexpectedPage(const Headers& request, const Headers& reply, std::string_view body);

}  // namespace concordat::gateway
