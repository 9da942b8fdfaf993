// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "tools/simulators/salesforce/soql.h"

namespace concordat::simulators::salesforce {
namespace {

constexpr auto kNever = std::numeric_limits<std::int64_t>::max();
constexpr auto kAlways = std::numeric_limits<std::int64_t>::min();

/// Matches a folded LIKE pattern: % any run, _ one character, \ takes the next as it is.
bool matches(std::string_view text, std::string_view pattern) {
    std::size_t t = 0, p = 0, starT = 0, starP = std::string_view::npos;
    while (t < text.size()) {
        const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
        const std::size_t literal = escaped ? p + 1 : p;
        if (!escaped && p < pattern.size() && pattern[p] == '%') {
            starP = ++p;
            starT = t;
        } else if (p < pattern.size() &&
                   ((!escaped && pattern[p] == '_') || pattern[literal] == text[t])) {
            p = literal + 1;
            ++t;
        } else if (starP != std::string_view::npos) {
            p = starP;
            t = ++starT;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '%') ++p;
    return p == pattern.size();
}

/// Ids are compared with regard to case, all else without.
int compareAt(const Path& path, const Value& left, const Value& right) {
    const auto kind = path.last().kind;
    const auto* a = std::get_if<std::string>(&left);
    const auto* b = std::get_if<std::string>(&right);
    if (a && b && (kind == Kind::id || kind == Kind::reference)) {
        const int order = a->compare(*b);
        return order < 0 ? -1 : order > 0 ? 1 : 0;
    }
    return compare(left, right);
}

bool holds(const Condition& c, const Value& value) {
    const auto equalTo = [&](const Value& wanted) { return compareAt(c.path, value, wanted) == 0; };
    switch (c.comparison) {
        case Comparison::equal:
            return equalTo(c.values[0]);
        case Comparison::unequal:
            return !equalTo(c.values[0]);
        case Comparison::in:
            return std::any_of(c.values.begin(), c.values.end(), equalTo);
        case Comparison::notIn:
            return std::none_of(c.values.begin(), c.values.end(), equalTo);
        case Comparison::like:
            return matches(fold(showPlain(value)), fold(showPlain(c.values[0])));
        default:
            break;
    }
    if (isNull(value) || isNull(c.values[0])) return false;
    const int order = compareAt(c.path, value, c.values[0]);
    if (c.comparison == Comparison::less) return order < 0;
    if (c.comparison == Comparison::lessEqual) return order <= 0;
    if (c.comparison == Comparison::greater) return order > 0;
    return order >= 0;
}

bool isDirect(const Condition& c, FieldIndex field) {
    return c.join == Condition::Join::leaf && c.path.parents.empty() && c.path.field == field;
}

/// The earliest SystemModstamp a matching row can have.
std::int64_t earliest(const Condition& c) {
    if (c.join == Condition::Join::all || c.join == Condition::Join::any) {
        const bool all = c.join == Condition::Join::all;
        std::int64_t bound = all ? kAlways : kNever;
        for (const auto& part : c.parts) {
            bound = all ? std::max(bound, earliest(part)) : std::min(bound, earliest(part));
        }
        return bound;
    }
    if (!isDirect(c, system_field::kSystemModstamp) || c.values.size() != 1) return kAlways;
    const auto* at = std::get_if<Instant>(&c.values[0]);
    if (!at || c.comparison == Comparison::less || c.comparison == Comparison::lessEqual ||
        c.comparison == Comparison::unequal) {
        return kAlways;
    }
    return at->ms;
}

/// A leaf that an index answers, anywhere under ANDs.
const Condition* indexable(const Condition& c, const ObjectType& type) {
    if (c.join == Condition::Join::all) {
        for (const auto& part : c.parts) {
            if (const auto* found = indexable(part, type)) return found;
        }
    }
    if (c.join != Condition::Join::leaf || !c.path.parents.empty()) return nullptr;
    const bool exact = c.comparison == Comparison::equal || c.comparison == Comparison::in;
    const bool known = c.path.field == system_field::kId || type.fields()[c.path.field].indexed;
    const bool anyNull = std::any_of(c.values.begin(), c.values.end(), isNull);
    return exact && known && !anyNull ? &c : nullptr;
}

std::vector<RowIndex> indexedRows(const Table& table, const Condition& leaf) {
    std::vector<RowIndex> rows;
    for (const auto& value : leaf.values) {
        if (leaf.path.field != system_field::kId) {
            table.candidates(leaf.path.field, value, rows);
        } else if (const auto row = table.find(std::get<std::string>(value))) {
            rows.push_back(*row);
        }
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

bool isTimeOrder(const std::vector<Ordering>& order) {
    const auto plain = [&](std::size_t i, FieldIndex field) {
        return order[i].path.parents.empty() && order[i].path.field == field &&
               !order[i].descending;
    };
    return !order.empty() && order.size() <= 2 && plain(0, system_field::kSystemModstamp) &&
           (order.size() == 1 || plain(1, system_field::kId));
}

bool isIdOrder(const std::vector<Ordering>& order) {
    return order.empty() || (order[0].path.parents.empty() && !order[0].descending &&
                             order[0].path.field == system_field::kId);
}

/// Collects matching rows until there are enough.
class Collector {
 public:
    Collector(const Database& database, const Select& select, bool all)
        : database_(database), table_(database.table(select.object)), select_(select), all_(all) {}

    void enoughAt(std::uint64_t count) { enough_ = count; }
    bool full() const { return rows_.size() >= enough_; }
    void see(RowIndex row) {
        if (table_.row(row).purged || (table_.row(row).deleted && !all_)) return;
        if (!select_.where || meets(RowView(database_, table_, row), *select_.where)) {
            rows_.push_back(row);
        }
    }
    std::vector<RowIndex> take() { return std::move(rows_); }

 private:
    const Database& database_;
    const Table& table_;
    const Select& select_;
    std::vector<RowIndex> rows_;
    bool all_;
    std::uint64_t enough_ = std::numeric_limits<std::uint64_t>::max();
};

void sortRows(const Database& database, const Select& select, std::vector<RowIndex>& rows) {
    const Table& table = database.table(select.object);
    std::vector<std::pair<std::vector<Value>, RowIndex>> keyed;
    for (const auto row : rows) {
        const RowView view(database, table, row);
        keyed.emplace_back(std::vector<Value>(), row);
        for (const auto& by : select.order) keyed.back().first.push_back(valueAt(view, by.path));
    }
    std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& left, const auto& right) {
        for (std::size_t i = 0; i < select.order.size(); ++i) {
            const auto& by = select.order[i];
            const Value &a = left.first[i], &b = right.first[i];
            if (isNull(a) != isNull(b)) return isNull(a) != by.nullsLast;
            const int order = compareAt(by.path, a, b);
            if (order != 0) return by.descending ? order > 0 : order < 0;
        }
        return false;
    });
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = keyed[i].second;
}

void cut(const Select& select, std::vector<RowIndex>& rows) {
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(
                                                select.offset, rows.size())));
    if (select.limit && rows.size() > *select.limit) rows.resize(*select.limit);
}

Value valueFrom(const RowView& view, const Path& path, std::size_t depth) {
    if (depth == path.parents.size()) return view.get(path.field);
    const auto parent = view.follow(path.parents[depth]);
    return parent ? valueFrom(*parent, path, depth + 1) : Value{};
}

}  // namespace

