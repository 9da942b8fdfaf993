// SPDX-License-Identifier: Apache-2.0
#include "hub/store/target_rows.h"

#include <algorithm>
#include <tuple>

#include "hub/store/page_cursor.h"
#include "hub/store/sealed_row.h"

namespace concordat::store {

namespace {

Target targetAt(const Statement& statement, std::size_t row) {
    Target target;
    target.subject = statement.text(row, 0);
    target.system = statement.text(row, 1);
    target.generation = statement.number(row, 2);
    target.tightening = statement.number(row, 3) != 0;
    target.dueAt = statement.number(row, 4);
    target.changedAt = statement.number(row, 5);
    target.leaseOwner = statement.text(row, 6);
    target.fence = statement.number(row, 7);
    target.leaseUntil = statement.number(row, 8);
    return target;
}

EpochMs wakeAt(const Target& target) {
    return target.dueAt > 0 ? std::max(target.dueAt, target.leaseUntil) : 0;
}

EpochMs earlierOf(EpochMs a, EpochMs b) {
    if (a <= 0 || b <= 0) return std::max<EpochMs>({a, b, 0});
    return std::min(a, b);
}

std::string contextOf(const std::string& subject,
                      const std::string& system,
                      const sdk::RecordRef& ref) {
    return rowContext({"target_records", subject, system, ref.object, ref.id});
}

constexpr auto kRecordColumns = "ttttb";

}  // namespace

TargetRows::TargetRows(Connection& connection, const Vault& vault)
    : vault_(vault),
      find_(connection,
            "SELECT subject, system, generation, tightening, due_at, changed_at, lease_owner, "
            "fence, lease_until FROM targets WHERE shard = $1 AND subject = $2 AND system = $3",
            "ttnnnntnn"),
      put_(connection,
           "INSERT INTO targets (shard, subject, system, generation, tightening, due_at, "
           "changed_at, lease_owner, fence, lease_until, wake_at) "
           "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
           "ON CONFLICT (shard, subject, system) DO UPDATE SET generation = excluded.generation, "
           "tightening = excluded.tightening, due_at = excluded.due_at, "
           "changed_at = excluded.changed_at, lease_owner = excluded.lease_owner, "
           "fence = excluded.fence, lease_until = excluded.lease_until, "
           "wake_at = excluded.wake_at"),
      remove_(connection, "DELETE FROM targets WHERE shard = $1 AND subject = $2 AND system = $3"),
      removeRecords_(connection,
                     "DELETE FROM target_records WHERE shard = $1 AND subject = $2 "
                     "AND system = $3"),
      due_(connection,
           "SELECT t.subject, t.system, t.generation, t.tightening, t.due_at, t.changed_at, "
           "t.lease_owner, t.fence, t.lease_until FROM targets a JOIN targets t "
           "ON t.shard = a.shard AND t.subject = a.subject AND t.system = a.system "
           "WHERE a.system = $1 AND a.tightening = $2 AND a.wake_at > 0 AND a.wake_at <= $3 "
           "ORDER BY a.wake_at, a.subject LIMIT $4",
           "ttnnnntnn"),
      lease_(connection,
             "UPDATE targets SET lease_owner = $1, lease_until = $2, wake_at = $2, fence = $3 "
             "WHERE shard = $4 AND subject = $5 AND system = $6"),
      dueCount_(connection, "SELECT COUNT(*) FROM targets WHERE system = $1 AND wake_at > 0", "n"),
      firstAwake_(connection,
                  "SELECT COALESCE(MIN(wake_at), 0) FROM targets WHERE system = $1 "
                  "AND tightening = $2 AND wake_at > 0",
                  "n"),
      records_(connection,
               "SELECT subject, system, object, id, sealed FROM target_records WHERE shard = $1 "
               "AND subject = $2 AND system = $3 ORDER BY object, id",
               kRecordColumns),
      putRecord_(connection,
                 "INSERT INTO target_records (shard, subject, system, object, id, look_at, "
                 "parked, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
                 "ON CONFLICT (shard, subject, system, object, id) DO UPDATE SET "
                 "look_at = excluded.look_at, parked = excluded.parked, sealed = excluded.sealed"),
      toVerify_(connection,
                "SELECT subject, system, object, id, sealed FROM target_records WHERE system = $1 "
                "AND look_at > 0 AND look_at <= $2 ORDER BY look_at LIMIT $3",
                kRecordColumns),
      parked_(connection,
              "SELECT subject, system, object, id, sealed FROM target_records WHERE system = $1 "
              "AND parked = 1 AND (subject, object, id) > ($2, $3, $4) "
              "ORDER BY subject, object, id LIMIT $5",
              kRecordColumns),
      firstLook_(connection,
                 "SELECT COALESCE(MIN(look_at), 0) FROM target_records WHERE system = $1 "
                 "AND look_at > 0",
                 "n") {}

std::optional<Target> TargetRows::find(const std::string& subject, const std::string& system) {
    if (find_.run(shardOf(subject), subject, system) == 0) return std::nullopt;
    return targetAt(find_, 0);
}

void TargetRows::put(const Target& target) {
    put_.run(shardOf(target.subject), target.subject, target.system, target.generation,
             target.tightening, target.dueAt, target.changedAt, target.leaseOwner, target.fence,
             target.leaseUntil, wakeAt(target));
}

void TargetRows::remove(const std::string& subject, const std::string& system) {
    remove_.run(shardOf(subject), subject, system);
    removeRecords_.run(shardOf(subject), subject, system);
}

std::vector<Target> TargetRows::claim(const Claim& claim) {
    auto claimed = due(claim, true, claim.limit);
    const int left = claim.limit - static_cast<int>(claimed.size());
    if (left > 0)
        for (auto& target : due(claim, false, left)) claimed.push_back(std::move(target));
    for (auto& target : claimed) {
        // A fence is never lower than the time, so that it rises also when a target is made anew.
        target.fence = std::max(target.fence + 1, claim.now);
        target.leaseOwner = claim.owner;
        target.leaseUntil = claim.leaseUntil;
        lease_.run(claim.owner, claim.leaseUntil, target.fence, shardOf(target.subject),
                   target.subject, claim.system);
    }
    return claimed;
}

std::vector<Target> TargetRows::due(const Claim& claim, bool tightening, int limit) {
    std::vector<Target> targets;
    const auto rows = due_.run(claim.system, tightening, claim.now, limit);
    for (std::size_t i = 0; i < rows; ++i) targets.push_back(targetAt(due_, i));
    std::sort(targets.begin(), targets.end(), [](const Target& a, const Target& b) {
        return std::tie(a.dueAt, a.subject) < std::tie(b.dueAt, b.subject);
    });
    return targets;
}

std::int64_t TargetRows::dueCount(const std::string& system) {
    dueCount_.run(system);
    return dueCount_.number(0, 0);
}

std::optional<EpochMs> TargetRows::nextDue(const std::string& system) {
    EpochMs next = 0;
    for (const bool tightening : {true, false}) {
        firstAwake_.run(system, tightening);
        next = earlierOf(next, firstAwake_.number(0, 0));
    }
    firstLook_.run(system);
    next = earlierOf(next, firstLook_.number(0, 0));
    return next > 0 ? std::optional(next) : std::nullopt;
}

std::vector<TargetRecord> TargetRows::opened(Statement& statement, std::size_t rows) {
    std::vector<TargetRecord> records;
    records.reserve(rows);
    for (std::size_t i = 0; i < rows; ++i)
        records.push_back(
            openRow<TargetRecord>(vault_,
                                  contextOf(statement.text(i, 0), statement.text(i, 1),
                                            {statement.text(i, 2), statement.text(i, 3)}),
                                  statement.bytes(i, 4)));
    return records;
}

std::vector<TargetRecord> TargetRows::records(const std::string& subject,
                                              const std::string& system) {
    return opened(records_, records_.run(shardOf(subject), subject, system));
}

void TargetRows::put(const TargetRecord& targetRecord) {
    const auto& ref = targetRecord.ref;
    const auto sealed =
        sealRow(vault_, contextOf(targetRecord.subject, targetRecord.system, ref), targetRecord);
    putRecord_.run(shardOf(targetRecord.subject), targetRecord.subject, targetRecord.system,
                   ref.object, ref.id, earlierOf(targetRecord.retryAt, targetRecord.verifyAt),
                   targetRecord.parked, Blob{sealed});
}

std::vector<TargetRecord> TargetRows::toVerify(const std::string& system, EpochMs now, int limit) {
    return opened(toVerify_, toVerify_.run(system, now, limit));
}

std::vector<TargetRecord> TargetRows::parked(const std::string& system, const Slice& slice) {
    const auto after = splitCursor(slice.after, 3);
    return opened(parked_, parked_.run(system, after[0], after[1], after[2], slice.limit));
}

}  // namespace concordat::store
