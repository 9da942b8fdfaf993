// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/store/sealed_row.h"
#include "hub/store/tables.h"

namespace concordat::store {

/// Answers the questions of `Promise`, which is Reader or Writer, from the tables of one
/// connection.
template <class Promise>
class Reading : public Promise {
 public:
    Reading(Tables& tables, const Clock& now) : tables_(tables), now_(now) {}

    bool subjectExists(const std::string& subject) override {
        return isSubjectId(subject) && tables_.subjects.exists(subject);
    }
    std::vector<std::string> subjectsHolding(const std::string& pointHash) override {
        return tables_.subjects.holding(pointHash);
    }
    std::vector<consent::Point> claims(const std::string& subject) override {
        return tables_.subjects.claims(subject);
    }
    std::vector<consent::Event> events(const std::string& subject) override {
        return tables_.events.of(subject);
    }
    std::optional<consent::Event> event(const std::string& id) override {
        return tables_.events.byId(id);
    }
    std::vector<consent::Event> eventsBinding(const std::string& pointHash) override {
        return tables_.events.binding(pointHash);
    }
    std::vector<EffectiveRow> effective(const std::string& subject) override {
        return tables_.events.effective(subject);
    }
    std::vector<std::string> subjectsToReconsider(EpochMs now, int limit) override {
        return tables_.events.toReconsider(now, limit);
    }

    std::optional<Record> record(const std::string& system, const sdk::RecordRef& ref) override {
        return tables_.records.find(system, ref);
    }
    std::vector<Record> recordsOf(const std::string& subject) override {
        return tables_.records.of(subject);
    }
    std::vector<Record> recordsOf(const std::string& subject, const std::string& system) override {
        return tables_.records.of(subject, system);
    }
    std::vector<Record> records(const std::string& system, const Slice& slice) override {
        return tables_.records.page(system, slice);
    }
    std::int64_t recordCount(const std::string& system) override {
        return tables_.subjects.count(recordCounter(system));
    }
    std::int64_t subjectCount() override { return tables_.subjects.count("subjects"); }

    std::optional<Target> target(const std::string& subject, const std::string& system) override {
        return tables_.targets.find(subject, system);
    }
    std::vector<TargetRecord> targetRecords(const std::string& subject,
                                            const std::string& system) override {
        return tables_.targets.records(subject, system);
    }
    std::vector<TargetRecord> recordsToVerify(const std::string& system,
                                              EpochMs now,
                                              int limit) override {
        return tables_.targets.toVerify(system, now, limit);
    }
    std::int64_t dueCount(const std::string& system) override {
        return tables_.targets.dueCount(system);
    }
    std::optional<EpochMs> nextDue(const std::string& system) override {
        return tables_.targets.nextDue(system);
    }
    std::vector<TargetRecord> parked(const std::string& system, const Slice& slice) override {
        return tables_.targets.parked(system, slice);
    }

    std::vector<Delivery> deliveries(const std::string& subject) override {
        return tables_.history.deliveries(subject);
    }
    std::vector<Delivery> deliveriesOf(const std::string& system, const Slice& slice) override {
        return tables_.history.deliveriesOf(system, slice);
    }
    std::vector<InboxItem> inbox(bool openOnly, const Slice& slice) override {
        return tables_.history.inbox(openOnly, slice);
    }
    std::optional<InboxItem> inboxItem(const std::string& id) override {
        return tables_.history.inboxItem(id);
    }
    std::vector<InboxItem> inboxOf(const std::string& subject) override {
        return tables_.history.inboxOf(subject);
    }
    std::vector<Incident> incidents(bool openOnly, const Slice& slice) override {
        return tables_.history.incidents(openOnly, slice);
    }

    std::vector<Webhook> webhooks(const std::string& system, int limit) override {
        return tables_.webhooks.waiting(system, limit);
    }
    std::vector<Webhook> quarantine(const Slice& slice) override {
        return tables_.webhooks.quarantine(slice);
    }
    bool webhookWaitsFor(const std::string& system) override {
        return tables_.webhooks.waitsFor(system);
    }

    std::string cursor(const std::string& system, const std::string& lane) override {
        return tables_.small.cursor(system, lane);
    }
    std::optional<Tombstone> tombstone(const std::string& pointHash) override {
        return tables_.small.tombstone(pointHash);
    }
    std::optional<Document> document(const std::string& kind, const std::string& id) override {
        return tables_.small.document(kind, id, now_());
    }
    std::vector<Document> documents(const std::string& kind) override {
        return tables_.small.documents(kind, now_());
    }
    std::vector<Change> changesAfter(std::int64_t sequence, int limit) override {
        return tables_.small.changesAfter(sequence, limit);
    }

 protected:
    Tables& tables_;
    const Clock& now_;
};

}  // namespace concordat::store
