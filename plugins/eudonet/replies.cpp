// SPDX-License-Identifier: Apache-2.0
#include "plugins/eudonet/replies.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "plugins/eudonet/requests.h"
#include "sdk/concordat/text.h"
#include "sdk/concordat/tree.h"

namespace concordat::plugins::eudonet {
namespace {

using nlohmann::json;
using sdk::lowered;
using sdk::member;
using sdk::shortened;

constexpr std::string_view kVendor = "Eudonet";
constexpr std::size_t kMostWords = 400;
/// The vendor's own advice for error 300, as a live integration follows it (2026).
constexpr std::int64_t kQuotaPauseMs = 20'000;

std::string textOf(const json& tree) {
    if (tree.is_boolean()) return tree.get<bool>() ? "1" : "0";
    return sdk::textOf(tree);
}

int numberOf(const json& tree) {
    if (tree.is_number_integer()) {
        const auto value = tree.get<std::int64_t>();
        return value >= -1'000'000'000 && value <= 1'000'000'000 ? static_cast<int>(value) : 0;
    }
    int value = 0;
    if (tree.is_string()) {
        const auto& text = tree.get_ref<const std::string&>();
        std::from_chars(text.data(), text.data() + text.size(), value);
    }
    return value;
}

bool isFalse(const json& tree) {
    return tree == json(false) || tree == json(0) || tree == json("false") || tree == json("0");
}
bool isTrue(const json& tree) {
    return tree == json(true) || tree == json(1) || tree == json("true") || tree == json("1");
}

Answer ended(Ending ending, std::string reason, std::int64_t wait = 2'000) {
    Answer answer;
    answer.ending = ending;
    answer.reason = std::move(reason);
    answer.retryAfterMs = wait;
    return answer;
}

Answer statusAnswer(int status, const sdk::HttpReply& reply, bool reads) {
    const std::string text = "Eudonet answered HTTP " + std::to_string(status);
    const auto wait = reply.retryAfterMs > 0 ? reply.retryAfterMs : kQuotaPauseMs;
    return ended(sdk::endingOfStatus(status, reads), text, status == 429 ? wait : 2'000);
}

/// The errors that come inside an HTTP 200.
Answer errorAnswer(const json& infos) {
    const int number = numberOf(member(infos, "ErrorNumber"));
    std::string reason = "Eudonet answered error " + std::to_string(number);
    Answer answer = ended(Ending::Refused, reason);
    if (number >= 100 && number <= 199)
        answer = ended(Ending::SignIn, reason + ": it does not accept the token", 60'000);
    if (number == 204) answer.reason += ": a filter on a table that is not directly linked";
    if (number == 300)
        answer = ended(Ending::Later, reason + ": the quota of calls is used up", kQuotaPauseMs);
    if (number == 701) answer.reason += ": no column was asked for";
    answer.code = std::to_string(number);
    for (const char* name : {"ErrorMessage", "ApiMessage", "ErrorDetail"})
        if (answer.words.empty())
            answer.words = shortened(unescaped(textOf(member(infos, name))), kMostWords);
    return answer;
}

std::optional<Row> rowOf(const json& tree) {
    Row row;
    row.fileId = textOf(member(tree, "FileId"));
    if (!isId(row.fileId)) return std::nullopt;
    row.writable = !isFalse(member(tree, "UpdateAllowed"));
    const json& fields = member(tree, "Fields");
    if (!fields.is_array()) return row;
    for (const auto& field : fields) {
        const int descId = numberOf(member(field, "DescId"));
        if (descId <= 0) continue;
        Cell cell;
        cell.shown = unescaped(textOf(member(field, "Value")));
        const json& stored = member(field, "DbValue");
        cell.stored = stored.is_null() ? cell.shown : unescaped(textOf(stored));
        cell.fileId = textOf(member(field, "FileId"));
        if (!isId(cell.fileId) || cell.fileId == "0") cell.fileId.clear();
        cell.writable = !isFalse(member(field, "UpdateAllowed"));
        cell.visible = !isFalse(member(field, "ViewAllowed"));
        row.cells[descId] = std::move(cell);
    }
    return row;
}

/// EdnFormat numbers are not documented in what we know: the number is shown as it is.
std::string typeOf(const json& field) {
    return (isTrue(member(field, "Multiple")) ? "multiple, " : "") + std::string("format ") +
           textOf(member(field, "EdnFormat"));
}

void appendUtf8(std::string& text, std::uint32_t code) {
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
    if (code < 0x80) {
        text += static_cast<char>(code);
        return;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    constexpr std::array<std::uint32_t, 4> kLead = {0, 0xC0, 0xE0, 0xF0};
    text += static_cast<char>(kLead[static_cast<std::size_t>(more)] | code >> (6 * more));
    for (int i = more - 1; i >= 0; --i) text += static_cast<char>(0x80 | (code >> (6 * i) & 0x3F));
}

/// The character that an entity's name ("#039", "amp") stands for; 0 if it is none.
std::uint32_t entity(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::uint32_t>, 6> kNames = {
        std::pair{std::string_view("amp"), '&'},
        {"lt", '<'},
        {"gt", '>'},
        {"quot", '"'},
        {"apos", '\''},
        {"nbsp", 0xA0}};
    for (const auto& [known, code] : kNames)
        if (name == known) return code;
    if (name.size() < 2 || name[0] != '#') return 0;
    const bool hex = name[1] == 'x' || name[1] == 'X';
    const char* begin = name.data() + (hex ? 2 : 1);
    std::uint32_t code = 0;
    const auto [stop, error] =
        std::from_chars(begin, name.data() + name.size(), code, hex ? 16 : 10);
    return error == std::errc() && stop == name.data() + name.size() ? code : 0;
}

/// The one field of `tab` whose label is among `labels`; 0 if there is none.
int fieldLabelled(const NamedField& named, const BaseInfo& base) {
    std::string labels = named.name->labels + "|";
    for (std::size_t at = 0; at < labels.size();) {
        const auto end = labels.find('|', at);
        const std::string label = lowered(labels.substr(at, end - at));
        at = end + 1;
        int found = 0;
        for (const auto& [descId, field] : base.fields) {
            if (field.tab != named.tab || lowered(field.label) != label) continue;
            if (found != 0)
                throw sdk::CallError("setting " + named.setting + ": several fields of table " +
                                     std::to_string(named.tab) +
                                     " have that label; give the DescId instead");
            found = descId;
        }
        if (found != 0) return found;
    }
    return 0;
}

}  // namespace

const Cell* Row::cell(int descId) const {
    const auto found = cells.find(descId);
    return found == cells.end() || !found->second.visible ? nullptr : &found->second;
}

Answer answerOf(const sdk::HttpReply& reply, bool reads) {
    if (reply.status == 0 || reply.kind == sdk::HttpClass::Cancelled)
        return sdk::silence(reply, kVendor, reads);
    if (reply.status < 200 || reply.status > 299) return statusAnswer(reply.status, reply, reads);
    json body = json::parse(reply.body, nullptr, false);
    const json& infos = member(body, "ResultInfos");
    Answer answer;
    if (infos.is_object() &&
        (isFalse(member(infos, "Success")) || numberOf(member(infos, "ErrorNumber")) != 0))
        answer = errorAnswer(infos);
    else if (member(infos, "Success") == json(true))  // "true" comes with other values twisted too
        answer = ended(Ending::Done, "");
    else
        answer = ended(reads ? Ending::Later : Ending::Unclear,
                       "Eudonet's answer is not the JSON its documentation describes");
    answer.status = reply.status;
    answer.body = std::move(body);
    return answer;
}

std::optional<RowPage> pageOf(const Answer& answer) {
    const json& rows = member(member(answer.body, "ResultData"), "Rows");
    if (answer.ending != Ending::Done || !(rows.is_array() || rows.is_null())) return std::nullopt;
    RowPage page;
    const json& meta = member(answer.body, "ResultMetaData");
    if (member(meta, "TotalRows").is_number_integer())
        page.totalRows = numberOf(member(meta, "TotalRows"));
    page.totalPages = numberOf(member(meta, "TotalPages"));
    if (rows.is_null()) {
        // No rows at all is an answer only if the vendor says that it counted none.
        if (!member(answer.body, "ResultData").is_object() || page.totalRows > 0)
            return std::nullopt;
        return page;
    }
    page.sent = rows.size();
    for (const auto& tree : rows) {
        if (auto row = rowOf(tree))
            page.rows.push_back(std::move(*row));
        else
            ++page.skipped;
    }
    return page;
}

BaseInfo baseOf(const json& body) {
    BaseInfo base;
    const json& tables = member(member(body, "ResultMetaData"), "Tables");
    if (!tables.is_array()) return base;
    for (const auto& table : tables) {
        const int tab = numberOf(member(table, "DescId"));
        base.tables[tab] = unescaped(textOf(member(table, "Label")));
        base.addAllowed[tab] = !isFalse(member(table, "AddAllowed"));
        const json& fields = member(table, "Fields");
        if (!fields.is_array()) continue;
        for (const auto& field : fields) {
            FieldInfo info;
            info.tab = tab;
            info.descId = numberOf(member(field, "DescId"));
            info.label = unescaped(textOf(member(field, "Label")));
            info.type = typeOf(field);
            info.writable = !isFalse(member(field, "UpdateAllowed"));
            info.visible = !isFalse(member(field, "ViewAllowed"));
            if (info.descId > 0) base.fields[info.descId] = std::move(info);
        }
    }
    return base;
}

std::string createdId(const json& body) {
    const std::string id = textOf(member(member(body, "ResultData"), "FileId"));
    return isId(id) ? id : "";
}

void resolve(const std::vector<NamedField>& names, const BaseInfo& base) {
    for (const auto& named : names) {
        if (named.name->descId != 0 || named.name->labels.empty()) continue;
        named.name->descId = fieldLabelled(named, base);
        if (named.name->descId == 0 && named.name->required)
            throw sdk::CallError("setting " + named.setting + ": no field of table " +
                                 std::to_string(named.tab) +
                                 " that the API user may see has the label " + named.name->labels);
    }
}

std::string unescaped(const std::string& text) {
    if (text.find('&') == std::string::npos) return text;
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto end = text[at] == '&' ? text.find(';', at) : std::string::npos;
        const auto code = end == std::string::npos || end - at > 10
                              ? 0
                              : entity(std::string_view(text).substr(at + 1, end - at - 1));
        if (code == 0) {
            plain += text[at];
        } else {
            appendUtf8(plain, code);
            at = end;
        }
    }
    return plain;
}

}  // namespace concordat::plugins::eudonet
