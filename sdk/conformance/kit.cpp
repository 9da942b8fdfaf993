// SPDX-License-Identifier: Apache-2.0
#include "sdk/conformance/kit.h"

#include <array>
#include <ostream>

#include "sdk/conformance/checks.h"

namespace concordat::sdk::conformance {
namespace {

struct Rule {
    const char* text;
    void (*check)(const Scenario&);
    const char* fix;
};

/// A rule's number is its place; append only.
constexpr std::array kRules{
    Rule{"it describes itself", &describesItself,
         "Fill id, name, version, settingsSchemaJson and identifiers in description()."},
    Rule{"it describes its slots", &describesItsSlots,
         "List every place that holds a choice in Description::slots, with object, field, channels "
         "and what it shows."},
    Rule{"it names its hosts and how to sign in", &namesItsHosts,
         "List each host with methods, paths and why in Description::hosts, and the kind of "
         "sign-in in auth."},
    Rule{"check reaches the vendor and says which account it is", &reachesTheVendor,
         "Ask the vendor who you are, and fill probes, tenantId and tenantName."},
    Rule{"check reports refused credentials", &reportsRefusedCredentials,
         "When a reply's kind is Auth, add a probe with state Fail and a fix."},
    Rule{"pull brings every record and comes to an end", &pullsToTheEnd,
         "Walk the vendor's pages by (modified, id); give a cursor with every page, and more = "
         "false at the end."},
    Rule{"pull goes on from every cursor without loss", &resumesFromEveryCursor,
         "Put everything pull needs into the cursor; keep nothing in the object between calls."},
    Rule{"read gives a record as it is", &readsWhatIsThere,
         "Read the record by its id; fill identifiers, slots, askedAt and the times the vendor "
         "gives."},
    Rule{"read says what is missing", &saysWhatIsMissing,
         "Put each record that the vendor does not have into ReadReply::missing."},
    Rule{"find gives the records that hold an address, and no other", &findsByAddress,
         "Search for each identifier exactly, escaped as the vendor wants it; one list per "
         "identifier."},
    Rule{"what was written is what is read back", &writesAndReadsBack,
         "Write permit and deny so that read shows showsPermit and showsDeny of the slot."},
    Rule{"writing twice is writing once", &repeatsWithoutHarm,
         "Write absolute values; search for the creation key before creating a row."},
    Rule{"apply answers every item, each for itself", &answersEveryItem,
         "Give one outcome per item, in order; an unknown record is NotFound and does not stop the "
         "others."},
    Rule{"a write whose answer was lost is unknown", &admitsAnUnknownOutcome,
         "When HttpReply::maybeSent is true, the outcome is Unknown: the hub reads back before it "
         "writes again."},
    Rule{"a cancelled call ends", &endsWhenCancelled,
         "Do not catch Cancelled (or catch and throw it again)."},
};

std::string problemOf(const Rule& rule, const Scenario& scenario) {
    try {
        require(scenario.connector && scenario.vendor,
                "the scenario lacks a connector or a vendor");
        rule.check(scenario);
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

}  // namespace

std::vector<Finding> examine(const Scenario& scenario) {
    std::vector<Finding> findings;
    for (const auto& rule : kRules)
        findings.push_back({static_cast<int>(findings.size()) + 1, rule.text,
                            problemOf(rule, scenario), rule.fix});
    return findings;
}

int report(const Scenario& scenario, std::ostream& out) {
    int failed = 0;
    for (const auto& finding : examine(scenario)) {
        out << (finding.problem.empty() ? "ok   " : "FAIL ") << finding.number << " "
            << finding.rule << "\n";
        if (finding.problem.empty()) continue;
        ++failed;
        out << "       problem: " << finding.problem << "\n       fix:     " << finding.fix << "\n";
    }
    out << (failed == 0 ? "The connector conforms.\n" : std::to_string(failed) + " checks fail.\n");
    return failed == 0 ? 0 : 1;
}

}  // namespace concordat::sdk::conformance
