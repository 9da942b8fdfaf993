// SPDX-License-Identifier: Apache-2.0
#include "tests/sync/memory_store.h"

#include <algorithm>

namespace concordat::sync::test {

namespace {

using namespace store;

class MemoryWriter : public Writer {
 public:
    explicit MemoryWriter(State& state) : s_(state) {}

    bool subjectExists(const std::string& subject) override {
        return s_.subjects.contains(subject);
    }
    std::vector<std::string> subjectsHolding(const std::string& hash) override {
        std::set<std::string> found;
        for (const auto& [key, record] : s_.records)
            for (const auto& point : record.points)
                if (!record.closed && point.hash == hash) found.insert(record.subject);
        for (const auto& [subject, points] : s_.claims)
            for (const auto& point : points)
                if (point.hash == hash) found.insert(subject);
        return {found.begin(), found.end()};
    }
    std::vector<consent::Point> claims(const std::string& subject) override {
        const auto found = s_.claims.find(subject);
        return found == s_.claims.end() ? std::vector<consent::Point>{} : found->second;
    }
    std::vector<consent::Event> events(const std::string& subject) override {
        std::vector<consent::Event> found;
        for (const auto& event : s_.events)
            if (event.subject == subject) found.push_back(event);
        return found;
    }
    std::optional<consent::Event> event(const std::string& id) override {
        for (const auto& event : s_.events)
            if (event.id == id) return event;
        return std::nullopt;
    }
    std::vector<consent::Event> eventsBinding(const std::string& hash) override {
        std::vector<consent::Event> found;
        for (const auto& event : s_.events)
            if (consent::isRestriction(event.decision) &&
                std::count(event.points.begin(), event.points.end(), hash) > 0)
                found.push_back(event);
        return found;
    }
    std::vector<EffectiveRow> effective(const std::string& subject) override {
        return s_.effective[subject];
    }
    std::vector<std::string> subjectsToReconsider(EpochMs now, int limit) override {
        std::vector<std::string> found;
        for (const auto& [subject, rows] : s_.effective)
            if (static_cast<int>(found.size()) < limit &&
                std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
                    return row.effective.nextChange && *row.effective.nextChange <= now;
                }))
                found.push_back(subject);
        return found;
    }
    std::optional<Record> record(const std::string& system, const sdk::RecordRef& ref) override {
        const auto found = s_.records.find({system, ref});
        return found == s_.records.end() ? std::nullopt : std::optional(found->second);
    }
    std::vector<Record> recordsOf(const std::string& subject) override {
        std::vector<Record> found;
        for (const auto& [key, record] : s_.records)
            if (record.subject == subject) found.push_back(record);
        return found;
    }
    std::vector<Record> recordsOf(const std::string& subject, const std::string& system) override {
        auto found = recordsOf(subject);
        std::erase_if(found, [&](const auto& record) { return record.system != system; });
        return found;
    }
    std::vector<Record> records(const std::string& system, const Slice& slice) override {
        std::vector<Record> found;
        bool isAfter = slice.after.empty();
        for (const auto& [key, record] : s_.records) {
            if (key.first != system) continue;
            if (isAfter && static_cast<int>(found.size()) < slice.limit) found.push_back(record);
            isAfter = isAfter || cursorOf(record) == slice.after;
        }
        return found;
    }
    std::int64_t recordCount(const std::string& system) override {
        return std::count_if(s_.records.begin(), s_.records.end(),
                             [&](const auto& entry) { return entry.first.first == system; });
    }
    std::int64_t subjectCount() override { return static_cast<std::int64_t>(s_.subjects.size()); }

