// SPDX-License-Identifier: Apache-2.0
#pragma once
// A Salesforce org in memory, just strict enough for the connector's tests: keyset and IN queries,
// retrieve, collections, composite, describe, getDeleted.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/salesforce/times.h"
#include "plugins/salesforce/vocabulary.h"
#include "tests/plugins/scripted_host.h"

namespace concordat::plugins::testing {

using nlohmann::json;

/// The `number`th record of an object, as 18 characters.
inline std::string idOf(const std::string& object, int number) {
    const std::map<std::string, std::string> prefixes = {
        {"Contact", "003"}, {"Lead", "00Q"}, {"Individual", "0PK"}};
    const auto prefix = prefixes.contains(object) ? prefixes.at(object) : "0ZX";
    std::string digits = std::to_string(number);
    return salesforce::fullId(prefix + std::string(12 - digits.size(), '0') + digits);
}

class Org {
 public:
    std::map<std::string, std::map<std::string, json>> objects;  ///< object -> id -> row
    std::map<std::string, std::vector<std::string>> hidden;      ///< fields by object
    sdk::EpochMs clock = 1'795'000'000'000;
    bool dated = true;
    std::vector<std::string> soql;  ///< every query, in order
    std::vector<json> writes;       ///< every patch of a record
    /// A fault for one request, before anything is done.
    std::function<std::optional<sdk::HttpReply>(const sdk::HttpRequest&)> fault;
    /// A fault for one record of a write: a code of the vendor's.
    std::function<std::string(const json& record, std::size_t together)> recordFault;
    std::function<void()> beforeWrite;
    std::function<bool(const json& row)> invisible;
    json deleted = json::array();  ///< what getDeleted tells
    std::optional<sdk::EpochMs> covered;

    json& add(const std::string& object, int number, sdk::EpochMs modified) {
        const auto id = idOf(object, number);
        json row = {{"Id", id},
                    {"SystemModstamp", stamp(modified)},
                    {"CreatedDate", stamp(modified)},
                    {"LastModifiedById", "005000000000001AAA"},
                    {"IsDeleted", false},
                    {"MasterRecordId", nullptr}};
        for (const auto& flag : salesforce::kFlags)
            if (flag.object == object) row[std::string(flag.field)] = false;
        if (object != "Individual") {
            row["Email"] = "p" + std::to_string(number) + "@example.org";
            for (const char* name : {"Phone", "MobilePhone", "IndividualId"}) row[name] = nullptr;
        }
        if (object == "Lead") row["IsConverted"] = false, row["ConvertedContactId"] = nullptr;
        return objects[object][id] = std::move(row);
    }
    void change(const std::string& object, int number, const json& values, sdk::EpochMs at) {
        json& row = objects[object][idOf(object, number)];
        row.update(values);
        row["SystemModstamp"] = stamp(at);
    }
    static std::string stamp(sdk::EpochMs at) {
        auto text = salesforce::soqlTime(at);
        text.pop_back();
        return text + (text.size() > 19 ? "" : ".000") + "+0000";
    }

    sdk::HttpReply operator()(const sdk::HttpRequest& request) {
        const auto given = fault ? fault(request) : std::nullopt;
        auto reply = given ? *given : answer(request);
        if (dated) reply.headers["date"] = sdk::httpDate(clock);
        reply.headers["sforce-limit-info"] =
            "api-usage=18/5000; per-app-api-usage=17/250(appName=x)";
        reply.token = {
            {"instance_url", "https://acme.my.salesforce.com"},
            {"id", "https://login.salesforce.com/id/00D5e000001N20QEAS/0055e000003E8ooAAC"}};
        return reply;
    }
    static json error(const std::string& code, const std::string& words) {
        return json::array({{{"errorCode", code}, {"message", words}}});
    }

 private:
    using Answered = std::pair<int, json>;

    sdk::HttpReply answer(const sdk::HttpRequest& request) {
        const std::string base = "{token:instance_url}";
        if (!request.url.starts_with(base)) return replied(400, "");
        const auto [status, body] =
            serve(request.method, request.url.substr(base.size()),
                  request.body.empty() ? json() : json::parse(request.body), {});
        return replied(status, body.is_null() ? "" : body.dump());
    }

