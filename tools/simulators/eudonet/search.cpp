// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/eudonet/search.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include <nlohmann/json.hpp>

#include "tools/simulators/eudonet/refusal.h"
#include "tools/simulators/eudonet/values.h"
#include "tools/simulators/stage/paris_time.h"

namespace concordat::simulators::eudonet {
namespace {

using nlohmann::json;

constexpr std::size_t kKeptResults = 8;

int intOf(const json& object, const char* key, int otherwise) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return otherwise;
    if (!found->is_number_integer()) {
        throw Refusal(ErrorNumber::badRequest, std::string("Entier attendu pour ") + key);
    }
    return found->get<int>();
}

/// Throws unless `descId` is a field of the table or of a directly linked parent.
void checkReadable(const Base& base, const Table& table, int descId) {
    if (table.column(descId)) return;
    const Table* other = base.schema().table(descId - descId % 100);
    if (!other || !other->column(descId)) {
        throw Refusal(ErrorNumber::unknownField, "Rubrique inconnue : " + std::to_string(descId));
    }
    if (other == &table || !table.column(other->descId + 1)) {
        throw Refusal(ErrorNumber::notDirectlyLinked,
                      "Colonne d'une table non liée directement : " + std::to_string(descId));
    }
}

std::vector<int> readColumns(const Base& base, const Table& table, const json& body) {
    const auto cols = body.find("listcols");
    if (cols == body.end() || !cols->is_array() || cols->empty()) {
        throw Refusal(ErrorNumber::noColumns, "La liste des colonnes est vide");
    }
    std::vector<int> columns;
    for (const auto& col : *cols) {
        if (!col.is_number_integer()) throw Refusal(ErrorNumber::badRequest, "ListCols invalide");
        columns.push_back(col.get<int>());
        checkReadable(base, table, columns.back());
    }
    return columns;
}

std::vector<OrderKey> readOrder(const Table& table, const json& body) {
    std::vector<OrderKey> keys;
    const auto order = body.find("orderby");
    if (order == body.end() || order->is_null()) return keys;
    if (!order->is_array()) throw Refusal(ErrorNumber::badRequest, "OrderBy invalide");
    for (const auto& one : *order) {
        const auto column = table.column(intOf(one, "descid", 0));
        const int direction = intOf(one, "order", 0);
        if (!column || direction < 0 || direction > 1) {
            throw Refusal(ErrorNumber::badRequest, "OrderBy invalide");
        }
        keys.push_back({*column, direction == 1});
    }
    return keys;
}

bool isConjunction(const Condition& condition) {
    return std::all_of(condition.members.begin(), condition.members.end(),
                       [](const Condition& member) {
                           return member.inter == InterOperator::none ||
                                  member.inter == InterOperator::conjunction;
                       });
}

/// Leaves that every found row must satisfy.
void collectRequired(const Condition& condition, std::vector<const Condition*>& out) {
    if (condition.members.empty()) {
        out.push_back(&condition);
    } else if (isConjunction(condition)) {
        for (const Condition& member : condition.members) collectRequired(member, out);
    }
}

bool isIndexed(const Rows& rows, const Condition& leaf) {
    if (leaf.op != Operator::equal && leaf.op != Operator::inList) return false;
    const bool ownValue =
        leaf.target.place == Target::Place::own || leaf.target.place == Target::Place::linkId;
    const bool some = leaf.op == Operator::inList || !leaf.value.empty();
    return ownValue && some && rows.table().fields[leaf.target.column].indexed;
}

/// The earliest date of change that `leaf` lets through, when it is about that.
std::optional<std::int64_t> changedSince(const Rows& rows, const Condition& leaf) {
    const bool bounded = leaf.op == Operator::greater || leaf.op == Operator::greaterOrEqual ||
                         leaf.op == Operator::equal;
    if (!bounded || leaf.target.place != Target::Place::own || !leaf.target.field) return {};
    if (leaf.target.field->descId != rows.table().descId + kModifiedOn) return {};
    const auto wall = paris::parseSlashed(leaf.value);
    if (!wall) return std::nullopt;
    return leaf.op == Operator::greater ? *wall + 1 : *wall;
}

std::vector<int> byIndex(const Rows& rows, const Condition& leaf) {
    if (leaf.op == Operator::equal) return rows.candidates(leaf.target.column, leaf.value);
    std::vector<int> out;
    for (const std::string& value : leaf.list) {
        const auto some = rows.candidates(leaf.target.column, value);
        out.insert(out.end(), some.begin(), some.end());
    }
    return out;
}

/// A superset of what the search finds, small when an index helps; by file id, without doubles.
std::vector<int> candidates(const Rows& rows, const Condition& condition) {
    std::vector<const Condition*> required;
    collectRequired(condition, required);
    std::vector<int> out;
    const auto indexed = std::find_if(required.begin(), required.end(),
                                      [&](const Condition* one) { return isIndexed(rows, *one); });
    if (indexed != required.end()) {
        out = byIndex(rows, **indexed);
    } else {
        std::optional<std::int64_t> since;
        for (const Condition* leaf : required) {
            if (const auto wall = changedSince(rows, *leaf)) since = std::max(since, wall);
        }
        if (since) {
            out = rows.changedFrom(*since, 0, rows.size());
        } else {
            out.resize(static_cast<std::size_t>(rows.lastFileId()));
            std::iota(out.begin(), out.end(), 1);
        }
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

void sortBy(const Rows& rows, const OrderKey& key, std::vector<int>& fileIds) {
    std::vector<std::pair<std::string, int>> keyed;
    keyed.reserve(fileIds.size());
    for (const int id : fileIds) {
        keyed.emplace_back(folded(rows.value(*rows.find(id), key.column)), id);
    }
    std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& left, const auto& right) {
        return key.descending ? right.first < left.first : left.first < right.first;
    });
    std::transform(keyed.begin(), keyed.end(), fileIds.begin(),
                   [](const auto& one) { return one.second; });
}

/// The plain polling question, "changed since, oldest first", is answered by ranks alone.
std::optional<Found> changesInOrder(const Rows& rows, const SearchQuery& query, std::size_t skip) {
    std::vector<const Condition*> required;
    collectRequired(query.condition, required);
    if (required.size() != 1 || query.order.size() != 1 || query.order[0].descending) return {};
    if (required[0]->op == Operator::equal) return std::nullopt;
    if (rows.table().fields[query.order[0].column].descId != rows.table().descId + kModifiedOn) {
        return std::nullopt;
    }
    const auto since = changedSince(rows, *required[0]);
    if (!since) return std::nullopt;
    const std::size_t total = rows.countChangedFrom(*since);
    const auto limit = static_cast<std::size_t>(query.rowsPerPage);
    return Found{skip < total ? rows.changedFrom(*since, skip, limit) : std::vector<int>{}, total};
}

}  // namespace

