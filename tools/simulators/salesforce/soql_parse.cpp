// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tools/simulators/salesforce/ids.h"
#include "tools/simulators/salesforce/soql.h"
#include "tools/simulators/salesforce/soql_words.h"
#include "tools/simulators/salesforce/times.h"
#include "tools/simulators/stage/http.h"

namespace concordat::simulators::salesforce {
namespace {

constexpr std::uint64_t kMaxOffset = 2000;

class Parser {
 public:
    Parser(const Org& org, std::string_view text)
        : org_(org), text_(text), words_(readWords(text)) {}

    Select parse();

 private:
    const Word& peek() const { return words_[at_]; }
    Word next() { return words_[at_ + 1 < words_.size() ? at_++ : at_]; }
    bool isWord(std::string_view word) const {
        return peek().kind == Word::Kind::name && sameText(peek().text, word);
    }
    bool takeWord(std::string_view word) { return isWord(word) && (next(), true); }
    bool takeMark(std::string_view mark) {
        return peek().kind == Word::Kind::mark && peek().text == mark && (next(), true);
    }
    [[noreturn]] void unexpected() const;
    void needWord(std::string_view word);
    void needMark(std::string_view mark);
    std::string name();

    std::vector<std::pair<std::string, std::size_t>> selectList(Select& select);
    void addFields(Select& select, const std::string& text, std::size_t column);
    void addFieldsKeyword(Select& select, const std::string& which);
    Path path(const std::string& text, std::size_t column) const;
    [[noreturn]] void noColumn(const std::string& name, int object, std::size_t column) const;
    Condition anyOf();
    Condition allOf();
    Condition single();
    Condition comparison();
    Comparison comparisonSign();
    Value literal(const Path& path);
    Value typed(const Path& path, const Word& word) const;
    void order(Select& select);
    std::uint64_t number();