    Answered serve(const std::string& method,
                   const std::string& path,
                   const json& body,
                   const json& headers) {
        if (path == "/services/data/")
            return {200, json::parse(R"([{"version":"65.0"},{"version":"66.0"}])")};
        const std::string version = "/services/data/v66.0";
        if (!path.starts_with(version)) return {404, error("NOT_FOUND", "no such version")};
        const std::string rest = path.substr(version.size());
        if (rest.starts_with("/queryAll?q=")) return select(decoded(rest.substr(12)), true);
        if (rest.starts_with("/query?q=")) return select(decoded(rest.substr(9)), false);
        if (rest == "/composite") return composite(body);
        if (rest == "/composite/sobjects") return collection(method, body);
        if (rest.starts_with("/composite/sobjects/")) return retrieve(rest.substr(20), body);
        const auto parts = split(rest.substr(1), '/');
        if (parts.size() == 3 && parts[2] == "describe") return {200, describe(parts[1])};
        if (parts.size() > 2 && parts[2] == "deleted")
            return {200,
                    {{"deletedRecords", std::exchange(deleted, json::array())},
                     {"earliestDateAvailable", stamp(0)},
                     {"latestDateCovered", stamp(covered.value_or(clock))}}};
        if (method == "PATCH" && parts.size() == 3) return patch(parts[1], parts[2], body, headers);
        if (method == "POST" && parts.size() == 2) {
            writes.push_back(body);
            return {201, {{"id", idOf("Task", 1)}, {"success", true}, {"errors", json::array()}}};
        }
        return {404, error("NOT_FOUND", "The requested resource does not exist")};
    }

