// SPDX-License-Identifier: Apache-2.0
// What a connector must say of records that are gone or live on in another, and of its own writes.
#include <algorithm>
#include <set>

#include "sdk/conformance/checks.h"
#include "sdk/conformance/steps.h"

namespace concordat::sdk::conformance {
namespace {

/// The last thing the pages say of the record.
const Observation* lastOf(const std::vector<Page>& pages, const RecordRef& record) {
    const Observation* last = nullptr;
    for (const auto& page : pages)
        for (const auto& seen : page.observations)
            if (seen.record == record) last = &seen;
    return last;
}

bool isGone(const Observation& seen) { return seen.deleted || seen.mergedInto; }

void mustNotBeWritten(const Scenario& scenario, const RecordRef& record, const std::string& which) {
    Caller caller(scenario);
    const auto reply = apply(scenario, caller, writesOf({record}, scenario.slot, false));
    require(reply.outcomes.size() == 1 && reply.outcomes[0].kind == OutcomeKind::NotFound,
            "a write to a " + which + " record is not not_found");
}

void mustPointTo(const Scenario& scenario,
                 const RecordRef& record,
                 const RecordRef& into,
                 const std::string& cursor) {
    const auto read = Caller(scenario).ask<ReadReply>(method::kRead, ReadCall{{record}});
    require(read.observations.size() == 1 && read.observations[0].mergedInto == into,
            "read does not say into which record another was merged or converted (mergedInto)");
    const auto pages = pullAll(scenario, cursor);
    const auto* seen = lastOf(pages, record);
    require(seen && seen->mergedInto == into,
            "pull does not say into which record another was merged or converted (mergedInto)");
}

/// A live record of each object that is not the known one's.
std::vector<RecordRef> ofOtherObjects(const Scenario& scenario) {
    std::set<std::string> objects{scenario.known.object};
    std::vector<RecordRef> records;
    for (const auto& page : pullAll(scenario, ""))
        for (const auto& seen : page.observations)
            if (!isGone(seen) && objects.insert(seen.record.object).second)
                records.push_back(seen.record);
    return records;
}

}  // namespace

void reportsWhatIsDeleted(const Scenario& scenario) {
    if (!scenario.stage.remove) throw NotRun("fill Stage::remove");
    const auto gone = others(scenario, 7).back();
    const auto cursor = endCursor(scenario);
    if (!scenario.stage.remove(gone)) return;
    const auto read = Caller(scenario).ask<ReadReply>(method::kRead, ReadCall{{gone}});
    const bool isShown = !read.observations.empty();
    require(isShown ? isGone(read.observations[0]) : read.missing == std::vector{gone},
            "read shows a deleted record as if it were there");
    const auto pages = pullAll(scenario, cursor);
    const auto* seen = lastOf(pages, gone);
    require(!seen || isGone(*seen), "pull shows a deleted record as if it were there");
    // A vendor without a recycle bin may show nothing; the drift sweep finds those.
    require(seen || !isShown, "pull does not bring a deleted record, though the vendor shows it");
    mustNotBeWritten(scenario, gone, "deleted");
}

void reportsWhatLivesOn(const Scenario& scenario) {
    if (!scenario.stage.succeed) throw NotRun("fill Stage::succeed");
    auto records = ofOtherObjects(scenario);
    records.push_back(others(scenario, 7)[5]);
    for (const auto& record : records) {
        const auto cursor = endCursor(scenario);
        if (!scenario.stage.succeed(record, scenario.known)) continue;
        mustPointTo(scenario, record, scenario.known, cursor);
        if (record.object == scenario.known.object) mustNotBeWritten(scenario, record, "merged");
    }
}

void tagsItsWrites(const Scenario& scenario) {
    if (!scenario.stage.clientOf) throw NotRun("fill Stage::clientOf");
    std::optional<std::string> tag;
    // What is there already is not written, so the last word may still be a person's.
    writeAll(scenario, {scenario.known}, true);
    for (const bool permit : {false, true, false}) {
        writeAll(scenario, {scenario.known}, permit);
        const auto noted = scenario.stage.clientOf(scenario.known);
        if (!noted) return;
        require(!noted->empty(), "a write carries no tag, so nobody can tell whose it is");
        require(!tag || tag == noted, "two writes carry different tags");
        tag = noted;
    }
    const auto read = Caller(scenario).ask<ReadReply>(method::kRead, ReadCall{{scenario.known}});
    for (const auto& seen : read.observations)
        require(seen.origin.empty() || seen.origin == *tag,
                "the origin that read shows after its own write is not the tag it wrote with");
}

}  // namespace concordat::sdk::conformance