    std::optional<Target> target(const std::string& subject, const std::string& system) override {
        const auto found = s_.targets.find({subject, system});
        return found == s_.targets.end() ? std::nullopt : std::optional(found->second);
    }
    std::vector<TargetRecord> targetRecords(const std::string& subject,
                                            const std::string& system) override {
        std::vector<TargetRecord> found;
        for (const auto& [key, row] : s_.rows)
            if (row.subject == subject && row.system == system) found.push_back(row);
        return found;
    }
    std::vector<TargetRecord> recordsToVerify(const std::string& system,
                                              EpochMs now,
                                              int limit) override {
        std::vector<TargetRecord> found;
        for (const auto& [key, row] : s_.rows)
            if (row.system == system && lookAt(row) > 0 && lookAt(row) <= now &&
                static_cast<int>(found.size()) < limit)
                found.push_back(row);
        return found;
    }
    std::int64_t dueCount(const std::string& system) override {
        return std::count_if(s_.targets.begin(), s_.targets.end(), [&](const auto& entry) {
            return entry.second.system == system && entry.second.dueAt > 0;
        });
    }
    std::optional<EpochMs> nextDue(const std::string& system) override {
        std::optional<EpochMs> next;
        const auto take = [&](EpochMs at) {
            if (at > 0) next = next ? std::min(*next, at) : at;
        };
        for (const auto& [key, target] : s_.targets)
            if (target.system == system && target.dueAt > 0)
                take(std::max(target.dueAt, target.leaseUntil));
        for (const auto& [key, row] : s_.rows)
            if (row.system == system) take(lookAt(row));
        return next;
    }
    std::vector<TargetRecord> parked(const std::string& system, const Slice& slice) override {
        std::vector<TargetRecord> found;
        bool isAfter = slice.after.empty();
        for (const auto& [key, row] : s_.rows) {
            if (row.system != system || !row.parked) continue;
            if (isAfter && static_cast<int>(found.size()) < slice.limit) found.push_back(row);
            isAfter = isAfter || cursorOf(row) == slice.after;
        }
        return found;
    }
    std::vector<Delivery> deliveries(const std::string& subject) override {
        std::vector<Delivery> found;
        for (const auto& delivery : s_.deliveries)
            if (delivery.subject == subject) found.push_back(delivery);
        return found;
    }
    std::vector<Delivery> deliveriesOf(const std::string& system, const Slice&) override {
        std::vector<Delivery> found;
        for (const auto& delivery : s_.deliveries)
            if (delivery.system == system) found.push_back(delivery);
        return found;
    }
    std::vector<InboxItem> inbox(bool openOnly, const Slice&) override {
        auto found = s_.inbox;
        std::erase_if(found, [&](const auto& item) { return openOnly && item.closedAt > 0; });
        return found;
    }
    std::optional<InboxItem> inboxItem(const std::string& id) override {
        for (const auto& item : s_.inbox)
            if (item.id == id) return item;
        return std::nullopt;
    }
    std::vector<InboxItem> inboxOf(const std::string& subject) override {
        auto found = s_.inbox;
        std::erase_if(found, [&](const auto& item) { return item.subject != subject; });
        return found;
    }
    std::vector<Incident> incidents(bool openOnly, const Slice&) override {
        auto found = s_.incidents;
        std::erase_if(found, [&](const auto& item) { return openOnly && item.resolvedAt > 0; });
        return found;
    }
    std::vector<Webhook> webhooks(const std::string& system, int limit) override {
        std::vector<Webhook> found;
        for (const auto& webhook : s_.webhooks)
            if (webhook.system == system && webhook.problem.empty() &&
                static_cast<int>(found.size()) < limit)
                found.push_back(webhook);
        return found;
    }
    std::vector<Webhook> quarantine(const Slice&) override {
        auto found = s_.webhooks;
        std::erase_if(found, [](const auto& webhook) { return webhook.problem.empty(); });
        return found;
    }
    bool webhookWaitsFor(const std::string& system) override {
        return !webhooks(system, 1).empty();
    }
    std::string cursor(const std::string& system, const std::string& lane) override {
        return s_.cursors[{system, lane}];
    }
    std::optional<Tombstone> tombstone(const std::string& hash) override {
        const auto found = s_.tombstones.find(hash);
        return found == s_.tombstones.end() ? std::nullopt : std::optional(found->second);
    }
    std::optional<Document> document(const std::string& kind, const std::string& id) override {
        const auto found = s_.documents.find({kind, id});
        return found == s_.documents.end() ? std::nullopt : std::optional(found->second);
    }
    std::vector<Document> documents(const std::string& kind) override {
        std::vector<Document> found;
        for (const auto& [key, document] : s_.documents)
            if (key.first == kind) found.push_back(document);
        return found;
    }
    std::vector<Change> changesAfter(std::int64_t, int) override { return {}; }

