// SPDX-License-Identifier: Apache-2.0
#pragma once
// What came back from Sellsy. Pure functions, any thread. Nothing in a reply can make them crash:
// what is not as the vendor documents it is left out, or becomes one clear sentence without the
// values it held.

#include <optional>
#include <string>
#include <vector>

#include "plugins/sellsy/vocabulary.h"
#include "sdk/concordat/answer.h"
#include "sdk/concordat/tree.h"

namespace concordat::plugins::sellsy {

using sdk::Answer;
using sdk::Ending;
using sdk::member;
using sdk::textOf;

/// A record: what it shows, and the whole set as it must be written back. No set in the reply:
/// empty optional.
struct Record {
    sdk::Observation seen;
    std::optional<std::vector<std::string>> members;
    bool isSetUnreadable = false;  ///< the row has a set, and it is not one of names
};

/// A page of records. `offset` is where the next one begins, as the vendor wrote it.
struct RecordPage {
    std::vector<Record> records;
    std::string offset;
    std::size_t rows = 0;     ///< as many as the vendor sent
    std::size_t skipped = 0;  ///< rows without a usable id
};

/// `reads`: whether the call could be repeated at will (then nothing is ever unclear, only late).
Answer answerOf(const sdk::HttpReply& reply, bool reads);
/// One answer per call, whatever came: those the reply does not hold are Unclear (a read: Later).
std::vector<Answer> batchAnswers(const sdk::HttpReply& reply, const std::vector<bool>& reads);
/// The answer of API v1, which says "error" inside an HTTP 200.
Answer v1Answer(const sdk::HttpReply& reply);

/// A row of `kind`; empty if it has no usable id.
std::optional<Record> recordOf(const nlohmann::json& row,
                               const Settings& settings,
                               const Kind& kind,
                               sdk::EpochMs askedAt);
/// Throws CallError if this is no page.
RecordPage pageOf(const nlohmann::json& body,
                  const Settings& settings,
                  const Kind& kind,
                  sdk::EpochMs askedAt);

}  // namespace concordat::plugins::sellsy
