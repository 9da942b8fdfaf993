// SPDX-License-Identifier: Apache-2.0
#pragma once
// What came back from Salesforce. Pure functions, any thread. Nothing in a reply can make them
// crash: what is not as the vendor documents it is left out, or becomes one clear sentence without
// the values it held.

#include <optional>
#include <string>
#include <vector>

#include "sdk/concordat/answer.h"
#include "sdk/concordat/tree.h"

namespace concordat::plugins::salesforce {

using sdk::Answer;
using sdk::Ending;
using sdk::member;
using sdk::textOf;

/// `writes`: what went wrong after it was sent may have been done.
Answer answerOf(const sdk::HttpReply& reply, bool writes);
/// One answer per part of a composite request, whatever came.
std::vector<Answer> compositeAnswers(const Answer& whole, std::size_t count, bool writes);
/// One answer per record of a collections write, whatever came. `ids`: in the order sent; an empty
/// one is a new record.
std::vector<Answer> collectionAnswers(const Answer& whole, const std::vector<std::string>& ids);

/// What a bulk job says of a row that failed: "CODE:words:fields --".
Answer rowAnswer(const std::string& error);
/// True if asking again may give another answer.
bool mayPass(const Answer& answer);

/// What a vendor's error means; status 0 inside a collection.
Ending endingOfCode(const std::string& code, const std::string& words, int status);

/// The rows of a query, or of a retrieve without its nulls; empty: it was neither.
std::optional<std::vector<nlohmann::json>> rowsOf(const Answer& answer);
/// True if the query has more rows than it sent.
bool isCut(const Answer& answer);

}  // namespace concordat::plugins::salesforce