    static std::vector<std::string> split(const std::string& text, char by) {
        std::vector<std::string> parts(1);
        for (const char c : text)
            if (c == by)
                parts.emplace_back();
            else
                parts.back() += c;
        return parts;
    }
    static std::string decoded(const std::string& text) {
        std::string plain;
        for (std::size_t i = 0; i < text.size(); ++i)
            if (text[i] == '%')
                (plain += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16)), i += 2);
            else
                plain += text[i];
        return plain;
    }
    bool isHidden(const std::string& object, const std::string& field) {
        const auto& fields = hidden[object];
        return std::find(fields.begin(), fields.end(), field) != fields.end();
    }

    json describe(const std::string& object) {
        json fields = json::array();
        json sample = Org().add(object, 1, clock);
        sample.update(extraFields.value(object, json::object()));
        for (const auto& [name, value] : sample.items())
            if (!isHidden(object, name))
                fields.push_back({{"name", name},
                                  {"label", name},
                                  {"type", value.is_boolean() ? "boolean" : "string"},
                                  {"updateable", name != "Id"}});
        return {
            {"name", object}, {"createable", true}, {"replicateable", true}, {"fields", fields}};
    }

    /// Takes what the connector writes: SELECT … FROM x [WHERE …] [ORDER BY …] [LIMIT n].
    Answered select(const std::string& query, bool all) {
        soql.push_back(query);
        const auto from = query.find(" FROM ");
        std::string tail = query.substr(from + 6);
        const std::string object = tail.substr(0, tail.find(' '));
        tail = tail.size() > object.size() ? tail.substr(object.size()) : "";
        const auto fields = split(query.substr(7, from - 7), ',');
        if (object == "Organization")
            return {
                200,
                {{"done", true}, {"records", {{{"Id", "00D5e000001N20QEAS"}, {"Name", "Acme"}}}}}};
        for (const auto& field : fields)
            if (isHidden(object, field))
                return {400, error("INVALID_FIELD", "No such column '" + field + "'")};
        std::size_t limit = 2'000;
        if (const auto at = tail.find(" LIMIT "); at != std::string::npos)
            limit = std::stoul(tail.substr(at + 7));
        std::vector<const json*> rows;
        for (const auto& [id, row] : objects[object])
            if ((all || row.at("IsDeleted") == json(false)) && (!invisible || !invisible(row)) &&
                matches(row, tail))
                rows.push_back(&row);
        std::sort(rows.begin(), rows.end(), [](const json* a, const json* b) {
            return std::pair(a->at("SystemModstamp"), a->at("Id")) <
                   std::pair(b->at("SystemModstamp"), b->at("Id"));
        });
        json records = json::array();
        for (const auto* row : rows)
            if (records.size() < limit) records.push_back(projected(*row, fields));
        return {200, {{"totalSize", records.size()}, {"done", true}, {"records", records}}};
    }
    static json projected(const json& row, const std::vector<std::string>& fields) {
        json shown = json::object();
        for (const auto& field : fields)
            if (row.contains(field)) shown[field] = row.at(field);
        if (row.contains("DataUsePurpose")) shown["DataUsePurpose"] = row.at("DataUsePurpose");
        return shown;
    }
    static sdk::EpochMs timeAfter(const std::string& tail, const std::string& mark) {
        const auto at = tail.find(mark) + mark.size();
        return *sdk::parseIsoTime(tail.substr(at, tail.find_first_of(" )", at) - at));
    }
    /// What stands in quotes, unescaped.
    static std::vector<std::string> literals(const std::string& tail) {
        std::vector<std::string> found;
        bool inside = false;
        for (std::size_t i = 0; i < tail.size(); ++i) {
            if (inside && tail[i] == '\\')
                found.back() += tail[++i];
            else if (tail[i] == '\'')
                inside = !inside, inside ? (void)found.emplace_back() : (void)0;
            else if (inside)
                found.back() += tail[i];
        }
        return found;
    }
    static bool like(const std::string& text, const std::string& pattern) {
        std::size_t at = 0;
        for (std::size_t i = 1; i < pattern.size(); i += 2) {
            at = text.find(pattern[i], at);
            if (at == std::string::npos) return false;
            ++at;
        }
        return true;
    }
    static bool matches(const json& row, const std::string& tail) {
        if (!tail.starts_with(" WHERE ")) return true;
        const auto found = literals(tail);
        const auto at = *sdk::parseIsoTime(row.at("SystemModstamp").get<std::string>());
        if (tail.starts_with(" WHERE SystemModstamp >= "))
            return at >= timeAfter(tail, "SystemModstamp >= ");
        if (tail.starts_with(" WHERE (SystemModstamp = ")) {
            const auto bound = timeAfter(tail, "SystemModstamp > ");
            return at > bound || (at == bound && row.at("Id").get<std::string>() > found.at(0));
        }
        const std::string field = tail.substr(7, tail.find(' ', 7) - 7);
        const std::string value = row.contains(field) && row.at(field).is_string()
                                      ? row.at(field).get<std::string>()
                                      : "";
        if (tail.find(" LIKE ") != std::string::npos) return like(value, found.at(0));
        return !value.empty() && std::find(found.begin(), found.end(), value) != found.end();
    }

    Answered retrieve(const std::string& object, const json& body) {
        json rows = json::array();
        for (const auto& field : body.at("fields"))
            if (isHidden(object, field)) return {400, error("INVALID_FIELD", "hidden")};
        for (const auto& id : body.at("ids")) {
            const auto found = objects[object].find(id.get<std::string>());
            if (found == objects[object].end() || found->second.at("IsDeleted") == json(true))
                rows.push_back(nullptr);
            else
                rows.push_back(projected(found->second, body.at("fields")));
        }
        return {200, rows};
    }

    /// Writes one record; the vendor's code if it does not.
    std::string write(const std::string& object,
                      const std::string& id,
                      const json& values,
                      std::size_t together) {
        if (beforeWrite) beforeWrite();
        const std::string code = recordFault ? recordFault(values, together) : "";
        if (!code.empty()) return code;
        const auto row = objects[object].find(id);
        if (row == objects[object].end()) return "INVALID_CROSS_REFERENCE_KEY";
        if (row->second.at("IsDeleted") == json(true)) return "ENTITY_IS_DELETED";
        if (row->second.value("IsConverted", false)) return "CANNOT_UPDATE_CONVERTED_LEAD";
        for (const auto& [name, value] : values.items())
            if (name != "attributes" && name != "id") row->second[name] = value;
        row->second["SystemModstamp"] = stamp(clock / 1000 * 1000);
        return "";
    }
    Answered collection(const std::string& method, const json& body) {
        json results = json::array();
        for (const auto& record : body.at("records")) {
            writes.push_back(record);
            const std::string object = record.at("attributes").at("type");
            std::string id = record.value("id", "");
            if (method == "POST") {
                id = idOf(object, static_cast<int>(objects[object].size()) + 1);
                add(object, static_cast<int>(objects[object].size()) + 1, clock / 1000 * 1000);
            }
            const auto code = write(object, id, record, body.at("records").size());
            json result = {{"success", code.empty()}, {"errors", json::array()}};
            if (code.empty())
                result["id"] = id;
            else
                result["errors"].push_back(
                    {{"statusCode", code}, {"message", "Nein, a@b.example"}});
            results.push_back(std::move(result));
        }
        return {200, results};
    }
    Answered patch(const std::string& object,
                   const std::string& id,
                   const json& body,
                   const json& headers) {
        writes.push_back(body);
        if (beforeWrite) std::exchange(beforeWrite, nullptr)();
        const auto bound = sdk::parseHttpDate(headers.value("If-Unmodified-Since", ""));
        const auto row = objects[object].find(id);
        if (row != objects[object].end() && bound &&
            *sdk::parseIsoTime(row->second.at("SystemModstamp").get<std::string>()) > *bound)
            return {412, nullptr};
        const auto code = write(object, id, body, 1);
        if (code.empty()) return {204, nullptr};
        return {400, error(code, "Nein")};
    }
    Answered composite(const json& body) {
        json parts = json::array();
        for (const auto& part : body.at("compositeRequest")) {
            const auto [status, answered] =
                serve(part.at("method"), part.at("url"), part.value("body", json()),
                      part.value("httpHeaders", json::object()));
            parts.push_back({{"httpStatusCode", status},
                             {"body", answered},
                             {"referenceId", part.at("referenceId")}});
        }
        return {200, {{"compositeResponse", parts}}};
    }

 public:
    json extraFields = json::object();  ///< object -> fields that only this org has
};

}  // namespace concordat::plugins::testing
