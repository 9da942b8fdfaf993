// SPDX-License-Identifier: Apache-2.0
#include "hub/api/webhooks.h"

#include <chrono>

#include <Poco/DigestEngine.h>
#include <Poco/SHA2Engine.h>
#include <nlohmann/json.hpp>

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

constexpr const char* kPrefix = "/hooks/";
constexpr int kDeepest = 32;  ///< what lies deeper is not looked at

store::EpochMs nowMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string hashOf(const std::string& text) {
    Poco::SHA2Engine engine(Poco::SHA2Engine::SHA_256);
    engine.update(text);
    return Poco::DigestEngine::digestToHex(engine.digest());
}

/// The vendor's own id of this delivery, hashed; what is sent twice with one id counts once.
/// Without one a delivery is never taken for a repetition: two changes in one second may look the
/// same, and reading twice is harmless.
std::string dedupeOf(const Hook& hook, const Call& call) {
    if (hook.dedupePath.rfind("header:", 0) == 0) {
        const std::string id = call.header(hook.dedupePath.substr(7));
        return id.empty() ? "" : hashOf(id);
    }
    if (hook.dedupePath.empty()) return "";
    const auto isShallow = [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        return depth <= kDeepest;
    };
    const auto json = nlohmann::json::parse(call.body, isShallow, false);
    const nlohmann::json::json_pointer pointer(hook.dedupePath);
    return json.is_structured() && json.contains(pointer) ? hashOf(json.at(pointer).dump()) : "";
}

std::string frameOf(const Call& call) {
    const nlohmann::json frame{
        {"method", call.method}, {"query", call.queryText}, {"headers", call.headers}};
    return frame.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Webhooks::Webhooks(store::Store& store,
                   std::map<std::string, Hook> hooks,
                   std::function<void(const std::string&)> arrived)
    : store_(store), hooks_(std::move(hooks)), arrived_(std::move(arrived)) {}

Reply Webhooks::answer(const Call& call) {
    if (call.path.rfind(kPrefix, 0) != 0) return problem(404, "webhooks come to /hooks/SYSTEM");
    const std::string system = decoded(call.path.substr(std::string(kPrefix).size()));
    const auto found = hooks_.find(system);
    if (found == hooks_.end())
        return problem(
            404,
            "no system of that name takes webhooks: see connection.webhook_secret in its manifest");
    const Hook& hook = found->second;
    const bool isPing = call.method == "GET" || call.method == "HEAD";
    if (isPing && hook.answersGet) return {hook.status, hook.type, hook.body, {}, {}};
    if (call.method != "POST") {
        Reply reply = problem(405, "a webhook is a POST");
        reply.headers["Allow"] = hook.answersGet ? "GET, HEAD, POST" : "POST";
        return reply;
    }
    const auto check = gateway::checkSignature(hook.signature, hook.keys(), call.headers, call.body,
                                               std::chrono::system_clock::now());
    if (check.verdict != gateway::SignatureVerdict::Valid &&
        check.verdict != gateway::SignatureVerdict::NotChecked) {
        ++counts_.refused;
        return problem(401, check.reason);
    }
    return accept(system, hook, call, check.timed);
}

Reply Webhooks::accept(const std::string& system, const Hook& hook, const Call& call, bool timed) {
    store::Webhook webhook;
    webhook.system = system;
    webhook.dedupe = dedupeOf(hook, call);
    webhook.receivedAt = nowMs();
    webhook.document = frameOf(call);
    webhook.body = call.body;
    webhook.timed = timed;
    bool isNew = false;
    store_.write([&](store::Writer& writer) {
        webhook.id = writer.newId();
        if (webhook.dedupe.empty()) webhook.dedupe = webhook.id;
        isNew = writer.add(webhook);
    });
    ++(isNew ? counts_.accepted : counts_.repeated);
    if (isNew) arrived_(system);
    return {hook.status, hook.type, hook.body, {}, {}};
}

}  // namespace concordat::api
