// SPDX-License-Identifier: Apache-2.0
#include "sdk/conformance/examples.h"

#include <algorithm>

#include "sdk/conformance/steps.h"

namespace concordat::sdk::conformance {
namespace {

constexpr std::size_t kPagesLooked = 20;
constexpr std::size_t kEnough = 500;
constexpr std::size_t kOthers = 7;

std::vector<Observation> firstRecords(const Scenario& scenario) {
    Caller caller(scenario);
    std::vector<Observation> records;
    std::string cursor;
    for (std::size_t i = 0; i < kPagesLooked && records.size() < kEnough; ++i) {
        auto page = caller.ask<Page>(method::kPull, PullRequest{cursor, 0});
        if (page.waitMs > 0 && scenario.stage.passTime) scenario.stage.passTime(page.waitMs);
        for (auto& seen : page.observations)
            if (!seen.deleted && !seen.mergedInto) records.push_back(std::move(seen));
        cursor = page.cursor;
        if (!page.more) break;
    }
    return records;
}

const Identifier* addressOf(const Observation& seen) {
    for (const auto& identifier : seen.identifiers)
        if (identifier.kind == IdentifierKind::Email) return &identifier;
    return nullptr;
}

bool showsSlot(const Observation& seen, const std::string& slot) {
    return std::any_of(seen.slots.begin(), seen.slots.end(),
                       [&](const SlotReading& reading) { return reading.slot == slot; });
}

/// The first slot that the record shows and that may be written both ways.
std::string slotOf(const Observation& seen, const Description& description) {
    for (const auto& slot : description.slots)
        if (slot.writable && slot.loosen == Loosen::Yes && showsSlot(seen, slot.id)) return slot.id;
    return "";
}

/// True if the record is the only one that holds its address.
bool isAlone(const Scenario& scenario, const Observation& seen) {
    const Identifier* address = addressOf(seen);
    if (!address) return false;
    const auto found = Caller(scenario).ask<FindReply>(method::kFind, FindCall{{*address}});
    return found.matches.size() == 1 && found.matches[0].size() == 1 &&
           found.matches[0][0].record == seen.record;
}

void findKnown(Scenario& scenario,
               const std::vector<Observation>& records,
               const Description& description) {
    for (const auto& seen : records) {
        if (!scenario.known.id.empty() && seen.record != scenario.known) continue;
        const auto slot = scenario.slot.empty() ? slotOf(seen, description) : scenario.slot;
        if (slot.empty() || !showsSlot(seen, slot) || !isAlone(scenario, seen)) continue;
        scenario.known = seen.record;
        scenario.slot = slot;
        scenario.address = *addressOf(seen);
        return;
    }
    throw std::runtime_error(
        "among the first records that pull brings there is none with an e-mail address of its own "
        "and a slot that can be written; name one with --record and --slot");
}

/// Ids like the known one: its last digits become nines, then there are more of them.
std::vector<std::string> idsLike(std::string id) {
    std::vector<std::string> ids;
    for (std::size_t at = id.size(); at > 0; --at) {
        if (id[at - 1] < '0' || id[at - 1] > '8') continue;
        id[at - 1] = '9';
        ids.push_back(id);
    }
    for (int more = 0; more < 6; ++more) ids.push_back(id += '9');
    return ids;
}

void findUnknown(Scenario& scenario) {
    for (const auto& id : idsLike(scenario.known.id)) {
        const RecordRef other{scenario.known.object, id};
        const auto read = Caller(scenario).tryAsk<ReadReply>(method::kRead, ReadCall{{other}});
        if (!read || !read->observations.empty() || read->missing != std::vector{other}) continue;
        scenario.unknown = other;
        return;
    }
    throw std::runtime_error(
        "no id could be made that the vendor does not have; name one with --unknown");
}

}  // namespace

void findExamples(Scenario& scenario) {
    const auto description = describe(scenario);
    const auto records = firstRecords(scenario);
    if (scenario.address.value.empty()) findKnown(scenario, records, description);
    if (scenario.unknown.id.empty()) findUnknown(scenario);
    for (const auto& seen : records)
        if (scenario.others.size() < kOthers && seen.record.object == scenario.known.object &&
            seen.record != scenario.known && showsSlot(seen, scenario.slot) &&
            std::find(scenario.others.begin(), scenario.others.end(), seen.record) ==
                scenario.others.end())
            scenario.others.push_back(seen.record);
}

}  // namespace concordat::sdk::conformance
