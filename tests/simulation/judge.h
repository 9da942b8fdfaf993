// SPDX-License-Identifier: Apache-2.0
#pragma once
// Holds the hub to the invariants of consent-rules.md section 8 while it works and when it rests.

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hub/store/store.h"
#include "tests/simulation/company.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/truth.h"

namespace concordat::simulation {

/// What was broken. `rule`: "invariant 3", "property", … and what kind, the same for every seed.
struct Violation {
    std::string rule;
    std::string text;
    std::string subject;
    int person = -1;
    EpochMs at = 0;  ///< real time
};

using Answers = std::map<Key, Verdict>;

/// Times the judge cannot know by itself.
struct Moment {
    EpochMs real = 0;
    EpochMs hub = 0;
};

class Judge {
 public:
    Judge(const Scenario& scenario, Company& company, Truth& truth, FakeClock& clock);

    /// What the store holds now is compared with what it held and with what it should.
    void look(store::Store& store, Moment now);
    /// The store went back in time, on purpose: nothing of before counts.
    void lookAnew(store::Store& store);
    /// A row was shown to the hub, or said to be missing.
    void served(int system, const sdk::RecordRef& ref, const sdk::Observation* observation);
    /// A write begins, before the vendor sees it.
    void writeStarts(int system, const sdk::ApplyItem& item);
    /// A slot of a row changed.
    void changed(int system, const sync::test::RowChange& change);
    /// A write of ours committed after its request was given up.
    void committedLate(int system, const sdk::RecordRef& ref, const std::string& slot);
    /// A person stopped loosening writes, or all; false: no more.
    void stopped(int system, bool all, bool isOn);
    /// A person wants the value before ours back (rule 12).
    void givesBack(int system, const sdk::RecordRef& ref) { givenBack_.insert({system, ref}); }
    /// Nothing is held against the hub before now: it was down, or a system was.
    void excuse(int system);
    void excuseAll();
    /// Time passes; what is lax for too long is said.
    void tick(store::Store& store, Moment now);
    /// True if an answer may change by itself in this time.
    bool changesByTime(EpochMs from, EpochMs to) const;
    /// Everything is calm: systems hold what the ledger asks.
    void atRest(store::Store& store, Moment now);

    std::optional<Violation> violation;
    const Ledger& ledger() const { return ledger_; }
    const std::set<std::string>& subjects() const { return subjects_; }
    std::string subjectOf(int system, const sdk::RecordRef& ref) const;
    std::string subjectOfPerson(int person) const;
    const Answers& answers(const std::string& subject) { return answers_[subject]; }
    void accuse(const std::string& rule, const std::string& text, const std::string& subject);
    int checks = 0;

 private:
    using SlotName = std::tuple<int, sdk::RecordRef, std::string>;
    struct Past {
        EpochMs until = 0;
        Answers answers;
    };
    /// `isNews`: what is in the ledger for the first time came just now.
    void refresh(store::Reader& reader, const std::string& subject, bool isNews);
    void takeEvents(const std::string& subject, std::vector<Event> events, bool isNews);
    void checkEvent(const Event& event);
    void noteKnown(const Event& event);
    void takeAnswers(const std::string& subject,
                     const std::vector<store::EffectiveRow>& rows,
                     Moment now);
    void checkStep(const std::string& subject,
                   const Answers& before,
                   const Answers& after,
                   Moment now);
    void checkAnswers(const std::string& subject, Moment now);
    void checkTruth(const std::string& subject, bool atRest);
    void checkKept();
    void watch(const std::string& subject);
    std::set<std::string> concerned(const std::set<std::string>& dirty) const;
    std::set<int> peopleOf(const std::string& subject) const;
    std::set<Key> keysOfSlot(const consent::SlotRules& rules) const;
    std::optional<bool> wish(const System& system,
                             const consent::SlotRules& rules,
                             const Answers& answers) const;
    bool isAllPermit(const consent::SlotRules& rules, const Answers& answers) const;
    void checkStops(int system, const sdk::ApplyItem& item);
    void tickLate(Moment now);
    bool mayLoosen(int system, const sdk::RecordRef& ref, const consent::SlotRules& rules);
    void checkRow(store::Reader& reader, int system, const sdk::RecordRef& ref, Moment now);
    void noteRows(store::Reader& reader, std::set<std::string>& dirty);
    std::string words(int system, const sdk::RecordRef& ref, const std::string& slot) const;

    const Scenario& scenario_;
    Company& company_;
    Truth& truth_;
    FakeClock& clock_;
    Ledger ledger_;
    std::set<std::string> subjects_;
    std::map<std::string, Answers> answers_;
    std::map<std::string, std::deque<Past>> past_;
    std::map<std::string, std::vector<Event>> fresh_;  // appended since the last look
    std::map<std::string, std::map<std::pair<std::string, sdk::RecordRef>, std::set<std::string>>>
        held_;  // points of each record of a subject
    std::map<std::string, std::set<std::string>> claimed_;
    std::map<RowName, std::string> shown_;  // who a row said it is, when last served
    std::map<RowName, EpochMs> servedAt_;
    std::set<RowName> toLookAt_;
    std::map<SlotName, EpochMs> lax_;
    std::map<SlotName, std::pair<EpochMs, sdk::Shown>> firstSight_;
    std::map<std::pair<RowName, std::string>, std::int64_t> started_;
    std::set<RowName> givenBack_;
    std::map<std::pair<int, bool>, EpochMs> stops_;  // since when; true: all writes
    std::map<SlotName, EpochMs> late_;               // until when it must be found and overwritten
    std::map<int, EpochMs> excusedUntil_;
    std::map<int, std::string> systemNames_;
    std::int64_t lastChange_ = 0;
};

}  // namespace concordat::simulation