bool meets(const RowView& view, const Condition& c) {
    const auto met = [&](const Condition& part) { return meets(view, part); };
    switch (c.join) {
        case Condition::Join::all:
            return std::all_of(c.parts.begin(), c.parts.end(), met);
        case Condition::Join::any:
            return std::any_of(c.parts.begin(), c.parts.end(), met);
        case Condition::Join::none:
            return !met(c.parts[0]);
        case Condition::Join::leaf:
            return holds(c, valueAt(view, c.path));
    }
    return false;
}

Value valueAt(const RowView& view, const Path& path) { return valueFrom(view, path, 0); }

std::vector<RowIndex> runSelect(const Database& database, const Select& select, bool all) {
    const Table& table = database.table(select.object);
    Collector found(database, select, all);
    const auto* leaf = select.where ? indexable(*select.where, table.type()) : nullptr;
    const auto from = select.where ? earliest(*select.where) : kAlways;
    const bool byTime = !leaf && (isTimeOrder(select.order) || from != kAlways);
    const bool ordered = byTime ? isTimeOrder(select.order) : isIdOrder(select.order);
    if (ordered && select.limit) found.enoughAt(select.offset + *select.limit);
    if (leaf) {
        for (const auto row : indexedRows(table, *leaf)) found.see(row);
    } else if (byTime) {
        auto at = table.byStamp().lower_bound({from, 0});
        for (; at != table.byStamp().end() && !found.full(); ++at) found.see(at->second);
    } else {
        for (RowIndex row = 0; row < table.size() && !found.full(); ++row) found.see(row);
    }
    auto rows = found.take();
    if (!ordered) sortRows(database, select, rows);
    cut(select, rows);
    return rows;
}

}  // namespace concordat::simulators::salesforce
