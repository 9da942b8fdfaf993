// SPDX-License-Identifier: Apache-2.0
#include "tests/sdk/sample/vendor.h"

#include <map>
#include <memory>

#include <nlohmann/json.hpp>

#include "sdk/concordat/connector.h"

namespace concordat::sample {
namespace {

using namespace sdk;
using nlohmann::json;

struct Contact {
    std::string email;
    bool optIn = true;
};

struct Vendor {
    std::map<std::string, Contact> contacts{
        {"1", {"ada@example.org"}}, {"2", {"bob@example.org"}}, {"3", {"cid@example.org"}}};

    json show(const std::string& id) const {
        const auto& contact = contacts.at(id);
        return {{"id", id}, {"email", contact.email}, {"optIn", contact.optIn}};
    }
    json after(const std::string& id) const {
        json page{{"contacts", json::array()}, {"more", false}};
        for (auto next = contacts.upper_bound(id); next != contacts.end(); ++next) {
            page["more"] = page["contacts"].size() == 2;
            if (page["more"]) break;
            page["contacts"].push_back(show(next->first));
        }
        return page;
    }
    json withEmail(const std::string& escaped) const {
        json found{{"contacts", json::array()}};
        for (const auto& [id, contact] : contacts)
            if (contact.email == escaped) found["contacts"].push_back(show(id));
        return found;
    }
    HttpReply one(const HttpRequest& request, const std::string& id) {
        if (!contacts.count(id))
            return {.kind = HttpClass::NotFound, .status = 404, .error = "no such contact"};
        if (request.method == "PUT")
            contacts.at(id).optIn = json::parse(request.body).at("optIn").get<bool>();
        return ok(show(id));
    }
    static HttpReply ok(const json& body) {
        return {.kind = HttpClass::Ok, .status = 200, .body = body.dump()};
    }

    HttpReply answer(const HttpRequest& request) {
        const auto path = request.url.substr(std::string("https://api.sample.example").size());
        const auto rest = [&](const std::string& start) { return path.substr(start.size()); };
        if (path == "/me") return ok({{"id", "t1"}, {"name", "Sample"}});
        if (path.starts_with("/contacts?after=")) return ok(after(rest("/contacts?after=")));
        if (path == "/contacts?email=ada%40example%2Eorg") return ok(withEmail("ada@example.org"));
        if (path.starts_with("/contacts?email=")) return ok(withEmail(rest("/contacts?email=")));
        return one(request, rest("/contacts/"));
    }
};

}  // namespace

sdk::conformance::Scenario scenario() {
    // Shared: std::function copies what it holds.
    const auto vendor = std::make_shared<Vendor>();
    return {.connector = &concordat_connector,
            .vendor = [vendor](const HttpRequest& request) { return vendor->answer(request); },
            .known = {"Contact", "1"},
            .slot = "contact.email",
            .address = {IdentifierKind::Email, "ada@example.org", "email"},
            .unknown = {"Contact", "999"}};
}

}  // namespace concordat::sample
