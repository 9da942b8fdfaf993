// SPDX-License-Identifier: Apache-2.0
#include "tests/simulators/salesforce/rig.h"

#include <array>
#include <cstdio>

#include "tools/simulators/salesforce/ids.h"
#include "tools/simulators/salesforce/schema.h"

namespace concordat::simulators::salesforce {
namespace {

Options optionsFor(const std::string& state) {
    Options options;
    options.vendor = "salesforce";
    options.people = 400;
    options.state = state;
    return options;
}

}  // namespace

std::string encoded(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            out += c;
        } else {
            std::array<char, 4> escape{};
            std::snprintf(escape.data(), escape.size(), "%%%02X", static_cast<unsigned char>(c));
            out += escape.data();
        }
    }
    return out;
}

std::string headerOf(const Reply& reply, const std::string& name) {
    for (const auto& [key, value] : reply.headers) {
        if (sameText(key, name)) return value;
    }
    return {};
}

Rig::Rig(const std::string& state, Credentials credentials)
    : stage(optionsFor(state)), org(stage, std::move(credentials)) {
    rebuild(stage, org);
    const auto reply = raw("POST", "/services/oauth2/token",
                           "grant_type=client_credentials&client_id=demo-client&"
                           "client_secret=demo-secret",
                           {{"Content-Type", "application/x-www-form-urlencoded"}});
    token = nlohmann::json::parse(reply.body).at("access_token");
}

Reply Rig::raw(const std::string& method,
               const std::string& target,
               const std::string& body,
               Headers headers) {
    Request request;
    request.method = method;
    const auto mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string::npos) request.query = target.substr(mark + 1);
    request.body = body;
    request.headers = std::move(headers);
    request.headers.emplace_back("Host", "127.0.0.1:1");
    return entrance.answer(request);
}

Reply Rig::ask(const std::string& method,
               const std::string& path,
               const std::string& body,
               Headers headers) {
    headers.emplace_back("Authorization", "Bearer " + token);
    return raw(method, "/services/data/v66.0" + path, body, std::move(headers));
}

nlohmann::json Rig::json(const std::string& method,
                         const std::string& path,
                         const std::string& body,
                         Headers headers) {
    const auto reply = ask(method, path, body, std::move(headers));
    return reply.body.empty() ? nlohmann::json() : nlohmann::json::parse(reply.body);
}

nlohmann::json Rig::query(const std::string& soql, const std::string& kind) {
    return json("GET", "/" + kind + "?q=" + encoded(soql));
}

std::string Rig::refusal(const std::string& soql) {
    const auto reply = ask("GET", "/query?q=" + encoded(soql));
    CHECK(reply.status == 400);
    return nlohmann::json::parse(reply.body).at(0).at("errorCode");
}

nlohmann::json Rig::admin(const std::string& method,
                          const std::string& what,
                          const std::string& body) {
    const auto reply = raw(method, "/_admin/" + what, body);
    INFO(reply.body);
    CHECK(reply.status < 300);
    return nlohmann::json::parse(reply.body);
}

nlohmann::json Rig::act(const nlohmann::json& order) {
    return admin("POST", "act", order.dump()).at("result");
}

std::string Rig::id(const std::string& object, std::uint64_t n) {
    return makeId(schema()[static_cast<std::size_t>(findObject(object))].prefix(), n + 1);
}

std::string Rig::contact(const nlohmann::json& fields) {
    return json("POST", "/sobjects/Contact", fields.dump()).at("id");
}

std::string errorOf(const Reply& reply) {
    return nlohmann::json::parse(reply.body).at(0).at("errorCode");
}

}  // namespace concordat::simulators::salesforce
