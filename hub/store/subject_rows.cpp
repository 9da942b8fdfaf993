// SPDX-License-Identifier: Apache-2.0
#include "hub/store/subject_rows.h"

#include "hub/store/sealed_row.h"

namespace concordat::store {

SubjectRows::SubjectRows(Connection& connection, const Vault& vault)
    : vault_(vault),
      exists_(connection, "SELECT created_at FROM subjects WHERE shard = $1 AND subject = $2", "n"),
      add_(connection,
           "INSERT INTO subjects (shard, subject, created_at) VALUES ($1, $2, $3) "
           "ON CONFLICT DO NOTHING"),
      count_(connection,
             "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM counters WHERE name = $1",
             "n"),
      recount_(connection,
               "INSERT INTO counters (name, shard, value) VALUES ($1, $2, $3) "
               "ON CONFLICT (name, shard) DO UPDATE SET value = counters.value + excluded.value"),
      holding_(
          connection, "SELECT DISTINCT subject FROM points WHERE hash = $1 ORDER BY subject", "t"),
      hold_(connection,
            "INSERT INTO points (hash, subject, system, object, id) VALUES ($1, $2, $3, $4, $5) "
            "ON CONFLICT DO NOTHING"),
      letGo_(connection,
             "DELETE FROM points WHERE hash = $1 AND subject = $2 AND system = $3 AND object = $4 "
             "AND id = $5"),
      claims_(connection,
              "SELECT hash, sealed FROM claims WHERE shard = $1 AND subject = $2 ORDER BY hash",
              "tb"),
      claim_(connection,
             "INSERT INTO claims (shard, subject, hash, sealed) VALUES ($1, $2, $3, $4) "
             "ON CONFLICT (shard, subject, hash) DO UPDATE SET sealed = excluded.sealed"),
      release_(connection, "DELETE FROM claims WHERE shard = $1 AND subject = $2 AND hash = $3") {}

bool SubjectRows::exists(const std::string& subject) {
    return exists_.run(shardOf(subject), subject) > 0;
}

void SubjectRows::add(const std::string& subject, EpochMs now) {
    if (add_.run(shardOf(subject), subject, now) > 0) count("subjects", subject, 1);
}

void SubjectRows::lock(const std::string& subject) {
    // The only writer of an SQLite file holds the lock of every row already.
    if (!exists(subject)) throw StoreError("there is no subject " + subject + " to lock");
}

std::int64_t SubjectRows::count(const std::string& counter) {
    count_.run(counter);
    return count_.number(0, 0);
}

void SubjectRows::count(const std::string& counter,
                        const std::string& subject,
                        std::int64_t change) {
    recount_.run(counter, shardOf(subject), change);
}

std::vector<std::string> SubjectRows::holding(const std::string& hash) {
    std::vector<std::string> subjects;
    const auto rows = holding_.run(hash);
    for (std::size_t i = 0; i < rows; ++i) subjects.push_back(holding_.text(i, 0));
    return subjects;
}

void SubjectRows::hold(const std::string& hash, const Record& record) {
    hold_.run(hash, record.subject, record.system, record.ref.object, record.ref.id);
}

void SubjectRows::letGo(const std::string& hash, const Record& record) {
    letGo_.run(hash, record.subject, record.system, record.ref.object, record.ref.id);
}

std::vector<consent::Point> SubjectRows::claims(const std::string& subject) {
    std::vector<consent::Point> points;
    const auto rows = claims_.run(shardOf(subject), subject);
    for (std::size_t i = 0; i < rows; ++i)
        points.push_back(openRow<consent::Point>(
            vault_, rowContext({"claims", subject, claims_.text(i, 0)}), claims_.bytes(i, 1)));
    return points;
}

void SubjectRows::claim(const std::string& subject, const consent::Point& point) {
    const auto sealed = sealRow(vault_, rowContext({"claims", subject, point.hash}), point);
    claim_.run(shardOf(subject), subject, point.hash, Blob{sealed});
    hold_.run(point.hash, subject, "", "", "");
}

void SubjectRows::release(const std::string& subject, const std::string& hash) {
    release_.run(shardOf(subject), subject, hash);
    letGo_.run(hash, subject, "", "", "");
}

}  // namespace concordat::store
