// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything known of one subject inside one unit of work, and the answers that follow from it.

#include <set>
#include <string>
#include <vector>

#include "hub/store/store.h"
#include "hub/sync/plan.h"

namespace concordat::sync {

/// The answers of a subject; a key that is not listed is unknown.
using Answers = std::vector<store::EffectiveRow>;

consent::Answer answerOf(const Answers& answers, const consent::Key& key);

struct Book {
    consent::History history;
    std::set<std::string> group;  ///< the subject and those joined to it by merges
    std::vector<store::Record> records;
    std::set<std::string> claims;  ///< identifiers it holds without a record
    Answers stored;                ///< as the store has them
    Answers answers;               ///< as they follow from the history
    bool dirty = true;
};

/// Reads the book of `subject`; the answers are those of the store until `recompute`.
Book readBook(store::Reader& reader, const std::string& subject);

/// `record`, as it is now, is one of the book's subject.
void take(store::Reader& reader, Book& book, const store::Record& record);

/// The answers that follow from the history now.
void recompute(Book& book, const consent::Policy& policy, consent::EpochMs now);

/// The rows of an address or identifier alone: somebody no record is known of.
Answers answersOfPoint(store::Reader& reader,
                       const std::string& pointHash,
                       const consent::Policy& policy,
                       consent::EpochMs now);

}  // namespace concordat::sync