SearchQuery readSearch(const Base& base, int tab, const json& body) {
    const Table& table = base.rows(tab).table();
    SearchQuery query;
    query.tab = tab;
    query.columns = readColumns(base, table, body);
    query.page = std::max(1, intOf(body, "numpage", 1));
    query.rowsPerPage = std::clamp(intOf(body, "rowsperpage", kMaxRowsPerPage), 1, kMaxRowsPerPage);
    const auto metadata = body.find("showmetadata");
    query.metadata = metadata == body.end() || !metadata->is_boolean() || metadata->get<bool>();
    query.order = readOrder(table, body);
    const json where = body.value("wherecustom", json());
    query.condition = readCondition(base, tab, where);
    query.fingerprint = std::to_string(tab) + where.dump() + body.value("orderby", json()).dump();
    return query;
}

Found Searcher::find(const Base& base, const SearchQuery& query) {
    const auto limit = static_cast<std::size_t>(query.rowsPerPage);
    const std::size_t skip = static_cast<std::size_t>(query.page - 1) * limit;
    if (auto found = changesInOrder(base.rows(query.tab), query, skip)) return *found;
    const auto fileIds = all(base, query);
    Found found{{}, fileIds->size()};
    for (std::size_t i = skip; i < fileIds->size() && i < skip + limit; ++i) {
        found.fileIds.push_back((*fileIds)[i]);
    }
    return found;
}

std::shared_ptr<const std::vector<int>> Searcher::all(const Base& base, const SearchQuery& query) {
    const std::uint64_t version = base.version();
    {
        const std::lock_guard lock(mutex_);
        for (const Kept& kept : kept_) {
            if (kept.version == version && kept.fingerprint == query.fingerprint) {
                return kept.fileIds;
            }
        }
    }
    const Rows& rows = base.rows(query.tab);
    std::vector<int> found;
    for (const int id : candidates(rows, query.condition)) {
        if (rows.find(id) && matches(base, rows, id, query.condition)) found.push_back(id);
    }
    for (auto key = query.order.rbegin(); key != query.order.rend(); ++key) {
        sortBy(rows, *key, found);
    }
    auto result = std::make_shared<const std::vector<int>>(std::move(found));
    const std::lock_guard lock(mutex_);
    kept_.push_front({query.fingerprint, version, result});
    if (kept_.size() > kKeptResults) kept_.pop_back();
    return result;
}

}  // namespace concordat::simulators::eudonet
