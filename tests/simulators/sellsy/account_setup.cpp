// SPDX-License-Identifier: Apache-2.0
#include "tests/simulators/sellsy/account_setup.h"

#include <algorithm>

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

Options fewPeople() {
    Options options;
    options.vendor = "sellsy";
    options.people = 300;
    return options;
}

}  // namespace

Bench::Bench() : stage(fewPeople()), vendor(stage, {}), entrance(stage, vendor) {
    rebuild(stage, vendor);
    logIn();
}

void Bench::logIn() {
    const Reply reply = send("POST", "/oauth2/access-tokens",
                             "grant_type=client_credentials&client_id=demo-client"
                             "&client_secret=demo-secret",
                             "application/x-www-form-urlencoded");
    token = json::parse(reply.body)["access_token"].get<std::string>();
}

Reply Bench::send(const std::string& method,
                  const std::string& target,
                  const std::string& body,
                  const std::string& type) {
    Request request;
    request.method = method;
    const std::size_t mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    if (mark < target.size()) request.query = target.substr(mark + 1);
    request.body = body;
    request.headers.emplace_back("Content-Type", type);
    if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
    return entrance.answer(request);
}

json Bench::call(const std::string& method, const std::string& target, const json& body) {
    const Reply reply = send(method, target, body.is_null() ? "" : body.dump());
    return reply.body.empty() ? json() : json::parse(reply.body);
}

int Bench::status(const std::string& method, const std::string& target, const json& body) {
    return send(method, target, body.is_null() ? "" : body.dump()).status;
}

json Bench::set(const json& settings) { return call("POST", "/_admin/settings", settings); }

std::string Bench::addContact(const std::string& lastName) {
    const json made = call("POST", "/v2/contacts",
                           {{"last_name", lastName},
                            {"marketing_campaigns_subscriptions",
                             {"email", "sms", "phone", "postal_mail", "custom"}}});
    return std::to_string(made["id"].get<int>());
}

std::string header(const Reply& reply, const std::string& name) {
    for (const auto& [key, value] : reply.headers) {
        if (key == name) return value;
    }
    return {};
}

}  // namespace concordat::simulators::sellsy
