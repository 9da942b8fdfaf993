// SPDX-License-Identifier: Apache-2.0
#pragma once
// The store's promise to the other rooms. Implementations pass tests/store's contract suite.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/consent/error.h"
#include "hub/store/rows.h"

namespace concordat::store {

/// Where a page of a listing goes on; empty at the start and at the end.
struct Slice {
    std::string after;
    int limit = 100;
};

/// What goes into `Slice::after` to go on behind this row.
std::string cursorOf(const Record& record);
std::string cursorOf(const TargetRecord& targetRecord);

/// A consistent view of the store. Valid inside the function it was handed to, on that thread.
class Reader {
 public:
    virtual ~Reader() = default;

    virtual bool subjectExists(const std::string& subject) = 0;
    /// Subjects that hold this identifier through an open record or a claim. Several: role
    /// mailboxes, ambiguous matches.
    virtual std::vector<std::string> subjectsHolding(const std::string& pointHash) = 0;
    /// The identifiers this subject holds without a record.
    virtual std::vector<consent::Point> claims(const std::string& subject) = 0;
    virtual std::vector<consent::Event> events(const std::string& subject) = 0;
    virtual std::optional<consent::Event> event(const std::string& id) = 0;
    /// Restrictions of any subject that bind this address or number, and the voided events that
    /// name them, oldest first.
    virtual std::vector<consent::Event> eventsBinding(const std::string& pointHash) = 0;
    virtual std::vector<EffectiveRow> effective(const std::string& subject) = 0;
    /// Subjects with a key whose answer time alone may have changed.
    virtual std::vector<std::string> subjectsToReconsider(EpochMs now, int limit) = 0;

    virtual std::optional<Record> record(const std::string& system, const sdk::RecordRef& ref) = 0;
    virtual std::vector<Record> recordsOf(const std::string& subject) = 0;
    virtual std::vector<Record> recordsOf(const std::string& subject,
                                          const std::string& system) = 0;
    /// Records of a system in (object, id) order, for the drift sweep. `after` is the cursor of the
    /// last one.
    virtual std::vector<Record> records(const std::string& system, const Slice& slice) = 0;
    /// Open records: neither deleted, closed nor merged away.
    virtual std::int64_t recordCount(const std::string& system) = 0;
    virtual std::int64_t subjectCount() = 0;

    virtual std::optional<Target> target(const std::string& subject, const std::string& system) = 0;
    virtual std::vector<TargetRecord> targetRecords(const std::string& subject,
                                                    const std::string& system) = 0;
    /// Records whose write must be looked at again by `now`: verifications, retries, pending jobs.
    virtual std::vector<TargetRecord> recordsToVerify(const std::string& system,
                                                      EpochMs now,
                                                      int limit) = 0;
    virtual std::int64_t dueCount(const std::string& system) = 0;
    /// When the earliest due target or verification of the system falls due; nothing: none.
    virtual std::optional<EpochMs> nextDue(const std::string& system) = 0;
    virtual std::vector<TargetRecord> parked(const std::string& system, const Slice& slice) = 0;

    virtual std::vector<Delivery> deliveries(const std::string& subject) = 0;
    /// Newest first; `after` is the id of the last one, as in all listings below.
    virtual std::vector<Delivery> deliveriesOf(const std::string& system, const Slice& slice) = 0;
    /// Oldest first.
    virtual std::vector<InboxItem> inbox(bool openOnly, const Slice& slice) = 0;
    virtual std::optional<InboxItem> inboxItem(const std::string& id) = 0;
    virtual std::vector<InboxItem> inboxOf(const std::string& subject) = 0;
    /// Newest first.
    virtual std::vector<Incident> incidents(bool openOnly, const Slice& slice) = 0;

    virtual std::vector<Webhook> webhooks(const std::string& system,
                                          int limit) = 0;  ///< undecided and not in quarantine,
                                                           ///< oldest first
    virtual std::vector<Webhook> quarantine(const Slice& slice) = 0;
    virtual bool webhookWaitsFor(const std::string& system) = 0;

