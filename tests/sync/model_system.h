// SPDX-License-Identifier: Apache-2.0
#pragma once
// A CRM in memory: versions, late visibility, lost replies, refusals; and everything ever written.

#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "hub/host/connector.h"
#include "hub/sync/clock.h"

namespace concordat::sync::test {

class FakeClock : public Clock {
 public:
    EpochMs now() override { return wall; }
    std::chrono::steady_clock::time_point monotonic() override {
        return std::chrono::steady_clock::time_point(std::chrono::milliseconds(tick));
    }
    void advance(EpochMs ms) {
        wall += ms;
        tick += ms;
    }
    /// Somebody sets the machine's clock.
    void jump(EpochMs ms) { wall += ms; }
    /// What a perfect clock would show.
    EpochMs real() const { return kStart + tick - kFirstTick; }

    static constexpr EpochMs kStart = 1'767'225'600'000;  // 2026-01-01
    static constexpr EpochMs kFirstTick = 1'000'000;
    EpochMs wall = kStart;
    EpochMs tick = kFirstTick;
};

class FakeRandom : public Random {
 public:
    explicit FakeRandom(std::uint64_t seed) : engine_(seed) {}
    std::uint64_t next() override { return engine_(); }

 private:
    std::mt19937_64 engine_;
};

/// What may go wrong, in percent of the calls or items.
struct Faults {
    int callFails = 0;     ///< the whole call throws
    int lostReply = 0;     ///< an item is committed, and its outcome unknown
    int neverArrived = 0;  ///< an item is not committed, and its outcome unknown
    int retry = 0;
    int partial = 0;  ///< the second half of a batch gets `retry`
    EpochMs visibleAfterMs = 0;
    int reject = 0;  ///< an item is refused
    int late = 0;    ///< an item commits `lateByMs` later, and its outcome is unknown
    EpochMs lateByMs = 0;
    int stale = 0;  ///< a row is shown as it was `staleByMs` ago
    EpochMs staleByMs = 0;
    int again = 0;  ///< a page shows rows of the page before once more
    int dies = 0;   ///< the connector dies in mid-batch: half is written, nothing is known
};

/// How a system numbers the changes of a row.
enum class Versions { Counter, Seconds, None };

struct Row {
    sdk::RecordRef ref;
    std::vector<sdk::Identifier> identifiers;
    std::map<std::string, sdk::Shown> values;
    std::map<std::string, sdk::VendorTime> times;
    std::map<std::string, sdk::Evidence> evidence;
    std::int64_t version = 0;
    EpochMs modifiedAt = 0;
    EpochMs createdAt = 0;
    bool deleted = false;
    bool organisation = false;
    std::optional<sdk::RecordRef> mergedInto;
    std::optional<sdk::RecordRef> person;
    std::string actor = "user";
};

struct Written {
    EpochMs at = 0;
    sdk::RecordRef ref;
    std::string slot;
    bool permit = false;
    sdk::Shown before = sdk::Shown::None;
    std::int64_t generation = 0;
    bool late = false;
};

/// What happened to one row, for whoever watches the system.
struct RowChange {
    const Row& before;
    const Row& after;
    bool byHub = false;
};

class ModelSystem : public host::Connector {
 public:
    ModelSystem(std::string name, FakeClock& clock, std::uint64_t seed);

    // What people do there.
    sdk::RecordRef create(const std::string& id,
                          const std::string& email,
                          std::map<std::string, sdk::Shown> values);
    void change(const std::string& id, const std::function<void(Row&)>& edit);
    void set(const std::string& id, const std::string& slot, sdk::Shown shown);
    const Row& row(const std::string& id) const;
    sdk::Shown shown(const std::string& id, const std::string& slot) const;
    std::vector<std::string> ids() const;
    sdk::RecordRef add(Row row);
    bool has(const sdk::RecordRef& ref) const { return rows_.contains(ref); }
    void change(const sdk::RecordRef& ref, const std::function<void(Row&)>& edit);
    const Row& row(const sdk::RecordRef& ref) const;
    std::vector<sdk::RecordRef> refs() const;
    /// The loser is gone, and says into which row.
    void merge(const sdk::RecordRef& loser, const sdk::RecordRef& winner);
    /// Back to what it was at `at`, a real time.
    void restore(EpochMs at);
    /// The body of a signed webhook that tells the row's values as they are now.
    std::string snapshot(const sdk::RecordRef& ref);
    /// Commits the late writes whose time has come.
    void settleLate();
    /// The vendor's clock.
    EpochMs now() const { return clock_.real() + skewMs; }

