// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/eudonet/replies.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "tools/simulators/eudonet/values.h"

namespace concordat::simulators::eudonet {
namespace {

using nlohmann::json;

std::string jsonText(std::string_view text) {
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

const char* word(bool value) { return value ? "true" : "false"; }

std::string infos(ErrorNumber number, const std::string& message, bool success) {
    return R"({"ResultInfos":{"ApiMessage":"","ErrorDetail":null,"ErrorMessage":)" +
           jsonText(message) +
           ",\"ErrorNumber\":" + std::to_string(success ? 0 : static_cast<int>(number)) +
           ",\"Success\":" + word(success) + "}";
}

/// One shown cell: where its value lies and what it is.
struct Cell {
    const Field* field = nullptr;
    std::string stored;
    std::string display;
    int linkedFileId = 0;  ///< for links
};

std::string labelOf(const Base& base, int tab, int fileId) {
    const Rows& rows = base.rows(tab);
    const Row* row = rows.find(fileId);
    if (!row) return {};
    std::string label = rows.value(*row, 0);
    if (tab == 200) {
        const std::string first = rows.value(*row, 1);
        if (!first.empty()) label += ' ' + first;
    }
    return label;
}

Cell cell(const Base& base, const Rows& rows, const Row& row, int descId) {
    const Table& table = rows.table();
    if (const auto column = table.column(descId)) {
        Cell out{&table.fields[*column], rows.value(row, *column), {}, 0};
        if (out.field->kind == FieldKind::Link) {
            out.linkedFileId = out.stored.empty() ? 0 : std::stoi(out.stored);
            out.display = labelOf(base, descId - 1, out.linkedFileId);
        } else {
            out.display = shown(base.schema(), *out.field, out.stored);
        }
        return out;
    }
    const int parentTab = descId - descId % 100;
    const std::string link = rows.value(row, *table.column(parentTab + 1));
    const Rows& parents = base.rows(parentTab);
    const std::size_t column = *parents.table().column(descId);
    Cell out{&parents.table().fields[column], {}, {}, 0};
    if (const Row* parent = link.empty() ? nullptr : parents.find(std::stoi(link))) {
        out.stored = parents.value(*parent, column);
        out.display = shown(base.schema(), *out.field, out.stored);
    }
    return out;
}

void appendCell(std::string& out, const Cell& cell, int descId, const Knobs& knobs, bool locked) {
    const bool view = knobs.mayView(descId);
    const bool write = !locked && !cell.field->readOnly && knobs.mayWrite(descId);
    const std::string display = knobs.html_entities ? withHtmlEntities(cell.display) : cell.display;
    out += "{\"DescId\":" + std::to_string(descId);
    out += ",\"Value\":" + jsonText(view ? display : "");
    out += ",\"DbValue\":" + jsonText(view ? cell.stored : "");
    if (cell.field->kind == FieldKind::Link) {
        out += ",\"FileId\":" + std::to_string(view ? cell.linkedFileId : 0);
    }
    out += std::string(",\"Mandatory\":") + word(cell.field->mandatory);
    out += std::string(",\"UpdateAllowed\":") + word(write);
    out += std::string(",\"ViewAllowed\":") + word(view) + "}";
}

/// EdnFormat numbers; only 1 (text) is seen in public captures, the others are from memory.
int ednFormat(FieldKind kind) {
    switch (kind) {
        case FieldKind::Date:
            return 2;
        case FieldKind::Flag:
            return 3;
        case FieldKind::AutoId:
            return 4;
        case FieldKind::Email:
            return 6;
        case FieldKind::Memo:
            return 9;
        case FieldKind::Number:
            return 10;
        case FieldKind::Phone:
            return 12;
        default:
            return 1;
    }
}

json fieldJson(const Field& field, const Knobs& knobs) {
    const bool catalog = field.kind == FieldKind::Catalog;
    return {{"DescId", field.descId},
            {"Label", field.label},
            {"EdnFormat", ednFormat(field.kind)},
            {"Length", field.length},
            {"Mandatory", field.mandatory},
            {"Multiple", field.multiple},
            {"PopupDescId", catalog ? field.descId : 0},
            {"PopupType", catalog ? 3 : 0},
            {"Disporder", field.descId % 100},
            {"ImgStorage", 0},
            {"IsHtml", false},
            {"IsLink", field.kind == FieldKind::Link},
            {"IconInfo", nullptr},
            {"SocialNetworkRootUrl", nullptr},
            {"UpdateAllowed", !field.readOnly && knobs.mayWrite(field.descId)},
            {"ViewAllowed", knobs.mayView(field.descId)}};
}

}  // namespace

Reply successReply(const std::string& data, const std::string& metadata) {
    Reply reply;
    reply.body = infos(ErrorNumber::badRequest, "", true);
    if (!data.empty()) reply.body += ",\"ResultData\":" + data;
    if (!metadata.empty()) reply.body += ",\"ResultMetaData\":" + metadata;
    reply.body += '}';
    return reply;
}

Reply failureReply(ErrorNumber number, const std::string& message, int status) {
    Reply reply;
    reply.status = status;
    reply.body = infos(number, message, false) + ",\"ResultData\":null}";
    return reply;
}

std::string rowText(
    const Base& base, const Knobs& knobs, int tab, int fileId, const std::vector<int>& columns) {
    const Rows& rows = base.rows(tab);
    const Row& row = *rows.find(fileId);
    const bool locked = knobs.isLocked(fileId);
    std::string out = "{\"FileId\":" + std::to_string(fileId) + ",\"Tab\":" + std::to_string(tab);
    out += std::string(",\"UpdateAllowed\":") + word(!locked);
    out += std::string(",\"DelAllowed\":") + word(!locked) + ",\"Fields\":[";
    bool first = true;
    for (const int descId : columns) {
        if (!first) out += ',';
        first = false;
        appendCell(out, cell(base, rows, row, descId), descId, knobs, locked);
    }
    return out + "]}";
}

std::vector<int> allColumns(const Table& table) {
    std::vector<int> out;
    for (const Field& field : table.fields) out.push_back(field.descId);
    return out;
}

std::string tableText(const Base& base,
                      const Knobs& knobs,
                      const Table& table,
                      const std::vector<int>& fields) {
    json links = json::array();
    json linksInfo = json::array();
    json shownFields = json::array();
    for (const Field& field : table.fields) {
        if (field.kind == FieldKind::Link && base.schema().table(field.descId - 1)) {
            links.push_back(field.descId - 1);
            linksInfo.push_back(
                {{"DescId", field.descId - 1}, {"IsLink", true}, {"Mandatory", field.mandatory}});
        }
        if (std::find(fields.begin(), fields.end(), field.descId) != fields.end()) {
            shownFields.push_back(fieldJson(field, knobs));
        }
    }
    return json({{"DescId", table.descId},
                 {"Label", table.label},
                 {"EdnType", 0},
                 {"AddAllowed", true},
                 {"CalendarEnabled", false},
                 {"Icon", "f072"},
                 {"Links", links},
                 {"LinksInfo", linksInfo},
                 {"Fields", shownFields}})
        .dump();
}

}  // namespace concordat::simulators::eudonet
