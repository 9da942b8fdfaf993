// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sdk/conformance/checks.h"
#include "sdk/conformance/steps.h"

namespace concordat::sdk::conformance {
namespace {

/// Of many pages only so many are begun from again.
constexpr std::size_t kMostResumed = 10;

/// The slots an observation shows must be declared, and every observation says when it was asked
/// for.
void checkObservation(const Scenario& scenario, const Observation& seen) {
    const auto slots = describe(scenario).slots;
    require(!seen.record.object.empty() && !seen.record.id.empty(),
            "an observation has no record id");
    require(seen.askedAt > 0, "an observation has no askedAt: take host.now() before the request");
    for (const auto& reading : seen.slots) {
        const auto isIt = [&](const SlotDescription& slot) { return slot.id == reading.slot; };
        require(std::any_of(slots.begin(), slots.end(), isIt),
                "an observation shows the slot '" + reading.slot + "', which is not described");
    }
}

std::vector<RecordRef> recordsOf(const std::vector<Page>& pages, std::size_t from) {
    std::vector<RecordRef> records;
    for (std::size_t i = from; i < pages.size(); ++i)
        for (const auto& seen : pages[i].observations) records.push_back(seen.record);
    return records;
}

}  // namespace

void reachesTheVendor(const Scenario& scenario) {
    const auto check = Caller(scenario).ask<Check>(method::kCheck, Nothing{});
    require(!check.probes.empty(), "check has no probes");
    require(!check.tenantId.empty(), "check does not say which account was reached (tenantId)");
    for (const auto& probe : check.probes)
        require(probe.state != ProbeState::Fail,
                "the probe '" + probe.name + "' fails: " + probe.message);
}

void reportsRefusedCredentials(const Scenario& scenario) {
    Caller caller(scenario);
    caller.setFault(Fault::Refused);
    const auto check = caller.ask<Check>(method::kCheck, Nothing{});
    const auto fails = [](const Probe& probe) {
        return probe.state == ProbeState::Fail && !probe.fix.empty();
    };
    require(std::any_of(check.probes.begin(), check.probes.end(), fails),
            "with refused credentials no probe fails and says how to fix it");
}

void reportsWhatIsMissing(const Scenario& scenario) {
    for (const auto fault : {Fault::Forbidden, Fault::Dead}) {
        Caller caller(scenario);
        caller.setFault(fault);
        const auto check = caller.tryAsk<Check>(method::kCheck, Nothing{});
        if (!check && fault == Fault::Dead) continue;  // the hub shows the sentence it failed with
        require(check.has_value(), "with " + nameOf(fault) + ", check fails instead of a probe");
        require(std::any_of(check->probes.begin(), check->probes.end(),
                            [](const Probe& probe) {
                                return probe.state == ProbeState::Fail && !probe.message.empty();
                            }),
                "with " + nameOf(fault) + ", no probe fails and says why");
    }
}

void pullsToTheEnd(const Scenario& scenario) {
    const auto pages = pullAll(scenario, "");
    const auto records = recordsOf(pages, 0);
    require(std::find(records.begin(), records.end(), scenario.known) != records.end(),
            "pull from the start does not bring the scenario's known record");
    for (const auto& page : pages)
        for (const auto& seen : page.observations) checkObservation(scenario, seen);
}

void resumesFromEveryCursor(const Scenario& scenario) {
    const auto pages = pullAll(scenario, "");
    const std::size_t step = pages.size() / kMostResumed + 1;
    for (std::size_t i = 0; i + 1 < pages.size(); i += step) {
        const auto again = recordsOf(pullAll(scenario, pages[i].cursor), 0);
        for (const auto& record : recordsOf(pages, i + 1))
            require(std::find(again.begin(), again.end(), record) != again.end(),
                    "pulled again from the cursor of page " + std::to_string(i + 1) +
                        ", a record of a later page is lost");
    }
}

void readsWhatIsThere(const Scenario& scenario) {
    const auto reply = Caller(scenario).ask<ReadReply>(method::kRead, ReadCall{{scenario.known}});
    require(reply.observations.size() == 1,
            "read of the known record does not give one observation");
    const auto& seen = reply.observations.front();
    require(seen.record == scenario.known, "read gives another record than was asked for");
    checkObservation(scenario, seen);
    require(!seen.identifiers.empty(), "the known record has no identifiers");
}

void saysWhatIsMissing(const Scenario& scenario) {
    const ReadCall both{{scenario.known, scenario.unknown}};
    const auto reply = Caller(scenario).ask<ReadReply>(method::kRead, both);
    require(reply.missing == std::vector{scenario.unknown},
            "read of a known and an unknown record does not name the unknown one as missing");
    require(reply.observations.size() == 1, "next to an unknown record the known one is not read");
}

void findsByAddress(const Scenario& scenario) {
    const Identifier nobody{scenario.address.kind, "nobody'\\\"%@example.invalid", ""};
    const FindCall call{{scenario.address, nobody}};
    const auto reply = Caller(scenario).ask<FindReply>(method::kFind, call);
    require(reply.matches.size() == 2, "find does not answer each identifier");
    require(reply.matches[0].size() == 1 && reply.matches[0][0].record == scenario.known,
            "find does not give the one record that holds the address");
    require(reply.matches[1].empty(), "find gives a record for an address that nobody has");
}

}  // namespace concordat::sdk::conformance