    sdk::Description description() override { return described; }
    sdk::Check check(const host::CallContext& context) override;
    sdk::Discovery discover(const host::CallContext&) override { return {}; }
    sdk::Page pull(const sdk::PullRequest& request, const host::CallContext& context) override;
    sdk::ReadReply read(const std::vector<sdk::RecordRef>& records,
                        const host::CallContext& context) override;
    sdk::FindReply find(const std::vector<sdk::Identifier>&, const host::CallContext&) override {
        return {};
    }
    sdk::ApplyReply apply(const std::vector<sdk::ApplyItem>& items,
                          const host::CallContext& context) override;
    sdk::ApplyReply pollApply(const std::string& token, const host::CallContext&) override;
    sdk::WebhookNews parseWebhook(const sdk::WebhookRequest& request,
                                  const host::CallContext&) override;
    sdk::Subscription subscribeWebhook(const std::string&, const host::CallContext&) override {
        return {};
    }
    std::vector<sdk::Subscription> listWebhooks(const host::CallContext&) override { return {}; }
    void removeWebhook(const std::string&, const host::CallContext&) override {}
    void note(const sdk::RecordRef& record,
              const std::string& text,
              const host::CallContext&) override {
        notes.emplace_back(record, text);
    }
    sdk::Health health(const host::CallContext&) override { return {}; }
    void cancel() override {}

    Faults faults;
    sdk::Description described;
    std::string tenant;
    std::map<std::string, std::map<bool, sdk::Shown>> shows;  ///< slot -> value for permit and deny
    std::function<void(const std::vector<sdk::ApplyItem>&)> beforeApply;
    std::function<void()> afterApply;
    std::function<void()> beforeRead;
    std::string rejects;          ///< refuses every write with these words
    bool ignoresPermits = false;  ///< answers applied and keeps what it had
    bool answersWithValues = false;
    bool isConditional = false;
    std::optional<std::string> pendingToken;  ///< answers pending with it
    bool isDown = false;
    EpochMs skewMs = 0;
    Versions numbering = Versions::Counter;
    bool reportsDeletes = true;
    std::function<void(const RowChange&)> onChange;
    std::function<void(const Written&)> onWrite;
    int duplicates = 0;  ///< rows made twice by one creation key
    std::vector<Written> written;
    std::vector<std::pair<sdk::RecordRef, std::string>> notes;
    int calls = 0;
    int applyCalls = 0;
    int pageSize = 50;

 private:
    struct Version {
        Row row;
        EpochMs at = 0;
        EpochMs visibleAt = 0;
        std::int64_t sequence = 0;
    };
    struct Entry {
        std::int64_t sequence = 0;
        sdk::RecordRef ref;
        EpochMs visibleAt = 0;
    };
    struct Late {
        EpochMs at = 0;
        sdk::ApplyItem item;
    };
    void commit(Row row, EpochMs visibleAfter, bool byHub = false);
    const Version* visible(const sdk::RecordRef& ref, EpochMs at) const;
    const Version* shownNow(const sdk::RecordRef& ref);
    sdk::Observation observation(const Row& row) const;
    std::int64_t versionOf(const Row& row) const;
    sdk::Outcome applyOne(const sdk::ApplyItem& item);
    void write(const sdk::ApplyItem& item, bool isLate);
    void noteCreation(const sdk::ApplyItem& item, const Row& row);
    bool hits(int percent);
    void call();

    const std::string name_;
    FakeClock& clock_;
    std::mt19937_64 engine_;
    std::map<sdk::RecordRef, std::vector<Version>> rows_;
    std::vector<Entry> log_;  // in the order of the changes
    std::vector<Late> late_;
    std::vector<Row> snapshots_;
    std::int64_t sequence_ = 0;
};

}  // namespace concordat::sync::test
