// SPDX-License-Identifier: Apache-2.0
// A filled template: contacts with one opt-in flag. sdk/README.md points here.
#include "sdk/concordat/connector.h"

namespace concordat::sample {

using namespace sdk;
using nlohmann::json;

const std::string kApi = "https://api.sample.example";

std::string escaped(const std::string& text) {
    static const char* const kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte)) {
            out += c;
        } else {
            out += '%';
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        }
    }
    return out;
}

Observation observation(const json& contact, EpochMs askedAt) {
    Observation seen{.record = {"Contact", contact.at("id").get<std::string>()},
                     .askedAt = askedAt};
    seen.identifiers.push_back(
        {IdentifierKind::Email, contact.at("email").get<std::string>(), "email"});
    const bool optIn = contact.at("optIn").get<bool>();
    seen.slots.push_back({.slot = "contact.email",
                          .shown = optIn ? Shown::Permit : Shown::Deny,
                          .raw = optIn ? "true" : "false"});
    return seen;
}

class Sample : public Connector {
 public:
    Sample(Host& host, const json&) : host_(host) {}

    static Description description() {
        return {.id = "sample",
                .name = "Sample",
                .version = "1.0.0",
                .slots = {{.id = "contact.email",
                           .object = "Contact",
                           .field = "optIn",
                           .label = "Newsletter",
                           .channels = {"email"}}},
                .identifiers = {"email"},
                .abilities = {"check", "pull", "read", "find", "apply"},
                .auth = {{.kind = "none"}},
                .hosts = {{.host = "api.sample.example",
                           .methods = {"GET", "PUT"},
                           .paths = {"/me", "/contacts*"},
                           .why = "contacts and their opt-in"}}};
    }

    Check check() override {
        const auto reply = host_.http({.url = kApi + "/me"});
        if (reply.kind != HttpClass::Ok)
            return {.probes = {{.name = "credentials",
                                .state = ProbeState::Fail,
                                .message = reply.error,
                                .fix = "give the key of an API user"}}};
        const auto me = json::parse(reply.body);
        return {.probes = {{.name = "credentials", .message = "accepted"}},
                .tenantId = me.at("id").get<std::string>(),
                .tenantName = me.at("name").get<std::string>()};
    }

    Page pull(const PullRequest& request) override {
        const auto askedAt = host_.now();
        const auto body = get("/contacts?after=" + escaped(request.cursor));
        Page page{.cursor = request.cursor.empty() ? "0" : request.cursor,
                  .more = body.at("more").get<bool>()};
        for (const auto& contact : body.at("contacts")) {
            page.observations.push_back(observation(contact, askedAt));
            page.cursor = page.observations.back().record.id;
        }
        return page;
    }

    ReadReply read(const std::vector<RecordRef>& records) override {
        ReadReply result;
        for (const auto& record : records) {
            const auto askedAt = host_.now();
            const auto reply = host_.http({.url = kApi + "/contacts/" + escaped(record.id)});
            if (reply.kind == HttpClass::NotFound)
                result.missing.push_back(record);
            else
                result.observations.push_back(observation(parsed(reply), askedAt));
        }
        return result;
    }

    FindReply find(const std::vector<Identifier>& identifiers) override {
        FindReply result;
        for (const auto& each : identifiers) {
            const auto askedAt = host_.now();
            auto& matches = result.matches.emplace_back();
            const auto body = get("/contacts?email=" + escaped(each.value));
            for (const auto& contact : body.at("contacts"))
                matches.push_back(observation(contact, askedAt));
        }
        return result;
    }

    ApplyReply apply(const std::vector<ApplyItem>& items) override {
        ApplyReply result;
        for (const auto& item : items) result.outcomes.push_back(applyOne(item));
        return result;
    }

 private:
    Outcome applyOne(const ApplyItem& item) {
        const json body{{"optIn", item.writes.front().permit}};
        const auto reply = host_.http({.method = "PUT",
                                       .url = kApi + "/contacts/" + escaped(item.record.id),
                                       .body = body.dump(),
                                       .idempotent = true});
        if (reply.kind == HttpClass::Ok) return {.kind = OutcomeKind::Applied};
        if (reply.kind == HttpClass::NotFound) return {.kind = OutcomeKind::NotFound};
        if (reply.maybeSent) return {.kind = OutcomeKind::Unknown};
        return {.kind = OutcomeKind::Retry, .retryAfterMs = reply.retryAfterMs};
    }
    json get(const std::string& path) { return parsed(host_.http({.url = kApi + path})); }
    static json parsed(const HttpReply& reply) {
        if (reply.kind != HttpClass::Ok) throw CallError("Sample: " + reply.error);
        return json::parse(reply.body);
    }

    Host& host_;
};

}  // namespace concordat::sample

CONCORDAT_CONNECTOR(concordat::sample::Sample)
