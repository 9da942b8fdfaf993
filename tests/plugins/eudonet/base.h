// SPDX-License-Identifier: Apache-2.0
#pragma once
// A Eudonet base in memory, just strict enough for the connector's tests: search tree, 50 rows a
// page, CUD, MetaInfos.

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/plugins/scripted_host.h"

namespace concordat::plugins::testing {

class Base {
 public:
    struct Stored {
        std::map<int, std::string> values;
        std::map<int, int> links;  ///< field -> FileId of the parent
        bool writable = true;
        std::set<int> locked;
    };
    std::map<int, std::map<int, Stored>> tables;
    std::map<int, std::map<int, std::string>> labels;  ///< table -> field -> label
    int modifiedOffset = 95;
    std::string stamp = "2026/11/18 12:00:00";  ///< given to what is written
    int writes = 0;
    int emptyAnswers = 0;  ///< so many searches answer nothing by mistake
    std::function<std::optional<sdk::HttpReply>(const sdk::HttpRequest&)> fault;
    std::function<std::string()> date;

    Stored& add(int tab, int id, std::map<int, std::string> values) {
        tables[tab][id].values = std::move(values);
        return tables[tab][id];
    }

    sdk::HttpReply operator()(const sdk::HttpRequest& request) {
        if (fault)
            if (auto reply = fault(request)) return *reply;
        const std::string path =
            request.url.substr(std::string("https://x.example/EudoAPI/").size());
        std::vector<std::string> parts;
        std::istringstream stream(path);
        for (std::string part; std::getline(stream, part, '/');) parts.push_back(part);
        const auto body =
            request.body.empty() ? nlohmann::json() : nlohmann::json::parse(request.body);
        nlohmann::json answer;
        if (parts[0] == "MetaInfos") answer = metaInfos();
        if (parts[0] == "Search" && request.method == "GET")
            answer = one(std::stoi(parts[1]), std::stoi(parts[2]));
        if (parts[0] == "Search" && request.method == "POST")
            answer = search(std::stoi(parts[1]), body);
        if (parts[0] == "CUD")
            answer = write(std::stoi(parts[1]), parts.size() > 2 ? std::stoi(parts[2]) : 0, body);
        if (parts[0] == "Annexes") answer = {{"ResultData", {{"AnnexId", 1}}}};
        answer["ResultInfos"] = {{"Success", true}, {"ErrorNumber", 0}, {"ErrorMessage", ""}};
        std::map<std::string, std::string> headers = {{"x-call-remain", "4000"}};
        if (date) headers["date"] = date();
        return replied(200, answer.dump(), headers);
    }

 private:
    static std::string valueOf(int id, int tab, const Stored& row, int field) {
        if (field == tab + 1 && !row.values.contains(field))
            return std::to_string(id);  // an in-list of ids
        if (row.links.contains(field)) return std::to_string(row.links.at(field));
        return row.values.contains(field) ? row.values.at(field) : "";
    }

    static bool fits(const std::string& value, int op, const std::string& wanted) {
        if (op == 0) return value == wanted;
        if (op == 2) return !value.empty() && value <= wanted;
        if (op == 3) return value > wanted;
        if (op == 4) return value >= wanted;
        if (op == 10) return value.empty();
        if (op == 17) return !value.empty();
        std::istringstream list(wanted);
        for (std::string part; std::getline(list, part, ';');)
            if (part == value) return true;
        return false;
    }

    static bool fits(int id, int tab, const Stored& row, const nlohmann::json& tree) {
        bool result = false, first = true;
        for (const auto& member : tree.at("WhereCustoms")) {
            const auto& leaf = member.at("Criteria");
            const bool one =
                fits(valueOf(id, tab, row, std::stoi(leaf.at("Field").get<std::string>())),
                     leaf.at("Operator").get<int>(), leaf.at("Value"));
            const int inter = member.at("InterOperator").get<int>();
            result = first ? one : inter == 1 ? result && one : result || one;
            first = false;
        }
        return result;
    }

