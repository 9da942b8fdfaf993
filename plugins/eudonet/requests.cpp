// SPDX-License-Identifier: Apache-2.0
#include "plugins/eudonet/requests.h"

#include <algorithm>

#include "sdk/concordat/tree.h"

namespace concordat::plugins::eudonet {
namespace {

using nlohmann::json;

sdk::HttpRequest request(const Settings& settings,
                         const std::string& method,
                         const std::string& path,
                         const json& body = nullptr) {
    sdk::HttpRequest made;
    made.method = method;
    made.url = settings.baseUrl + "/" + path;
    made.headers["accept"] = "application/json";
    made.pool = "api";
    if (!body.is_null()) {
        made.headers["content-type"] = "application/json";
        made.body = sdk::written(body);
    }
    return made;
}

sdk::HttpRequest reading(sdk::HttpRequest made) {
    made.idempotent = true;
    return made;
}

/// The member's own operator stands before it and must be 0 on the first of a group.
json leaf(const Criterion& criterion, int interOperator) {
    return {{"WhereCustoms", nullptr},
            {"Criteria",
             {{"Field", std::to_string(criterion.field)},
              {"Operator", static_cast<int>(criterion.op)},
              {"Value", criterion.value}}},
            {"InterOperator", interOperator}};
}

void addKnown(std::vector<int>& columns, const FieldName& field) {
    if (field.descId != 0 &&
        std::find(columns.begin(), columns.end(), field.descId) == columns.end())
        columns.push_back(field.descId);
}

}  // namespace

sdk::HttpRequest search(const Settings& settings, const SearchWish& wish) {
    json members = json::array();
    for (const auto& criterion : wish.where)
        members.push_back(leaf(criterion, members.empty() ? 0 : wish.any ? 2 : 1));
    json body = {
        {"ShowMetadata", true},
        {"RowsPerPage", wish.rows},
        {"NumPage", wish.page},
        {"ListCols", wish.columns},
        {"WhereCustom",
         {{"WhereCustoms", std::move(members)}, {"Criteria", nullptr}, {"InterOperator", 0}}}};
    if (wish.orderBy != 0)
        body["OrderBy"] = json::array({{{"DescId", wish.orderBy}, {"Order", 0}}});
    return reading(request(settings, "POST", "Search/" + std::to_string(wish.tab), body));
}

sdk::HttpRequest getRecord(const Settings& settings, int tab, const std::string& fileId) {
    return reading(request(settings, "GET", "Search/" + std::to_string(tab) + "/" + fileId));
}

sdk::HttpRequest metaInfos(const Settings& settings, const std::vector<int>& tabs) {
    json tables = json::array();
    for (const int tab : tabs)
        tables.push_back({{"DescId", tab}, {"AllFields", true}, {"Fields", {0}}});
    return reading(request(settings, "POST", "MetaInfos/", {{"Tables", std::move(tables)}}));
}

sdk::HttpRequest write(const Settings& settings,
                       int tab,
                       const std::string& fileId,
                       const Fields& fields) {
    json list = json::array();
    for (const auto& [descId, value] : fields)
        list.push_back({{"DescId", descId}, {"Value", value}});
    const std::string path = "CUD/" + std::to_string(tab) + (fileId.empty() ? "" : "/" + fileId);
    return request(settings, "POST", path, {{"Fields", std::move(list)}});
}

sdk::HttpRequest addAnnex(const Settings& settings,
                          int tab,
                          const std::string& fileId,
                          const std::string& name,
                          const std::string& text) {
    return request(settings, "POST", "Annexes/Add",
                   {{"FileId", std::stoll(fileId)},
                    {"TabId", tab},
                    {"FileName", name},
                    {"Content", base64(text)},
                    {"IsUrl", false}});
}

std::vector<Criterion> anything(int field) {
    return {{field, Operator::Empty, ""}, {field, Operator::NotEmpty, ""}};
}

std::vector<int> columnsOf(const Settings& settings, const People& people) {
    std::vector<int> columns;
    if (people.object == "address") columns.push_back(settings.personLink());
    for (const auto* field :
         {&people.email, &people.mobile, &people.phone, &people.modified, &people.created})
        addKnown(columns, *field);
    for (const auto& [name, field] : people.external) addKnown(columns, field);
    if (&people == &settings.records())
        for (const auto& flag : settings.flags)
            for (const auto* field : {&flag.field, &flag.date, &flag.source})
                addKnown(columns, *field);
    // An empty list is error 701.
    if (columns.empty()) columns.push_back(people.tab + 1);
    return columns;
}

std::vector<int> columnsOf(const Settings& settings, const Consents& rows) {
    std::vector<int> columns = {settings.personLink()};
    for (const auto* field : {&rows.channel, &rows.status, &rows.date, &rows.source, &rows.key,
                              &rows.purpose, &rows.modified})
        addKnown(columns, *field);
    return columns;
}

bool isId(const std::string& id) {
    return !id.empty() && id.size() <= 18 &&
           std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string base64(const std::string& bytes) {
    static constexpr char kLetters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i)
            bits = bits << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            text += i <= count ? kLetters[bits >> (18 - 6 * i) & 63] : '=';
    }
    return text;
}

}  // namespace concordat::plugins::eudonet
