// SPDX-License-Identifier: Apache-2.0
#pragma once
// What came back from Salesforce. Pure functions, any thread. Nothing in a reply can make them
// crash: what is not as the vendor documents it is left out, or becomes one clear sentence without
// the values it held.

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sdk/concordat/messages.h"

namespace concordat::plugins::salesforce {

/// How one request, or one record of it, ended. `Locked`: somebody else holds the row. `Unclear`:
/// it may have been done.
enum class Ending { Done, Refused, NotFound, Conflict, Later, Locked, SignIn, Unclear, Cancelled };

/// `words` are the vendor's, `reason` holds none of them and may be logged.
struct Answer {
    Ending ending = Ending::Unclear;
    int status = 0;
    std::string code;  ///< the vendor's error code
    nlohmann::json body;
    std::string words;
    std::string reason;
    std::int64_t retryAfterMs = 0;
};

/// `writes`: what went wrong after it was sent may have been done.
Answer answerOf(const sdk::HttpReply& reply, bool writes);
/// One answer per part of a composite request, whatever came.
std::vector<Answer> compositeAnswers(const Answer& whole, std::size_t count, bool writes);
/// One answer per record of a collections write, whatever came. `ids`: in the order sent; an empty
/// one is a new record.
std::vector<Answer> collectionAnswers(const Answer& whole, const std::vector<std::string>& ids);

/// What a vendor's error means; status 0 inside a collection.
Ending endingOfCode(const std::string& code, const std::string& words, int status);

/// The rows of a query, or of a retrieve without its nulls; empty: it was neither.
std::optional<std::vector<nlohmann::json>> rowsOf(const Answer& answer);
/// True if the query has more rows than it sent.
bool isCut(const Answer& answer);

/// Text of a string or whole number, else empty.
std::string textOf(const nlohmann::json& tree);
/// A member of an object, else a null.
const nlohmann::json& member(const nlohmann::json& tree, std::string_view name);

}  // namespace concordat::plugins::salesforce
