// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whose record this is.

#include <string>
#include <vector>

#include "hub/sync/unit.h"

namespace concordat::sync {

/// The record's addresses, numbers and external ids in normal form, hashed.
std::vector<consent::Point> pointsOf(const Core& core,
                                     const std::string& region,
                                     const std::vector<sdk::Identifier>& identifiers);

/// True for an e-mail address that is no role mailbox, and for an external id: what may link.
bool mayLink(const consent::Point& point);

/// A person who was erased stays so: nothing new is ever said for that subject.
bool isErased(const Book& book);

/// Subjects that a linking point of `points` belongs to; those joined by merges count once, erased
/// ones not at all. Persons and organisations never match each other.
std::vector<std::string> matches(Unit& unit,
                                 const std::vector<consent::Point>& points,
                                 bool organisation,
                                 const std::string& except);

/// Gives `record` its subject: that of its person, the one that its points name, else a new one;
/// several matches make it ambiguous.
void link(Unit& unit, store::Record& record);

/// A known record whose points changed may now belong to somebody else: relinked if its subject has
/// no history, else a person is asked.
void linkAgain(Unit& unit, store::Record& record);

/// Asks a person whether the two are one.
void suggestMerge(Unit& unit,
                  const std::string& one,
                  const std::string& other,
                  const store::Record& record);

}  // namespace concordat::sync
