// SPDX-License-Identifier: Apache-2.0
#include "hub/store/people.h"

#include <algorithm>

namespace concordat::store {

namespace {

/// A listing may pass over any number of people in one view.
constexpr std::size_t kMostKnown = 1'000;

int numberOf(Part part) { return static_cast<int>(part); }

template <class Rows>
auto placeIn(Rows& rows, const Place& place) {
    return std::lower_bound(
        rows.begin(), rows.end(), place,
        [](const PersonRow& row, const Place& other) { return row.place < other; });
}

}  // namespace

People::People(Connection& connection)
    : of_(connection,
          "SELECT part, system, object, id, at, mark, body FROM people "
          "WHERE shard = $1 AND subject = $2 ORDER BY part, system, object, id",
          "ntttntb"),
      insert_(connection,
              "INSERT INTO people (shard, subject, part, system, object, id, at, mark, body) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
      change_(connection,
              "UPDATE people SET at = $1, mark = $2, body = $3 WHERE shard = $4 AND subject = $5 "
              "AND part = $6 AND system = $7 AND object = $8 AND id = $9"),
      rewrite_(connection,
               "UPDATE people SET body = $1 WHERE shard = $2 AND subject = $3 "
               "AND part = $4 AND system = $5 AND object = $6 AND id = $7"),
      remove_(connection,
              "DELETE FROM people WHERE shard = $1 AND subject = $2 AND part = $3 "
              "AND system = $4 AND object = $5 AND id = $6") {}

People::Rows& People::read(const std::string& subject) {
    const auto found = known_.find(subject);
    if (found != known_.end()) return found->second;
    if (known_.size() >= kMostKnown) known_.clear();
    const auto count = of_.run(shardOf(subject), subject);
    Rows rows;
    rows.reserve(count + 1);
    for (std::size_t i = 0; i < count; ++i)
        rows.push_back(
            {{static_cast<Part>(of_.number(i, 0)), of_.text(i, 1), of_.text(i, 2), of_.text(i, 3)},
             of_.number(i, 4),
             of_.text(i, 5),
             of_.text(i, 6),
             ""});
    return known_.emplace(subject, std::move(rows)).first->second;
}

const std::vector<PersonRow>& People::of(const std::string& subject) { return read(subject); }

const PersonRow* People::find(const std::string& subject, const Place& place) {
    const auto& rows = read(subject);
    const auto found = placeIn(rows, place);
    return found != rows.end() && found->place == place ? &*found : nullptr;
}

void People::insert(const std::string& subject, const PersonRow& row) {
    const auto& [part, system, object, id] = row.place;
    insert_.run(shardOf(subject), subject, numberOf(part), system, object, id, row.at, row.mark,
                Blob{row.body});
}

bool People::add(const std::string& subject, PersonRow row) {
    auto& rows = read(subject);
    const auto at = placeIn(rows, row.place);
    if (at != rows.end() && at->place == row.place) return false;
    insert(subject, row);
    rows.insert(at, std::move(row));
    return true;
}

void People::put(const std::string& subject, PersonRow row) {
    auto& rows = read(subject);
    const auto known = placeIn(rows, row.place);
    if (known == rows.end() || known->place != row.place) {
        insert(subject, row);
        rows.insert(known, std::move(row));
        return;
    }
    const auto& [part, system, object, id] = row.place;
    // No index has the body: the engine has nothing to compare.
    if (known->at == row.at && known->mark == row.mark)
        rewrite_.run(Blob{row.body}, shardOf(subject), subject, numberOf(part), system, object, id);
    else
        change_.run(row.at, row.mark, Blob{row.body}, shardOf(subject), subject, numberOf(part),
                    system, object, id);
    *known = std::move(row);
}

void People::change(const std::string& subject, const PersonRow& row) {
    known_.erase(subject);
    const auto& [part, system, object, id] = row.place;
    change_.run(row.at, row.mark, Blob{row.body}, shardOf(subject), subject, numberOf(part), system,
                object, id);
}

void People::remove(const std::string& subject, const Place& place) {
    auto& rows = read(subject);
    const auto known = placeIn(rows, place);
    if (known == rows.end() || known->place != place) return;
    remove_.run(shardOf(subject), subject, numberOf(place.part), place.system, place.object,
                place.id);
    rows.erase(known);
}

}  // namespace concordat::store
