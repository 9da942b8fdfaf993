// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/eudonet/criteria.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "tools/simulators/eudonet/refusal.h"
#include "tools/simulators/eudonet/values.h"

namespace concordat::simulators::eudonet {
namespace {

using nlohmann::json;

constexpr int kLastOperator = 17;
constexpr int kMaxDepth = 32;

std::string textOf(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

int numberOf(const json& object, const char* key, int otherwise) {
    const std::string text = textOf(object, key);
    if (text.empty()) return otherwise;
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        throw Refusal(ErrorNumber::badRequest, std::string("Nombre attendu pour ") + key);
    }
    return number;
}

bool isNumber(const std::string& text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool looksAtLabel(Operator op) {
    return op == Operator::beginsWith || op == Operator::endsWith || op == Operator::contains ||
           op == Operator::notBegins || op == Operator::notEnds || op == Operator::notContains;
}

bool needsNoValue(Operator op) {
    return op == Operator::isEmpty || op == Operator::notEmpty || op == Operator::isTrue ||
           op == Operator::isFalse;
}

/// Builds conditions for one table.
class Reader {
 public:
    Reader(const Base& base, int tab) : base_(base), table_(base.rows(tab).table()) {}

    Condition node(const json& where, int depth) const {
        if (!where.is_object() || depth > kMaxDepth) {
            throw Refusal(ErrorNumber::badRequest, "WhereCustom mal formé");
        }
        const auto members = where.find("wherecustoms");
        const auto criteria = where.find("criteria");
        const bool group = members != where.end() && members->is_array() && !members->empty();
        const bool leaf = criteria != where.end() && criteria->is_object();
        if (group == leaf) throw Refusal(ErrorNumber::noFilter, "Filtre vide ou ambigu");
        Condition condition = leaf ? this->leaf(*criteria) : this->group(*members, depth);
        condition.inter = interOperator(where);
        return condition;
    }

 private:
    static InterOperator interOperator(const json& where) {
        const int number = numberOf(where, "interoperator", 0);
        if (number < 0 || number > 3) {
            throw Refusal(ErrorNumber::badRequest, "InterOperator inconnu");
        }
        return static_cast<InterOperator>(number);
    }

    Condition group(const json& members, int depth) const {
        Condition condition;
        for (const auto& member : members) {
            condition.members.push_back(node(member, depth + 1));
            const bool first = condition.members.size() == 1;
            if (first != (condition.members.back().inter == InterOperator::none)) {
                throw Refusal(ErrorNumber::badRequest,
                              "InterOperator : 0 pour le premier critère, 1 à 3 ensuite");
            }
        }
        return condition;
    }

    Condition leaf(const json& criteria) const {
        const int number = numberOf(criteria, "operator", -1);
        if (number < 0 || number > kLastOperator) {
            throw Refusal(ErrorNumber::badRequest, "Operator inconnu");
        }
        Condition condition;
        condition.op = static_cast<Operator>(number);
        const std::string value = textOf(criteria, "value");
        condition.target = target(numberOf(criteria, "field", 0), value);
        if (condition.op == Operator::inList || condition.op == Operator::notInList) {
            for (std::size_t at = 0; at <= value.size();) {
                const std::size_t end = std::min(value.find(';', at), value.size());
                condition.list.push_back(comparable(condition, value.substr(at, end - at)));
                at = end + 1;
            }
        } else if (!needsNoValue(condition.op)) {
            condition.value = comparable(condition, value);
        }
        return condition;
    }

    Target target(int descId, const std::string& value) const {
        if (descId == table_.descId) return {.place = Target::Place::ownFileId};
        if (const auto column = table_.column(descId)) return ownField(*column, value);
        const int tab = descId - descId % 100;
        const auto link = table_.column(tab + 1);
        if (link && tab != table_.descId && table_.fields[*link].kind == FieldKind::Link) {
            if (descId == tab) return {.place = Target::Place::linkId, .column = *link};
            return parentField(*link, tab, descId);
        }
        if (base_.schema().table(tab)) {
            throw Refusal(ErrorNumber::notDirectlyLinked,
                          "Critère sur une table non liée directement : " + std::to_string(tab));
        }
        throw Refusal(ErrorNumber::unknownField, "Rubrique inconnue : " + std::to_string(descId));
    }

    Target ownField(std::size_t column, const std::string& value) const {
        const Field& field = table_.fields[column];
        if (field.kind != FieldKind::Link) {
            return {.place = Target::Place::own, .column = column, .field = &field};
        }
        // A link field answers to the parent's file id, and to its label for anything else.
        const std::string first = value.substr(0, value.find(';'));
        if (first.empty() || isNumber(first)) {
            return {.place = Target::Place::linkId, .column = column};
        }
        return parentField(column, field.descId - 1, field.descId);
    }

    Target parentField(std::size_t link, int tab, int descId) const {
        const Table& parent = *base_.schema().table(tab);
        const auto column = parent.column(descId);
        if (!column) {
            throw Refusal(ErrorNumber::unknownField,
                          "Rubrique inconnue : " + std::to_string(descId));
        }
        return {.place = Target::Place::parentField,
                .column = link,
                .parentTab = tab,
                .parentColumn = *column,
                .field = &parent.fields[*column]};
    }

    std::string comparable(const Condition& condition, const std::string& value) const {
        const Field* field = condition.target.field;
        if (!field || looksAtLabel(condition.op)) return folded(value);
        if (field->kind == FieldKind::Catalog) return value;
        const auto stored = storedFrom(base_.schema(), *field, value);
        if (!stored) {
            throw Refusal(ErrorNumber::badValue,
                          "Valeur de critère invalide : " + std::to_string(field->descId));
        }
        return folded(*stored);
    }

    const Base& base_;
    const Table& table_;
};

/// What a leaf compares with: the stored value, or the label for "contains" and its like.
std::string subject(const Base& base, const Rows& rows, int fileId, const Condition& leaf) {
    const Target& target = leaf.target;
    if (target.place == Target::Place::ownFileId) return std::to_string(fileId);
    const Row& row = *rows.find(fileId);
    std::string stored = rows.value(row, target.column);
    if (target.place == Target::Place::linkId) return stored;
    if (target.place == Target::Place::parentField) {
        const Rows& parents = base.rows(target.parentTab);
        const Row* parent = stored.empty() ? nullptr : parents.find(std::stoi(stored));
        if (!parent) return {};
        stored = parents.value(*parent, target.parentColumn);
    }
    if (target.field->kind == FieldKind::Catalog && !looksAtLabel(leaf.op)) return stored;
    if (looksAtLabel(leaf.op)) stored = shown(base.schema(), *target.field, stored);
    return folded(stored);
}

double asNumber(std::string text) {
    std::replace(text.begin(), text.end(), ',', '.');
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// Negative, zero or positive; numbers by size, all else as text (dates are stored sortable).
int order(const Target& target, const std::string& left, const std::string& right) {
    if (target.field && target.field->kind != FieldKind::Number) return left.compare(right);
    const double difference = asNumber(left) - asNumber(right);
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

bool same(const Target& target, const std::string& left, const std::string& right) {
    const bool number = target.field && target.field->kind == FieldKind::Number;
    return number && !left.empty() ? order(target, left, right) == 0 : left == right;
}

bool beginsWith(const std::string& text, const std::string& start) {
    return text.compare(0, start.size(), start) == 0;
}

bool endsWith(const std::string& text, const std::string& end) {
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool inList(const Condition& leaf, const std::string& text) {
    return std::any_of(leaf.list.begin(), leaf.list.end(),
                       [&](const std::string& one) { return same(leaf.target, text, one); });
}

bool holds(const Condition& leaf, const std::string& text) {
    const auto ordered = [&] { return order(leaf.target, text, leaf.value); };
    switch (leaf.op) {
        case Operator::equal:
            return same(leaf.target, text, leaf.value);
        case Operator::notEqual:
            return !same(leaf.target, text, leaf.value);
        case Operator::less:
            return !text.empty() && ordered() < 0;
        case Operator::lessOrEqual:
            return !text.empty() && ordered() <= 0;
        case Operator::greater:
            return !text.empty() && ordered() > 0;
        case Operator::greaterOrEqual:
            return !text.empty() && ordered() >= 0;
        case Operator::beginsWith:
            return beginsWith(text, leaf.value);
        case Operator::notBegins:
            return !beginsWith(text, leaf.value);
        case Operator::endsWith:
            return endsWith(text, leaf.value);
        case Operator::notEnds:
            return !endsWith(text, leaf.value);
        case Operator::contains:
            return text.find(leaf.value) != std::string::npos;
        case Operator::notContains:
            return text.find(leaf.value) == std::string::npos;
        case Operator::inList:
            return inList(leaf, text);
        case Operator::notInList:
            return !inList(leaf, text);
        case Operator::isEmpty:
            return text.empty();
        case Operator::notEmpty:
            return !text.empty();
        case Operator::isTrue:
            return text == "1";
        case Operator::isFalse:
            return text != "1";
    }
    return false;
}

}  // namespace

Condition readCondition(const Base& base, int tab, const json& where) {
    if (where.is_null()) throw Refusal(ErrorNumber::noFilter, "Filtre obligatoire");
    return Reader(base, tab).node(where, 0);
}

bool matches(const Base& base, const Rows& rows, int fileId, const Condition& condition) {
    if (condition.members.empty()) {
        return holds(condition, subject(base, rows, fileId, condition));
    }
    bool result = false;
    for (const Condition& member : condition.members) {
        switch (member.inter) {
            case InterOperator::none:
                result = matches(base, rows, fileId, member);
                break;
            case InterOperator::conjunction:
                result = result && matches(base, rows, fileId, member);
                break;
            case InterOperator::disjunction:
                result = result || matches(base, rows, fileId, member);
                break;
            case InterOperator::except:
                result = result && !matches(base, rows, fileId, member);
                break;
        }
    }
    return result;
}

}  // namespace concordat::simulators::eudonet
