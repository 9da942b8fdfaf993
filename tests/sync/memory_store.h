// SPDX-License-Identifier: Apache-2.0
#pragma once
// A store in memory that can die at any unit of work.

#include <map>
#include <mutex>
#include <set>
#include <stdexcept>

#include "hub/store/store.h"

namespace concordat::sync::test {

/// The program died here.
struct Crash : std::runtime_error {
    Crash() : std::runtime_error("the program died") {}
};

struct State {
    using Ref = std::pair<std::string, sdk::RecordRef>;
    using Row = std::tuple<std::string, std::string, sdk::RecordRef>;
    std::int64_t lastId = 0;
    store::EpochMs lastObservedAt = 0;
    bool recovered = false;
    std::set<std::string> subjects;
    std::map<std::string, std::vector<consent::Point>> claims;
    std::vector<consent::Event> events;
    std::map<std::string, std::vector<store::EffectiveRow>> effective;
    std::map<Ref, store::Record> records;
    std::map<std::pair<std::string, std::string>, store::Target> targets;
    std::map<Row, store::TargetRecord> rows;
    std::vector<store::Delivery> deliveries;
    std::vector<store::InboxItem> inbox;
    std::vector<store::Incident> incidents;
    std::vector<store::Webhook> webhooks;
    std::map<std::pair<std::string, std::string>, std::string> cursors;
    std::map<std::string, store::Tombstone> tombstones;
    std::map<std::pair<std::string, std::string>, store::Document> documents;
};

class MemoryStore : public store::Store {
 public:
    void read(const std::function<void(store::Reader&)>& work) override;
    void write(const std::function<void(store::Writer&)>& work) override;
    store::Recovery recovery() const override { return recovery_; }
    void backup(const std::string&, const std::function<void(double)>&) override {}
    std::vector<std::string> integrityProblems() override { return {}; }

    /// Dies in the unit after `units` more; half of the times that unit is durable all the same.
    void dieAfter(int units, bool durable);
    bool isDead() const { return isDead_; }
    void revive() { isDead_ = false; }
    void setRecovery(store::Recovery recovery) { recovery_ = recovery; }

    State state;
    int units = 0;

 private:
    std::recursive_mutex mutex_;
    std::optional<int> unitsLeft_;
    bool durable_ = false;
    bool isDead_ = false;
    store::Recovery recovery_;
};

}  // namespace concordat::sync::test
