// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/store/documents.h"
#include "hub/store/id_maker.h"
#include "hub/store/reading.h"

namespace concordat::store {

/// What a commit leaves besides the rows of its units.
struct Outgoing {
    std::vector<Change> changes;
    std::vector<JournalEntry> entries;
};

/// What grows from commit to commit.
struct Progress {
    IdMaker ids;
    EpochMs observedAt = 0;
    std::int64_t lastChange = 0;
    std::int64_t lastSuppression = 0;
};

/// The writer that units of work are handed. Notes what must leave with the commit in `outgoing`.
class UnitWriter final : public Reading<Writer> {
 public:
    UnitWriter(Tables& tables, const Clock& now, const Vault& vault, Progress& progress);

    /// Subjects made from now on share a shard: those of one commit then lie side by side, and
    /// making them touches few pages.
    void drawShard();

    std::string newId() override;
    std::string newSubject(EpochMs now) override;
    EpochMs observedAt(EpochMs now) override;
    void lock(const std::string& subject) override;
    void claim(const std::string& subject, const consent::Point& point) override;
    void release(const std::string& subject, const std::string& pointHash) override;

    void append(const consent::Event& event) override;
    void putEffective(const std::string& subject, const std::vector<EffectiveRow>& rows) override;
    void put(const Record& record) override;
    void put(const Target& target) override;
    void put(const TargetRecord& targetRecord) override;
    void removeTarget(const std::string& subject, const std::string& system) override;
    void add(const Delivery& delivery) override;
    bool add(const InboxItem& item) override;
    void close(const InboxItem& item) override;
    bool add(const Incident& incident) override;
    void resolveIncidents(const std::string& dedupe, EpochMs now) override;
    bool add(const Webhook& webhook) override;
    void removeWebhook(const std::string& id) override;
    void putProblem(const std::string& webhookId, const std::string& problem) override;
    void putCursor(const std::string& system,
                   const std::string& lane,
                   const std::string& cursor) override;
    void put(const Tombstone& tombstone) override;
    void put(const Document& document) override;
    void removeDocument(const std::string& kind, const std::string& id) override;
    void endRecovery() override;
    std::vector<Target> claimDue(const std::string& system,
                                 const std::string& owner,
                                 EpochMs now,
                                 EpochMs leaseUntil,
                                 int limit) override;
    /// Includes what this commit has not written yet.
    std::vector<Change> changesAfter(std::int64_t sequence, int limit) override;

    Outgoing outgoing;

 private:
    void tell(Change change);
    void journal(JournalEntry entry, const std::string& subject, const std::string& id);

    Progress& progress_;
    const Vault& vault_;
    std::string shard_;
};

/// The note that holds how many events were replayed from the journal, until the recovery ended.
constexpr auto kRecoveryNote = "recovery";

}  // namespace concordat::store
