// SPDX-License-Identifier: Apache-2.0
#pragma once
// A Sellsy account in memory, just strict enough for the connector's tests: search, get, put,
// batch, seek cursors.

#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <string>

#include "plugins/sellsy/times.h"
#include "tests/plugins/scripted_host.h"

namespace concordat::plugins::testing {

class Account {
 public:
    std::map<std::string, std::map<int, nlohmann::json>> collections{
        {"contacts", {}}, {"individuals", {}}, {"companies", {}}};
    sdk::EpochMs clock = 1'795'000'000'000;
    bool putAnswersObject = true;
    int puts = 0;
    /// A fault for one call, wherever it stands: a status instead of an answer.
    std::function<std::optional<int>(const std::string& method, const std::string& path)> fault;
    std::function<void()> beforePut;

    nlohmann::json& add(const std::string& collection,
                        int id,
                        std::vector<std::string> members,
                        sdk::EpochMs updated) {
        const char* field = collection == "contacts" ? "updated" : "updated_at";
        return collections[collection][id] = {
                   {"id", id},
                   {"email", "p" + std::to_string(id) + "@example.org"},
                   {"marketing_campaigns_subscriptions", std::move(members)},
                   {field, sellsy::isoTime(updated)}};
    }

    sdk::HttpReply operator()(const sdk::HttpRequest& request) {
        const std::string base = "https://api.sellsy.com/v2";
        const std::string path =
            request.url.substr(base.size(), request.url.find('?') - base.size());
        const std::map<std::string, std::string> headers = {{"date", httpDate()},
                                                            {"x-quota-remaining-by-day", "4000"}};
        if (path != "/batch") {
            const auto [code, body] =
                answer(request.method, path, queryOf(request.url), parsed(request.body));
            return replied(code, body.is_null() ? "" : body.dump(), headers);
        }
        nlohmann::json responses = nlohmann::json::array();
        std::istringstream lines(request.body);
        for (std::string head, body; std::getline(lines, head) && std::getline(lines, body);) {
            const auto call = nlohmann::json::parse(head);
            const auto [code, answered] =
                answer(call.at("method"), call.at("uri"),
                       call.value("query", nlohmann::json::object()), parsed(body));
            responses.push_back({{"code", code}, {"response", answered}});
        }
        return replied(207, nlohmann::json{{"error", false}, {"responses", responses}}.dump(),
                       headers);
    }

    std::string httpDate() const {
        const std::string iso = sellsy::isoTime(clock);
        const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        return "Mon, " + iso.substr(8, 2) + " " + months[std::stoi(iso.substr(5, 2)) - 1] + " " +
               iso.substr(0, 4) + " " + iso.substr(11, 8) + " GMT";
    }

 private:
    using Answered = std::pair<int, nlohmann::json>;

    static nlohmann::json parsed(const std::string& body) {
        return body.empty() ? nlohmann::json() : nlohmann::json::parse(body);
    }

    static nlohmann::json queryOf(const std::string& url) {
        nlohmann::json query = nlohmann::json::object();
        const auto mark = url.find('?');
        if (mark == std::string::npos) return query;
        std::istringstream pairs(url.substr(mark + 1));
        for (std::string pair; std::getline(pairs, pair, '&');) {
            const auto equals = pair.find('=');
            const std::string value = pair.substr(equals + 1);
            if (pair.substr(0, equals) == "limit")
                query["limit"] = std::stoi(value);
            else
                query[pair.substr(0, equals)] = value;
        }
        return query;
    }

    static nlohmann::json error(int code, const std::string& words) {
        return {{"error",
                 {{"code", code},
                  {"message", words},
                  {"details", nlohmann::json::array()},
                  {"context", nullptr}}}};
    }

    Answered answer(const std::string& method,
                    const std::string& path,
                    const nlohmann::json& query,
                    const nlohmann::json& body) {
        if (const auto code = fault ? fault(method, path) : std::nullopt)
            return {*code, error(*code, "Erreur")};
        const auto slash = path.find('/', 1);
        const std::string collection =
            path.substr(1, slash == std::string::npos ? slash : slash - 1);
        const std::string rest = slash == std::string::npos ? "" : path.substr(slash + 1);
        if (!collections.contains(collection)) return {404, error(404, "Not Found")};
        auto& rows = collections[collection];
        if (rest == "search") return search(collection, query, body);
        const int id = std::stoi(rest);
        if (!rows.contains(id)) return {404, error(404, "Not Found")};
        if (method == "GET") return {200, rows[id]};
        if (query.contains("verify")) return {204, nullptr};
        ++puts;
        if (beforePut) beforePut();
        rows[id].update(body);
        rows[id][collection == "contacts" ? "updated" : "updated_at"] = sellsy::isoTime(clock);
        return putAnswersObject ? Answered{200, rows[id]} : Answered{204, nullptr};
    }

    Answered search(const std::string& collection,
                    const nlohmann::json& query,
                    const nlohmann::json& body) {
        if (!body.contains("filters")) return {400, error(400, "filters")};
        const auto& filters = body["filters"];
        const std::size_t limit = query.at("limit").get<std::size_t>();
        const int after =
            query.contains("offset") ? std::stoi(query.at("offset").get<std::string>()) : -1;
        nlohmann::json data = nlohmann::json::array();
        int last = after;
        for (const auto& [id, row] : collections[collection])
            if (id > after && fits(row, filters) && data.size() < limit)
                data.push_back(row), last = id;
        const nlohmann::json pagination = {
            {"limit", limit}, {"count", data.size()}, {"offset", std::to_string(last)}};
        return {200, {{"data", data}, {"pagination", pagination}}};
    }

    static bool fits(const nlohmann::json& row, const nlohmann::json& filters) {
        for (const auto& [name, wanted] : filters.items()) {
            if (name == "id") {
                if (std::find(wanted.begin(), wanted.end(), row.at("id")) == wanted.end())
                    return false;
            } else if (wanted.is_object()) {
                if (row.at(name).get<std::string>() < wanted.at("start").get<std::string>())
                    return false;
            } else if (row.value(name, nlohmann::json()) != wanted) {
                return false;
            }
        }
        return true;
    }
};

}  // namespace concordat::plugins::testing
