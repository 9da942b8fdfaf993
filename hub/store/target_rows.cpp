// SPDX-License-Identifier: Apache-2.0
#include "hub/store/target_rows.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "hub/store/page_cursor.h"

namespace concordat::store {

namespace {

constexpr const char* kTightening = "tightening";
constexpr const char* kParked = "parked";

/// What has no column of its own: numbers, and the owner of the lease at the end.
std::string bodyOf(const Target& target) {
    std::string body;
    for (const std::int64_t number :
         {target.generation, target.dueAt, target.changedAt, target.fence, target.leaseUntil})
        body += std::to_string(number) + ' ';
    return body + target.leaseOwner;
}

Target targetFrom(const std::string& subject,
                  const std::string& system,
                  std::string_view mark,
                  std::string_view body) {
    Target target;
    target.subject = subject;
    target.system = system;
    target.tightening = mark == kTightening;
    for (std::int64_t* number : {&target.generation, &target.dueAt, &target.changedAt,
                                 &target.fence, &target.leaseUntil}) {
        const auto end = std::from_chars(body.data(), body.data() + body.size(), *number).ptr;
        const auto used = static_cast<std::size_t>(end - body.data()) + 1;
        if (used > body.size()) throw StoreError("a target is incomplete; run the integrity check");
        body.remove_prefix(used);
    }
    target.leaseOwner = body;
    return target;
}

EpochMs wakeAt(const Target& target) {
    return target.dueAt > 0 ? std::max(target.dueAt, target.leaseUntil) : 0;
}

PersonRow rowOf(const Target& target) {
    return {{Part::Target, target.system, "", ""},
            wakeAt(target),
            target.tightening ? kTightening : "",
            bodyOf(target),
            ""};
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

TargetRows::TargetRows(Connection& connection, const Vault& vault, People& people)
    : vault_(vault),
      people_(people),
      due_(connection,
           "SELECT t.subject, t.mark, t.body FROM people a JOIN people t "
           "ON t.shard = a.shard AND t.subject = a.subject AND t.part = 5 "
           "AND t.system = a.system AND t.object = '' AND t.id = '' "
           "WHERE a.part = 5 AND a.system = $1 AND a.mark = $2 AND a.at > 0 AND a.at <= $3 "
           "ORDER BY a.at, a.subject LIMIT $4",
           "ttb"),
      dueCount_(
          connection, "SELECT COUNT(*) FROM people WHERE part = 5 AND system = $1 AND at > 0", "n"),
      firstAwake_(connection,
                  "SELECT COALESCE(MIN(at), 0) FROM people WHERE part = 5 AND system = $1 "
                  "AND mark = $2 AND at > 0",
                  "n"),
      toVerify_(connection,
                "SELECT subject, system, object, id, body FROM people WHERE part = 6 "
                "AND system = $1 AND at > 0 AND at <= $2 ORDER BY at LIMIT $3",
                kRecordColumns),
      parked_(connection,
              "SELECT subject, system, object, id, body FROM people WHERE part = 6 "
              "AND system = $1 AND mark = 'parked' AND (subject, object, id) > ($2, $3, $4) "
              "ORDER BY subject, object, id LIMIT $5",
              kRecordColumns),
      firstLook_(connection,
                 "SELECT COALESCE(MIN(at), 0) FROM people WHERE part = 6 AND system = $1 "
                 "AND at > 0",
                 "n") {}

std::optional<Target> TargetRows::find(const std::string& subject, const std::string& system) {
    const auto* row = people_.find(subject, {Part::Target, system, "", ""});
    if (!row) return std::nullopt;
    return targetFrom(subject, system, row->mark, row->body);
}

void TargetRows::put(const Target& target) { people_.put(target.subject, rowOf(target)); }

void TargetRows::remove(const std::string& subject, const std::string& system) {
    people_.remove(subject, {Part::Target, system, "", ""});
    for (const auto& record : records(subject, system))
        people_.remove(subject, {Part::TargetRecord, system, record.ref.object, record.ref.id});
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
        people_.change(target.subject, rowOf(target));
    }
    return claimed;
}

std::vector<Target> TargetRows::due(const Claim& claim, bool tightening, int limit) {
    std::vector<Target> targets;
    const auto rows = due_.run(claim.system, tightening ? kTightening : "", claim.now, limit);
    for (std::size_t i = 0; i < rows; ++i)
        targets.push_back(
            targetFrom(due_.text(i, 0), claim.system, due_.text(i, 1), due_.bytes(i, 2)));
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
    for (const char* mark : {kTightening, ""}) {
        firstAwake_.run(system, mark);
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
    std::vector<TargetRecord> records;
    for (const auto& row : people_.of(subject))
        if (row.place.part == Part::TargetRecord && row.place.system == system)
            records.push_back(openRow<TargetRecord>(
                vault_, contextOf(subject, system, {row.place.object, row.place.id}), row));
    return records;
}

void TargetRows::put(const TargetRecord& targetRecord) {
    const auto& [object, id] = targetRecord.ref;
    auto row =
        sealedRow(vault_, contextOf(targetRecord.subject, targetRecord.system, targetRecord.ref),
                  {Part::TargetRecord, targetRecord.system, object, id}, targetRecord);
    row.at = earlierOf(targetRecord.retryAt, targetRecord.verifyAt);
    if (targetRecord.parked) row.mark = kParked;
    people_.put(targetRecord.subject, std::move(row));
}

std::vector<TargetRecord> TargetRows::toVerify(const std::string& system, EpochMs now, int limit) {
    return opened(toVerify_, toVerify_.run(system, now, limit));
}

std::vector<TargetRecord> TargetRows::parked(const std::string& system, const Slice& slice) {
    const auto after = splitCursor(slice.after, 3);
    return opened(parked_, parked_.run(system, after[0], after[1], after[2], slice.limit));
}

}  // namespace concordat::store