    const Org& org_;
    std::string_view text_;
    std::vector<Word> words_;
    std::size_t at_ = 0;
    int object_ = -1;
};

void Parser::unexpected() const {
    const auto& what = peek().kind == Word::Kind::end ? std::string("<EOF>") : peek().text;
    throw ApiError(400, "MALFORMED_QUERY", "unexpected token: '" + what + "'");
}

void Parser::needWord(std::string_view word) {
    if (!takeWord(word)) unexpected();
}

void Parser::needMark(std::string_view mark) {
    if (!takeMark(mark)) unexpected();
}

std::string Parser::name() {
    if (peek().kind != Word::Kind::name) unexpected();
    return next().text;
}

std::uint64_t Parser::number() {
    if (peek().kind != Word::Kind::number || peek().text.find('.') != std::string::npos ||
        peek().text[0] == '-' || peek().text.size() > 9) {
        unexpected();
    }
    return std::stoull(next().text);
}

void Parser::noColumn(const std::string& wanted, int object, std::size_t column) const {
    const auto from = column > 20 ? column - 20 : 0;
    throw ApiError(
        400, "INVALID_FIELD",
        "\n" + std::string(text_.substr(from, 80)) + "\n" + std::string(column - from, ' ') +
            "^\nERROR at Row:1:Column:" + std::to_string(column + 1) + "\nNo such column '" +
            wanted + "' on entity '" + schema()[static_cast<std::size_t>(object)].name() +
            "'. If you are attempting to use a custom field, be sure to append the "
            "'__c' after the custom field name. Please reference your WSDL or the "
            "describe call for the appropriate names.");
}

Path Parser::path(const std::string& text, std::size_t column) const {
    Path path;
    path.object = object_;
    std::string rest = text;
    for (auto dot = rest.find('.'); dot != std::string::npos; dot = rest.find('.')) {
        const auto& type = schema()[static_cast<std::size_t>(path.object)];
        const std::string parent = rest.substr(0, dot);
        rest.erase(0, dot + 1);
        if (path.parents.empty() && sameText(parent, type.name())) continue;
        const int field = type.findRelationship(parent);
        if (field < 0 || !org_.visible(type, type.fields()[static_cast<std::size_t>(field)])) {
            throw ApiError(400, "INVALID_FIELD",
                           "Didn't understand relationship '" + parent +
                               "' in field path. If you are attempting to use a custom "
                               "relationship, be sure to append the '__r' after the custom "
                               "relationship name.");
        }
        const auto& reference = type.fields()[static_cast<std::size_t>(field)];
        path.parents.push_back(static_cast<FieldIndex>(field));
        path.names.push_back(reference.relationship);
        path.object = findObject(reference.refersTo.back());
        if (path.object < 0) noColumn(rest, object_, column);
    }
    const auto& type = schema()[static_cast<std::size_t>(path.object)];
    const int field = type.find(rest);
    if (field < 0 || !org_.visible(type, type.fields()[static_cast<std::size_t>(field)])) {
        noColumn(rest, path.object, column);
    }
    path.field = static_cast<FieldIndex>(field);
    return path;
}

std::vector<std::pair<std::string, std::size_t>> Parser::selectList(Select& select) {
    std::vector<std::pair<std::string, std::size_t>> names;
    needWord("SELECT");
    do {
        const auto column = peek().column;
        auto item = name();
        if (takeMark("(")) {
            if (sameText(item, "COUNT") && names.empty() && takeMark(")")) {
                select.count = true;
                return {};
            }
            if (!sameText(item, "FIELDS")) unexpected();
            item = "FIELDS " + name();
            needMark(")");
        }
        names.emplace_back(std::move(item), column);
    } while (takeMark(","));
    return names;
}

void Parser::addFieldsKeyword(Select& select, const std::string& which) {
    const auto& type = schema()[static_cast<std::size_t>(object_)];
    const bool all = sameText(which, "ALL");
    if (!all && !sameText(which, "STANDARD") && !sameText(which, "CUSTOM")) unexpected();
    for (std::size_t i = 0; i < type.fields().size(); ++i) {
        const auto& field = type.fields()[i];
        const bool custom =
            field.name.size() > 3 && field.name.substr(field.name.size() - 3) == "__c";
        if (!org_.visible(type, field) || (!all && custom != sameText(which, "CUSTOM"))) continue;
        Path path;
        path.object = object_;
        path.field = static_cast<FieldIndex>(i);
        select.fields.push_back(path);
    }
}

void Parser::addFields(Select& select, const std::string& text, std::size_t column) {
    if (text.rfind("FIELDS ", 0) == 0) return addFieldsKeyword(select, text.substr(7));
    Path wanted = path(text, column);
    for (const auto& there : select.fields) {
        if (there.field == wanted.field && there.parents == wanted.parents) {
            throw ApiError(400, "INVALID_FIELD", "duplicate field selected: " + text);
        }
    }
    select.fields.push_back(std::move(wanted));
}

Value Parser::typed(const Path& path, const Word& word) const {
    const auto& field = path.last();
    const auto refuse = [&](const std::string& type, bool quotes) -> Value {
        throw ApiError(400, "INVALID_FIELD",
                       "value of filter criterion for field '" + field.name + "' must be of type " +
                           type + (quotes ? "" : " and should not be enclosed in quotes"));
    };
    if (word.kind == Word::Kind::name && sameText(word.text, "null")) return {};
    switch (field.kind) {
        case Kind::boolean:
            if (word.kind != Word::Kind::name) return refuse("boolean", false);
            if (sameText(word.text, "true")) return true;
            if (sameText(word.text, "false")) return false;
            return refuse("boolean", false);
        case Kind::dateTime: {
            const auto at = word.kind == Word::Kind::time ? readTime(word.text) : std::nullopt;
            return at ? Value(Instant{*at}) : refuse("dateTime", false);
        }
        case Kind::date:
            if (word.kind != Word::Kind::time || !isDate(word.text)) return refuse("date", false);
            return word.text;
        case Kind::integer:
        case Kind::number:
            if (word.kind != Word::Kind::number) return refuse("double", false);
            return std::stod(word.text);
        default:
            break;
    }
    if (word.kind != Word::Kind::string) return refuse("string", true);
    if (field.kind != Kind::id && field.kind != Kind::reference) return word.text;
    const auto id = fullId(word.text);
    if (id || word.text.empty()) return id ? Value(*id) : Value{};
    throw ApiError(400, "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: " + word.text);
}

Value Parser::literal(const Path& path) {
    if (peek().kind == Word::Kind::mark || peek().kind == Word::Kind::end) unexpected();
    return typed(path, next());
}

Comparison Parser::comparisonSign() {
    if (takeWord("LIKE")) return Comparison::like;
    if (takeWord("IN")) return Comparison::in;
    if (takeWord("NOT")) return needWord("IN"), Comparison::notIn;
    if (takeMark("=")) return Comparison::equal;
    if (takeMark("!=") || takeMark("<>")) return Comparison::unequal;
    if (takeMark("<=")) return Comparison::lessEqual;
    if (takeMark(">=")) return Comparison::greaterEqual;
    if (takeMark("<")) return Comparison::less;
    if (takeMark(">")) return Comparison::greater;
    unexpected();
}

Condition Parser::comparison() {
    Condition out;
    const auto column = peek().column;
    out.path = path(name(), column);
    out.comparison = comparisonSign();
    if (out.comparison != Comparison::in && out.comparison != Comparison::notIn) {
        const Word& word = peek();
        out.values.push_back(out.comparison == Comparison::like && word.kind == Word::Kind::string
                                 ? Value(next().raw)
                                 : literal(out.path));
        return out;
    }
    needMark("(");
    do {
        out.values.push_back(literal(out.path));
    } while (takeMark(","));
    needMark(")");
    return out;
}

Condition Parser::single() {
    if (takeWord("NOT")) {
        Condition out;
        out.join = Condition::Join::none;
        out.parts.push_back(single());
        return out;
    }
    if (!takeMark("(")) return comparison();
    Condition inner = anyOf();
    needMark(")");
    return inner;
}

Condition Parser::allOf() {
    Condition first = single();
    if (!isWord("AND")) return first;
    Condition out;
    out.join = Condition::Join::all;
    out.parts.push_back(std::move(first));
    while (takeWord("AND")) out.parts.push_back(single());
    return out;
}

Condition Parser::anyOf() {
    Condition first = allOf();
    if (!isWord("OR")) return first;
    // AND and OR side by side need parentheses; the vendor refuses to guess.
    if (first.join == Condition::Join::all && words_[at_ - 1].text != ")") unexpected();
    Condition out;
    out.join = Condition::Join::any;
    out.parts.push_back(std::move(first));
    while (takeWord("OR")) out.parts.push_back(single());
    if (isWord("AND")) unexpected();
    return out;
}

void Parser::order(Select& select) {
    needWord("BY");
    do {
        Ordering ordering;
        const auto column = peek().column;
        ordering.path = path(name(), column);
        ordering.descending = takeWord("DESC");
        if (!ordering.descending) takeWord("ASC");
        if (takeWord("NULLS")) {
            ordering.nullsLast = takeWord("LAST");
            if (!ordering.nullsLast) needWord("FIRST");
        }
        select.order.push_back(std::move(ordering));
    } while (takeMark(","));
}

Select Parser::parse() {
    Select select;
    const auto names = selectList(select);
    needWord("FROM");
    const auto object = name();
    object_ = select.object = findObject(object);
    if (object_ < 0) {
        throw ApiError(
            400, "INVALID_TYPE",
            "sObject type '" + object +
                "' is not supported. If you are attempting to "
                "use a custom object, be sure to append the '__c' after the entity name.");
    }
    for (const auto& [text, column] : names) addFields(select, text, column);
    if (takeWord("WHERE")) select.where = anyOf();
    if (takeWord("ORDER")) order(select);
    if (takeWord("LIMIT")) select.limit = number();
    if (takeWord("OFFSET")) select.offset = number();
    if (peek().kind != Word::Kind::end) unexpected();
    if (select.offset > kMaxOffset) {
        throw ApiError(400, "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000");
    }
    const bool wide = std::any_of(names.begin(), names.end(), [](const auto& item) {
        return item.first.rfind("FIELDS ", 0) == 0 && !sameText(item.first.substr(7), "STANDARD");
    });
    if (wide && select.limit.value_or(201) > 200) {
        throw ApiError(400, "MALFORMED_QUERY",
                       "The SOQL FIELDS function must have a LIMIT of at most 200");
    }
    return select;
}

}  // namespace

Select parseSoql(const Org& org, std::string_view text) {
    if (text.size() > 100000) {
        throw ApiError(400, "MALFORMED_QUERY",
                       "SOQL statements cannot be longer than 100000 characters.");
    }
    return Parser(org, text).parse();
}

}  // namespace concordat::simulators::salesforce
