// SPDX-License-Identifier: Apache-2.0
#pragma once
// The reading side of one system: webhooks, pages, held-back records, the drift sweep.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "hub/host/connector.h"
#include "hub/sync/observe.h"
#include "hub/sync/standing.h"

namespace concordat::sync {

/// [lane] A PluginError of the connector passes through; what was read before it is kept.
class Intake {
 public:
    Intake(Core& core, const SystemPlan& plan, host::Connector& connector, Observer& observer);

    /// Does what is due once. True if there may be more to do at once.
    bool step();
    /// When something will be due without anybody's call.
    EpochMs nextAt() const;
    /// Pages and reads that were answered so far.
    std::int64_t calls() const { return calls_; }
    /// The next step pulls, whatever the interval says.
    void pullNow() { nextPullAt_ = 0; }

 private:
    void checkTenant();
    bool takeWebhooks();
    void parse(const store::Webhook& webhook,
               std::vector<Sighting>& sightings,
               std::map<sdk::RecordRef, EpochMs>& toRead);
    bool takeHeldBack();
    bool pull();
    void reachedEnd();
    void openIfReady(Unit& unit);
    bool sweep();
    void reconsider();
    void learnQuota();

    /// Reads the records, in batches; the missing ones are closed in the last unit.
    sdk::ReadReply read(const std::vector<sdk::RecordRef>& refs, host::Priority priority);
    /// Observes; what was stale or incomplete is read once more first. `last` runs in the last
    /// unit.
    void takeIn(std::vector<Sighting> sightings, const std::function<void(Unit&)>& last);
    void readAndTakeIn(const std::map<sdk::RecordRef, EpochMs>& refs,
                       Source source,
                       const std::function<void(Unit&)>& last);

    Core& core_;
    const SystemPlan& plan_;
    host::Connector& connector_;
    Observer& observer_;
    std::map<std::string, int> parseFailures_;
    bool knowsHealth_ = false;
    std::int64_t calls_ = 0;
    EpochMs nextCheckAt_ = 0;
    EpochMs nextPullAt_ = 0;
    EpochMs nextSweepAt_ = 0;
    EpochMs nextReconsiderAt_ = 0;
    EpochMs nextHealthAt_ = 0;
    std::int64_t intervalMs_;
};

}  // namespace concordat::sync
