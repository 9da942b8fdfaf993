// SPDX-License-Identifier: Apache-2.0
#pragma once
// Steps that several checks take.

#include <map>
#include <string>
#include <vector>

#include "sdk/concordat/calls.h"
#include "sdk/conformance/caller.h"

namespace concordat::sdk::conformance {

/// Pages from `from` to the end. Throws Problem if there is none, or a page has no cursor.
std::vector<Page> pullAll(const Scenario& scenario, const std::string& from, int pageSize = 0);
/// Where a pull from the start ends.
std::string endCursor(const Scenario& scenario);
/// The last value of the slot that the pages show for each record.
std::map<RecordRef, Shown> shownIn(const std::vector<Page>& pages, const std::string& slot);

ApplyItem writeOf(const RecordRef& record, const std::string& slot, bool permit);
std::vector<ApplyItem> writesOf(const std::vector<RecordRef>& records,
                                const std::string& slot,
                                bool permit);
bool isDone(OutcomeKind kind);
/// Applies, and asks for what is pending until every item has its end, as the hub does; nothing if
/// the call fails. Throws Problem if that never comes.
std::optional<ApplyReply> tryApply(const Scenario& scenario,
                                   Caller& caller,
                                   const std::vector<ApplyItem>& items);
/// The same where failing is a problem.
ApplyReply apply(const Scenario& scenario, Caller& caller, const std::vector<ApplyItem>& items);
/// Writes with a new instance, undisturbed; every item must be done.
void writeAll(const Scenario& scenario, const std::vector<RecordRef>& records, bool permit);

/// What the scenario's slot shows for permit and for deny.
Shown shownFor(const Scenario& scenario, bool permit);
/// What it shows now for each of `records`, read with a new instance, undisturbed.
std::map<RecordRef, Shown> readNow(const Scenario& scenario, const std::vector<RecordRef>& records);

/// Throws NotRun unless the scenario has `count` further records.
std::vector<RecordRef> others(const Scenario& scenario, std::size_t count);

/// What apply says must be so: done is done, and a trouble that passes ends no item for good.
void mustBeHonest(const Scenario& scenario,
                  const std::vector<ApplyItem>& items,
                  const ApplyReply& reply,
                  const std::string& when);

}  // namespace concordat::sdk::conformance
