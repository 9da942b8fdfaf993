// SPDX-License-Identifier: Apache-2.0
#include "hub/store/subject_rows.h"

namespace concordat::store {

namespace {

Place claimPlace(const std::string& hash) { return {Part::Claim, "", "", hash}; }

}  // namespace

SubjectRows::SubjectRows(Connection& connection, const Vault& vault, People& people)
    : vault_(vault),
      people_(people),
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
             "AND id = $5") {}

bool SubjectRows::exists(const std::string& subject) {
    return people_.find(subject, {Part::Subject, "", "", ""}) != nullptr;
}

void SubjectRows::add(const std::string& subject, EpochMs now) {
    if (people_.add(subject, {{Part::Subject, "", "", ""}, now, "", "", ""}))
        count("subjects", subject, 1);
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
    for (const auto& row : people_.of(subject))
        if (row.place.part == Part::Claim)
            points.push_back(openRow<consent::Point>(
                vault_, rowContext({"claims", subject, row.place.id}), row));
    return points;
}

void SubjectRows::claim(const std::string& subject, const consent::Point& point) {
    people_.put(subject, sealedRow(vault_, rowContext({"claims", subject, point.hash}),
                                   claimPlace(point.hash), point));
    hold_.run(point.hash, subject, "", "", "");
}

void SubjectRows::release(const std::string& subject, const std::string& hash) {
    people_.remove(subject, claimPlace(hash));
    letGo_.run(hash, subject, "", "", "");
}

}  // namespace concordat::store