    static nlohmann::json rowOf(int id,
                                int tab,
                                const Stored& row,
                                const std::vector<int>& columns) {
        nlohmann::json fields = nlohmann::json::array();
        for (const int column : columns) {
            const bool link = row.links.contains(column);
            const std::string value = link                          ? "NOM"
                                      : row.values.contains(column) ? row.values.at(column)
                                                                    : "";
            fields.push_back({{"DescId", column},
                              {"Value", value},
                              {"DbValue", value},
                              {"UpdateAllowed", !row.locked.contains(column)},
                              {"ViewAllowed", true}});
            if (link) fields.back()["FileId"] = row.links.at(column);
        }
        return {{"FileId", id}, {"Tab", tab}, {"UpdateAllowed", row.writable}, {"Fields", fields}};
    }

    nlohmann::json one(int tab, int id) {
        nlohmann::json rows = nlohmann::json::array();
        std::vector<int> columns;
        for (int field = tab + 1; field < tab + 100; ++field)
            if (tables[tab].contains(id) &&
                (tables[tab][id].values.contains(field) || tables[tab][id].links.contains(field)))
                columns.push_back(field);
        for (const auto& [field, parent] : tables[tab][id].links)
            if (field < tab) columns.push_back(field);
        if (!tables[tab][id].values.empty())
            rows.push_back(rowOf(id, tab, tables[tab][id], columns));
        if (tables[tab][id].values.empty()) tables[tab].erase(id);
        return {{"ResultData", {{"Rows", rows}}}};
    }

    nlohmann::json search(int tab, const nlohmann::json& body) {
        std::vector<int> found;
        for (const auto& [id, row] : tables[tab])
            if (fits(id, tab, row, body.at("WhereCustom"))) found.push_back(id);
        if (emptyAnswers > 0) --emptyAnswers, found.clear();
        if (body.contains("OrderBy")) {
            const int by = body["OrderBy"][0]["DescId"].get<int>();
            std::stable_sort(found.begin(), found.end(), [&](int a, int b) {
                return valueOf(a, tab, tables[tab][a], by) < valueOf(b, tab, tables[tab][b], by);
            });
        }
        const std::size_t size =
            std::min<std::size_t>(50, body.at("RowsPerPage").get<std::size_t>());
        const std::size_t start = (body.at("NumPage").get<std::size_t>() - 1) * size;
        nlohmann::json rows = nlohmann::json::array();
        for (std::size_t i = start; i < std::min(found.size(), start + size); ++i)
            rows.push_back(rowOf(found[i], tab, tables[tab][found[i]],
                                 body.at("ListCols").get<std::vector<int>>()));
        return {{"ResultData", {{"Rows", rows}}},
                {"ResultMetaData",
                 {{"TotalRows", found.size()}, {"TotalPages", (found.size() + size - 1) / size}}}};
    }

    nlohmann::json write(int tab, int id, const nlohmann::json& body) {
        ++writes;
        if (id == 0) id = tables[tab].empty() ? 1 : tables[tab].rbegin()->first + 1;
        Stored& row = tables[tab][id];
        for (const auto& field : body.at("Fields")) {
            const int descId = field.at("DescId").get<int>();
            const std::string value = field.at("Value");
            if (descId % 100 == 0)
                row.links[descId + 1] = std::stoi(value);
            else
                row.values[descId] = value;
        }
        row.values[tab + modifiedOffset] = stamp;
        return {{"ResultData", {{"FileId", id}}}};
    }

    nlohmann::json metaInfos() {
        nlohmann::json list = nlohmann::json::array();
        for (const auto& [tab, fields] : labels) {
            nlohmann::json infos = nlohmann::json::array();
            for (const auto& [field, label] : fields)
                infos.push_back({{"DescId", field},
                                 {"Label", label},
                                 {"EdnFormat", 1},
                                 {"UpdateAllowed", true},
                                 {"ViewAllowed", true}});
            list.push_back(
                {{"DescId", tab}, {"Label", "T"}, {"AddAllowed", true}, {"Fields", infos}});
        }
        return {{"ResultMetaData", {{"Tables", list}}}};
    }
};

}  // namespace concordat::plugins::testing
