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
    Rule{"an error in the settings names its setting", &namesTheWrongSetting,
         "Throw CallError from the constructor with the setting's name: setting() in tree.h does."},
    Rule{"check reports a missing right and a vendor that is away", &reportsWhatIsMissing,
         "Make each request of check() a probe of its own, which fails with message and fix."},
    Rule{"rows that changed at the same moment are all pulled", &pullsEqualTimes,
         "Walk by (modified, id), or read again from the newest time on; never from behind it."},
    Rule{"a row that shows late is pulled", &pullsWhatShowsLate,
         "Let a round now and then begin some minutes back, where nothing can be outstanding."},
    Rule{"slow replies lose nothing", &survivesSlowReplies,
         "Take host.now() before the request into askedAt, and begin the next round where this one "
         "started, not where it ended."},
    Rule{"a full batch ends in time when replies take 250 ms", &endsInTime,
         "Send requests that do not need one another in one host.http(), use the vendor's batches, "
         "or declare smaller readBatch, findBatch, applyBatch."},
    Rule{"replies over 64 KiB are read whole", &readsLargeReplies,
         "Read the whole body, and leave out members you do not know."},
    Rule{"too many requests mean later, with and without Retry-After", &waitsWhenLimited,
         "For HttpClass::RateLimited answer Retry with HttpReply::retryAfterMs, or some seconds of "
         "your own; a page says waitMs and keeps its cursor."},
    Rule{"a token that expires in the middle ends nothing for good", &survivesAnExpiringToken,
         "For HttpClass::Auth answer Retry, and fail a read or a search; absence needs an answer."},
    Rule{"eight callers at once sign in once", &signsInOnce,
         "Do not sign in yourself: describe it in Description::auth, the gateway does it for all."},
    Rule{
        "a batch that fails in part is told item by item", &survivesAPartialFailure,
        "Read the vendor's result of each record; what was not done is Retry, or Rejected with its "
        "words."},
    Rule{"faults from a seed lead to no wrong answer", &survivesDrawnFaults,
         "An answer that is not what the vendor documents is no answer: a read fails, a write is "
         "Unknown. Run it again with the same seed."},
    Rule{"a deleted record is reported as deleted", &reportsWhatIsDeleted,
         "Set Observation::deleted where the vendor shows it, else put the record into missing; a "
         "write to it is NotFound."},
    Rule{"a merged or converted record says where it lives on", &reportsWhatLivesOn,
         "Set Observation::mergedInto in pull and read; a write to the old record is NotFound."},
    Rule{"its own writes carry one tag", &tagsItsWrites,
         "Send the vendor's header for the client's name with every write, always the same; give "
         "it as Observation::origin where the vendor shows it."},
    Rule{"it prints nothing, and quotes nobody in logs and errors", &saysNothingAside,
         "Name the status and the vendor's code, not its words or what was asked; log with "
         "host.log()."},
    Rule{"in a process of its own it says the same", &isTheSameApart,
         "Keep nothing in static variables, and take time and randomness from the host."},
};

Finding findingOf(const Rule& rule, int number, const Scenario& scenario) {
    Finding finding{number, rule.text, "", rule.fix, ""};
    try {
        require(scenario.connector && scenario.vendor,
                "the scenario lacks a connector or a vendor");
        rule.check(scenario);
    } catch (const NotRun& reason) {
        finding.notRun = reason.what();
    } catch (const std::exception& error) {
        finding.problem = error.what();
    }
    return finding;
}

}  // namespace

std::vector<Finding> examine(const Scenario& scenario, const Progress& progress) {
    std::vector<Finding> findings;
    for (const auto& rule : kRules) {
        findings.push_back(findingOf(rule, static_cast<int>(findings.size()) + 1, scenario));
        if (progress) progress(findings.back(), static_cast<int>(kRules.size()));
    }
    return findings;
}

void print(const Finding& finding, std::ostream& out) {
    const char* mark = !finding.problem.empty() ? "FAIL "
                       : finding.notRun.empty() ? "ok   "
                                                : "skip ";
    out << mark << finding.number << " " << finding.rule << "\n";
    if (!finding.notRun.empty()) out << "       not run: " << finding.notRun << "\n";
    if (!finding.problem.empty())
        out << "       problem: " << finding.problem << "\n       fix:     " << finding.fix << "\n";
}

int report(const Scenario& scenario, std::ostream& out) {
    int failed = 0;
    int skipped = 0;
    examine(scenario, [&](const Finding& finding, int) {
        print(finding, out);
        failed += finding.problem.empty() ? 0 : 1;
        skipped += finding.notRun.empty() ? 0 : 1;
    });
    if (failed > 0)
        out << failed << " checks fail.\n";
    else if (skipped > 0)
        out << "The connector conforms in what was checked; " << skipped
            << " checks were not run.\n";
    else
        out << "The connector conforms.\n";
    return failed == 0 ? 0 : 1;
}

}  // namespace concordat::sdk::conformance
