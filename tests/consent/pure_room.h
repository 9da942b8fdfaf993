// SPDX-License-Identifier: Apache-2.0
#pragma once
// A hub of pure functions only, for text cases: a ledger, shadows, and the rules between them.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hub/consent/desired.h"
#include "hub/consent/observe.h"

namespace concordat::tests {

/// One slot of the company and the system it belongs to.
struct CompanySlot {
    std::string system;
    consent::SlotRules rules;
};

struct Company {
    consent::Policy policy;
    std::map<std::string, CompanySlot> slots;
    std::map<std::string, std::int64_t> commitDelayMs;
};

/// One reading of one slot, as a case tells it.
struct Seen {
    std::string slot;
    std::string subject = "ana";
    sdk::SlotReading reading;
    consent::RecordView record;
};

/// What became of the last reading.
struct Became {
    consent::Freshness freshness = consent::Freshness::Fresh;
    consent::SlotResult result;
    std::string eventId;
};

class PureRoom {
 public:
    explicit PureRoom(Company company) : company_(std::move(company)) {}

    /// Appends; gives it an id if it has none.
    std::string append(consent::Event event);
    void see(Seen seen, const std::string& eventId);
    /// A write of ours; `finishedAt` 0: its outcome is unknown.
    void write(const std::string& slot, const std::string& record, const consent::Sent& sent);
    void holds(const std::string& subject, const std::string& point);
    void erase(const std::string& point, consent::EpochMs at) { tombstones_[point] = at; }

    consent::Effective answer(const std::string& subject,
                              const consent::Key& key,
                              consent::EpochMs now) const;
    consent::Desired desired(const std::string& subject,
                             const std::string& slot,
                             const std::string& record,
                             consent::EpochMs now) const;
    const Became& became() const { return became_; }
    /// What was last seen there; nothing if it never was.
    std::optional<consent::SlotShadow> shadow(const std::string& slot,
                                              const std::string& record) const;
    const Company& company() const { return company_; }
    std::vector<consent::Event> eventsOf(const std::string& subject) const {
        return history(subject).events;
    }

 private:
    struct Kept {
        std::optional<consent::SlotShadow> shadow;
        consent::EpochMs writeBegan = 0;
        consent::EpochMs writeEnded = 0;
        std::vector<std::string> points;
    };

    consent::History history(const std::string& subject) const;
    std::vector<consent::KeyAnswer> answers(const std::string& subject,
                                            const consent::SlotRules& rules,
                                            consent::EpochMs now) const;

    Company company_;
    std::vector<consent::Event> ledger_;
    std::map<std::string, Kept> kept_;  ///< by "slot of record"
    std::map<std::string, std::vector<std::string>> points_;
    std::map<std::string, consent::EpochMs> tombstones_;
    Became became_;
};

}  // namespace concordat::tests
