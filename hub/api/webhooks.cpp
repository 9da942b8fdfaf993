// SPDX-License-Identifier: Apache-2.0
#include "hub/api/webhooks.h"

#include <chrono>
#include <cstring>
#include <set>

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

Reply accepted(const Hook& hook) { return {hook.status, hook.type, hook.body, {}, {}}; }

Reply notThatMethod(const Hook& hook) {
    Reply reply = problem(405, "a webhook is a POST");
    reply.headers["Allow"] = hook.answersGet ? "GET, HEAD, POST" : "POST";
    return reply;
}

std::string frameOf(const Call& call) {
    const nlohmann::json frame{
        {"method", call.method}, {"query", call.queryText}, {"headers", call.headers}};
    return frame.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// All but its body, which is moved, and its id.
store::Webhook webhookOf(const std::string& system, const Hook& hook, const Call& call) {
    store::Webhook webhook;
    webhook.system = system;
    webhook.dedupe = dedupeOf(hook, call);
    webhook.receivedAt = nowMs();
    webhook.document = frameOf(call);
    return webhook;
}

}  // namespace

/// One that was signed and waits to be stored.
struct Webhooks::Delivery {
    const Hook* hook;
    store::Webhook webhook;
    std::string path;
    Ticket ticket;
    bool isNew = false;
};

Webhooks::Webhooks(store::Store& store,
                   std::map<std::string, Hook> hooks,
                   std::function<void(const std::string&)> arrived)
    : store_(store),
      hooks_(std::move(hooks)),
      arrived_(std::move(arrived)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Webhooks::~Webhooks() {
    thread_.request_stop();
    thread_.join();
}

void Webhooks::receive(Call&& call, const Ticket& ticket) {
    if (call.path.rfind(kPrefix, 0) != 0)
        return ticket.answer(problem(404, "webhooks come to /hooks/SYSTEM"));
    const auto found = hooks_.find(decoded(call.path.substr(std::strlen(kPrefix))));
    if (found == hooks_.end())
        return ticket.answer(
            problem(404,
                    "no system of that name takes webhooks: see connection.webhook_secret in its "
                    "manifest"));
    const Hook& hook = found->second;
    const bool isPing = call.method == "GET" || call.method == "HEAD";
    if (isPing && hook.answersGet) return ticket.answer(accepted(hook));
    if (call.method != "POST") return ticket.answer(notThatMethod(hook));
    const auto check = gateway::checkSignature(hook.signature, hook.keys(), call.headers, call.body,
                                               std::chrono::system_clock::now());
    if (check.verdict != gateway::SignatureVerdict::Valid &&
        check.verdict != gateway::SignatureVerdict::NotChecked) {
        ++counts_.refused;
        return ticket.answer(problem(401, check.reason));
    }
    Delivery delivery{&hook, webhookOf(found->first, hook, call), call.path, ticket};
    delivery.webhook.body = std::move(call.body);
    delivery.webhook.timed = check.timed;
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(delivery));
    if (waiting_.size() == 1) changed_.notify_one();
}

/// What comes while one group is made durable is the next group.
void Webhooks::run(const std::stop_token& stop) {
    for (std::vector<Delivery> group;; group.clear()) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, stop, [this] { return !waiting_.empty(); });
            if (waiting_.empty()) return;
            group.swap(waiting_);
        }
        keep(group);
    }
}

void Webhooks::keep(std::vector<Delivery>& deliveries) {
    try {
        store(deliveries);
    } catch (...) {
        const auto error = std::current_exception();
        for (Delivery& delivery : deliveries) {
            // One that cannot be stored must not take the others with it.
            std::vector<Delivery> alone;
            alone.push_back(std::move(delivery));
            if (deliveries.size() > 1)
                keep(alone);
            else
                alone.front().ticket.answer(failed(error, alone.front().path));
        }
    }
}

void Webhooks::store(std::vector<Delivery>& deliveries) {
    store_.write([&](store::Writer& writer) {
        for (Delivery& delivery : deliveries) {
            delivery.webhook.id = writer.newId();
            delivery.isNew = writer.add(delivery.webhook);
        }
    });
    std::set<std::string> systems;
    for (const Delivery& delivery : deliveries) {
        ++(delivery.isNew ? counts_.accepted : counts_.repeated);
        if (delivery.isNew) systems.insert(delivery.webhook.system);
    }
    for (const std::string& system : systems) arrived_(system);
    for (const Delivery& delivery : deliveries) delivery.ticket.answer(accepted(*delivery.hook));
}

}  // namespace concordat::api
