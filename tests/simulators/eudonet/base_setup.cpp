// SPDX-License-Identifier: Apache-2.0
#include "tests/simulators/eudonet/base_setup.h"

#include <algorithm>

namespace concordat::simulators::eudonet {
namespace {

using nlohmann::json;

Options fewPeople() {
    Options options;
    options.vendor = "eudonet";
    options.people = 300;
    return options;
}

BaseOptions with(Layout layout, bool minutePrecision) {
    BaseOptions options;
    options.layout = layout;
    options.minutePrecision = minutePrecision;
    return options;
}

}  // namespace

Bench::Bench(Layout layout, bool minutePrecision)
    : stage(fewPeople()), vendor(stage, with(layout, minutePrecision)), entrance(stage, vendor) {
    rebuild(stage, vendor);
    logIn();
}

void Bench::logIn() {
    const json reply = call("POST", "/EudoAPI/Authenticate/Token",
                            {{"SubscriberLogin", "demo"},
                             {"SubscriberPassword", "demo-subscriber"},
                             {"BaseName", "DEMO"},
                             {"UserLogin", "api"},
                             {"UserPassword", "demo-user"},
                             {"UserLang", "LANG_00"},
                             {"ProductName", "test"}});
    token = reply["ResultData"]["Token"].get<std::string>();
}

Reply Bench::send(const std::string& method, const std::string& path, const std::string& body) {
    Request request;
    request.method = method;
    const std::size_t mark = std::min(path.find('?'), path.size());
    request.path = path.substr(0, mark);
    if (mark < path.size()) request.query = path.substr(mark + 1);
    request.body = body;
    if (!token.empty()) request.headers.emplace_back("x-auth", token);
    return entrance.answer(request);
}

json Bench::call(const std::string& method, const std::string& path, const json& body) {
    return json::parse(send(method, path, body.is_null() ? "" : body.dump()).body);
}

int Bench::error(const std::string& method, const std::string& path, const json& body) {
    return call(method, path, body)["ResultInfos"]["ErrorNumber"].get<int>();
}

json Bench::find(int tab, int field, int op, const std::string& value, int column) {
    return call("POST", "/EudoAPI/Search/" + std::to_string(tab),
                {{"ListCols", {column}}, {"WhereCustom", leaf(field, op, value)}});
}

std::vector<int> Bench::ids(const json& reply) {
    std::vector<int> out;
    for (const auto& row : reply["ResultData"]["Rows"]) out.push_back(row["FileId"].get<int>());
    return out;
}

json Bench::admin(const std::string& method, const std::string& what, const json& body) {
    return call(method, "/_admin/" + what, body);
}

json leaf(int field, int op, const std::string& value, int inter) {
    return {{"Criteria", {{"Field", std::to_string(field)}, {"Operator", op}, {"Value", value}}},
            {"InterOperator", inter}};
}

json cell(const json& reply, int descId) {
    for (const auto& one : reply["ResultData"]["Rows"].at(0)["Fields"]) {
        if (one["DescId"] == descId) return one;
    }
    return nullptr;
}

}  // namespace concordat::simulators::eudonet