    std::string newId() override {
        auto number = std::to_string(++s_.lastId);
        return "I" + std::string(10 - number.size(), '0') + number;
    }
    std::string newSubject(EpochMs) override {
        auto id = "S" + newId();
        s_.subjects.insert(id);
        return id;
    }
    EpochMs observedAt(EpochMs now) override {
        return s_.lastObservedAt = std::max(s_.lastObservedAt, now);
    }
    void endRecovery() override { s_.recovered = true; }
    void lock(const std::string& subject) override {
        if (!s_.subjects.contains(subject)) throw std::logic_error("no subject " + subject);
    }
    void claim(const std::string& subject, const consent::Point& point) override {
        s_.claims[subject].push_back(point);
    }
    void release(const std::string& subject, const std::string& hash) override {
        std::erase_if(s_.claims[subject], [&](const auto& point) { return point.hash == hash; });
    }
    void append(const consent::Event& event) override {
        if (!this->event(event.id)) s_.events.push_back(event);
    }
    void putEffective(const std::string& subject, const std::vector<EffectiveRow>& rows) override {
        s_.effective[subject] = rows;
    }
    void put(const Record& record) override { s_.records[{record.system, record.ref}] = record; }
    void put(const Target& target) override {
        s_.targets[{target.subject, target.system}] = target;
    }
    void put(const TargetRecord& row) override {
        s_.rows[{row.subject, row.system, row.ref}] = row;
    }
    void removeTarget(const std::string& subject, const std::string& system) override {
        s_.targets.erase({subject, system});
        std::erase_if(s_.rows, [&](const auto& entry) {
            return entry.second.subject == subject && entry.second.system == system;
        });
    }
    void add(const Delivery& delivery) override { s_.deliveries.push_back(delivery); }
    bool add(const InboxItem& item) override {
        for (const auto& known : s_.inbox)
            if (known.closedAt == 0 && known.dedupe == item.dedupe) return false;
        s_.inbox.push_back(item);
        return true;
    }
    void close(const InboxItem& item) override {
        for (auto& known : s_.inbox)
            if (known.id == item.id) known = item;
    }
    bool add(const Incident& incident) override {
        for (const auto& known : s_.incidents)
            if (known.resolvedAt == 0 && known.dedupe == incident.dedupe) return false;
        s_.incidents.push_back(incident);
        return true;
    }
    void resolveIncidents(const std::string& dedupe, EpochMs now) override {
        for (auto& known : s_.incidents)
            if (known.resolvedAt == 0 && known.dedupe == dedupe) known.resolvedAt = now;
    }
    bool add(const Webhook& webhook) override {
        for (const auto& known : s_.webhooks)
            if (!webhook.dedupe.empty() && known.system == webhook.system &&
                known.dedupe == webhook.dedupe)
                return false;
        s_.webhooks.push_back(webhook);
        return true;
    }
    void removeWebhook(const std::string& id) override {
        std::erase_if(s_.webhooks, [&](const auto& webhook) { return webhook.id == id; });
    }
    void putProblem(const std::string& id, const std::string& problem) override {
        for (auto& webhook : s_.webhooks)
            if (webhook.id == id) webhook.problem = problem;
    }
    void putCursor(const std::string& system,
                   const std::string& lane,
                   const std::string& cursor) override {
        s_.cursors[{system, lane}] = cursor;
    }
    void put(const Tombstone& tombstone) override { s_.tombstones[tombstone.hash] = tombstone; }
    void put(const Document& document) override {
        s_.documents[{document.kind, document.id}] = document;
    }
    void removeDocument(const std::string& kind, const std::string& id) override {
        s_.documents.erase({kind, id});
    }
    std::vector<Target> claimDue(const std::string& system,
                                 const std::string& owner,
                                 EpochMs now,
                                 EpochMs leaseUntil,
                                 int limit) override {
        std::vector<Target*> due;
        for (auto& [key, target] : s_.targets)
            if (target.system == system && target.dueAt > 0 && target.dueAt <= now &&
                target.leaseUntil <= now)
                due.push_back(&target);
        std::stable_sort(due.begin(), due.end(), [](const Target* a, const Target* b) {
            return std::tuple(!a->tightening, a->dueAt) < std::tuple(!b->tightening, b->dueAt);
        });
        std::vector<Target> claimed;
        for (auto* target : due) {
            if (static_cast<int>(claimed.size()) == limit) break;
            target->leaseOwner = owner;
            target->leaseUntil = leaseUntil;
            ++target->fence;
            claimed.push_back(*target);
        }
        return claimed;
    }

 private:
    static EpochMs lookAt(const TargetRecord& row) {
        if (row.verifyAt == 0 || row.retryAt == 0) return std::max(row.verifyAt, row.retryAt);
        return std::min(row.verifyAt, row.retryAt);
    }

    State& s_;
};

}  // namespace

void MemoryStore::read(const std::function<void(Reader&)>& work) {
    const std::lock_guard lock(mutex_);
    if (isDead_) throw Crash();
    MemoryWriter writer(state);
    work(writer);
}

void MemoryStore::write(const std::function<void(Writer&)>& work) {
    const std::lock_guard lock(mutex_);
    if (isDead_) throw Crash();
    auto copy = state;
    MemoryWriter writer(copy);
    work(writer);
    ++units;
    const bool dies = unitsLeft_ && (*unitsLeft_)-- <= 0;
    if (!dies || durable_) state = std::move(copy);
    if (!dies) return;
    unitsLeft_.reset();
    isDead_ = true;
    throw Crash();
}

void MemoryStore::dieAfter(int unitsLeft, bool durable) {
    unitsLeft_ = unitsLeft;
    durable_ = durable;
}

}  // namespace concordat::sync::test