    virtual std::string cursor(const std::string& system, const std::string& lane) = 0;
    virtual std::optional<Tombstone> tombstone(const std::string& pointHash) = 0;
    virtual std::optional<Document> document(const std::string& kind, const std::string& id) = 0;
    virtual std::vector<Document> documents(const std::string& kind) = 0;
    virtual std::vector<Change> changesAfter(std::int64_t sequence, int limit) = 0;
};

/// One unit of work. What it reads includes what it wrote. All of it becomes durable, or none.
/// A row added without an id gets one.
class Writer : public Reader {
 public:
    /// A new id (ULID) that sorts after every earlier one of this store; of a subject it begins
    /// with its shard.
    virtual std::string newId() = 0;
    virtual std::string newSubject(EpochMs now) = 0;
    /// `now` for `Event::observedAt`: never before one given out earlier, also after a restart or a
    /// jump of the clock.
    virtual EpochMs observedAt(EpochMs now) = 0;
    /// Locks the subject's row against other writers of other nodes; first in every unit that
    /// touches a subject.
    virtual void lock(const std::string& subject) = 0;
    /// Claims an identifier that no record holds (a choice said to the hub by an address).
    virtual void claim(const std::string& subject, const consent::Point& point) = 0;
    virtual void release(const std::string& subject, const std::string& pointHash) = 0;

    /// Appends to the ledger; an event id already there changes nothing. Tightening events also
    /// reach the journal.
    virtual void append(const consent::Event& event) = 0;
    /// Replaces every row of the subject.
    virtual void putEffective(const std::string& subject,
                              const std::vector<EffectiveRow>& rows) = 0;
    virtual void put(const Record& record) = 0;
    virtual void put(const Target& target) = 0;
    virtual void put(const TargetRecord& targetRecord) = 0;
    virtual void removeTarget(const std::string& subject, const std::string& system) = 0;
    virtual void add(const Delivery& delivery) = 0;
    /// False if an open item with the same `dedupe` is there already.
    virtual bool add(const InboxItem& item) = 0;
    virtual void close(const InboxItem& item) = 0;
    virtual bool add(const Incident& incident) = 0;
    virtual void resolveIncidents(const std::string& dedupe, EpochMs now) = 0;
    /// False if this delivery (system, dedupe) came before.
    virtual bool add(const Webhook& webhook) = 0;
    /// Decided: body and headers go now, its `dedupe` is remembered for at least seven days.
    virtual void removeWebhook(const std::string& id) = 0;
    /// Puts it into quarantine and counts an attempt; an empty problem takes it out again.
    virtual void putProblem(const std::string& webhookId, const std::string& problem) = 0;
    virtual void putCursor(const std::string& system,
                           const std::string& lane,
                           const std::string& cursor) = 0;
    virtual void put(const Tombstone& tombstone) = 0;
    virtual void put(const Document& document) = 0;
    virtual void removeDocument(const std::string& kind, const std::string& id) = 0;

    /// Every system was read again after a restored backup: the next start finds no recovery.
    virtual void endRecovery() = 0;

    /// Leases up to `limit` due targets, tightening first, oldest first; each gets a higher fence.
    virtual std::vector<Target> claimDue(const std::string& system,
                                         const std::string& owner,
                                         EpochMs now,
                                         EpochMs leaseUntil,
                                         int limit) = 0;
};

/// Documents of this kind name the subjects whose answers may be older than their events, because
/// these came back from the journal. Sync looks at them anew at its start, and removes them.
inline constexpr auto kReplayedKind = "store.replayed";

/// What the suppression journal and the database say of each other at start. Stays as it is over
/// restarts, until Writer::endRecovery().
struct Recovery {
    bool behindJournal = false;  ///< the database is older than its journal: a backup was restored
    std::int64_t replayed = 0;   ///< tightening events taken back from the journal
};

/// The hub's memory. [any]
class Store {
 public:
    virtual ~Store() = default;
    /// Runs `work` on a read-only view. Throws StoreError.
    virtual void read(const std::function<void(Reader&)>& work) = 0;
    /// Runs `work` as one unit among others of the same commit; returns when it is durable. What
    /// `work` throws is thrown here, and its unit is undone; StoreError if the disk refuses.
    virtual void write(const std::function<void(Writer&)>& work) = 0;
    virtual Recovery recovery() const = 0;
    /// Writes a copy to `path` while the hub runs. Throws StoreError.
    virtual void backup(const std::string& path, const std::function<void(double)>& progress) = 0;
    /// One sentence for each thing that is wrong; empty: sound.
    virtual std::vector<std::string> integrityProblems() = 0;
};

}  // namespace concordat::store
