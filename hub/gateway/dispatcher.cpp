// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/dispatcher.h"

#include <algorithm>
#include <utility>

namespace concordat::gateway {

namespace {

constexpr Milliseconds kUsualDeadline{30'000};

const char* const kUnknownSystem = "the gateway knows no system of this name";

}  // namespace

Dispatcher::Dispatcher(Surroundings surroundings, Transport& transport, TokenStore* store)
    : surroundings_(std::move(surroundings)), transport_(transport), store_(store) {}

Moment Dispatcher::now() {
    return {surroundings_.steady(), surroundings_.wall(), surroundings_.random()};
}

TimerId Dispatcher::at(SteadyTime when, std::function<void()> what) {
    return timers_.emplace(when, std::move(what));
}

void Dispatcher::drop(std::optional<TimerId>& timer) {
    if (timer) timers_.erase(*timer);
    timer.reset();
}

void Dispatcher::addSystem(SystemAccess access) {
    const std::string name = access.system;
    systems_[name] = std::make_shared<System>(std::move(access), store_, surroundings_.steady());
}

void Dispatcher::removeSystem(const std::string& system) {
    const auto it = systems_.find(system);
    if (it == systems_.end()) return;
    const SystemPtr gone = it->second;
    systems_.erase(it);
    std::vector<std::uint64_t> ids;
    for (const auto& [id, flight] : flights_) {
        if (flight->system == gone) ids.push_back(id);
    }
    for (const std::uint64_t id : ids) cancelFlight(*flights_.at(id));
}

std::uint64_t Dispatcher::send(const std::string& system,
                               std::vector<Request> requests,
                               const SendContext& context,
                               std::function<void(std::vector<Reply>)> done) {
    const auto call = std::make_shared<Call>();
    call->id = nextId_++;
    call->replies.resize(requests.size());
    call->open = requests.size();
    call->done = std::move(done);
    const auto known = systems_.find(system);
    if (requests.empty() || known == systems_.end()) {
        for (Reply& reply : call->replies) reply = ownReply(ReplyClass::Permanent, kUnknownSystem);
        call->done(std::move(call->replies));
        return call->id;
    }
    const SystemPtr target = known->second;
    const SteadyTime usual = surroundings_.steady() + kUsualDeadline;
    calls_[call->id] = call;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto flight = std::make_unique<Flight>();
        flight->id = nextId_++;
        flight->system = target;
        flight->call = call;
        flight->index = i;
        flight->request = std::move(requests[i]);
        flight->deadline = context.deadline == SteadyTime::max() ? usual : context.deadline;
        flight->sendBefore = context.sendBefore;
        flight->priority = context.priority;
        flight->probe = context.probe;
        call->flights.push_back(flight->id);
        Flight& started = *flight;
        flights_[started.id] = std::move(flight);
        launch(started);
    }
    pumpAll(target);
    return call->id;
}

void Dispatcher::cancel(std::uint64_t call) {
    const auto it = calls_.find(call);
    if (it == calls_.end()) return;
    const std::vector<std::uint64_t> ids = it->second->flights;
    for (const std::uint64_t id : ids) {
        if (const auto flight = flights_.find(id); flight != flights_.end())
            cancelFlight(*flight->second);
    }
}

void Dispatcher::cancelAll() {
    std::vector<std::uint64_t> ids;
    for (const auto& [id, call] : calls_) ids.push_back(id);
    for (const std::uint64_t id : ids) cancel(id);
    for (const auto& [id, signIn] : signIns_) {
        if (auto done = std::exchange(signIn.system->codeExchanged, nullptr)) {
            done(ownReply(ReplyClass::Cancelled, "the request was cancelled"));
        }
    }
}

AuthorizationStart Dispatcher::authorization(const std::string& system,
                                             const std::string& redirectUri) {
    const auto it = systems_.find(system);
    if (it == systems_.end()) throw AccessError(kUnknownSystem);
    const SystemAccess& access = it->second->access;
    const TextFiller filler(access.secrets, surroundings_.wall());
    return startAuthorization(it->second->signIn.auth(), filler, redirectUri);
}

void Dispatcher::exchangeCode(const std::string& system,
                              const CodeGrant& grant,
                              std::function<void(Reply)> done) {
    const auto it = systems_.find(system);
    if (it == systems_.end()) return done(ownReply(ReplyClass::Permanent, kUnknownSystem));
    SignIn& signIn = it->second->signIn;
    if (signIn.auth().kind != AuthKind::AuthorizationCode) {
        return done(ownReply(ReplyClass::Permanent, "this system does not sign in by a code"));
    }
    if (signIn.isRunning()) {
        return done(ownReply(ReplyClass::Transient, "another sign-in is under way; try again"));
    }
    auto request = signIn.beginWithCode(grant, now());
    if (!request) return done(ownReply(ReplyClass::Auth, signIn.problem()));
    it->second->codeExchanged = std::move(done);
    beginSignIn(it->second, std::move(request));
}

void Dispatcher::runDue() {
    const SteadyTime present = surroundings_.steady();
    while (!timers_.empty() && timers_.begin()->first <= present) {
        // The callback forgets its own TimerId first, so nobody erases the node that is taken out
        // here.
        const auto timer = timers_.extract(timers_.begin());
        timer.mapped()();
    }
}

void Dispatcher::turn(Milliseconds longest) {
    runDue();
    Milliseconds wait = longest;
    if (!timers_.empty()) {
        const auto due = timers_.begin()->first - surroundings_.steady();
        wait = std::clamp(std::chrono::ceil<Milliseconds>(due), Milliseconds(0), longest);
    }
    for (WireReply& reply : transport_.poll(wait)) {
        if (const auto signIn = signIns_.find(reply.id); signIn != signIns_.end()) {
            const auto ended = signIns_.extract(signIn);
            signInEnded(ended.mapped(), reply);
        } else if (const auto flight = flights_.find(reply.id); flight != flights_.end()) {
            attemptEnded(*flight->second, std::move(reply));
        }
    }
}

std::optional<SystemState> Dispatcher::state(const std::string& system) {
    const auto it = systems_.find(system);
    if (it == systems_.end()) return std::nullopt;
    const SteadyTime present = surroundings_.steady();
    SystemState out;
    out.breaker = it->second->breaker.state(present);
    out.breakerRetryIn = it->second->breaker.retryIn(present);
    out.lastError = it->second->lastError;
    out.tokenExpiresAt = it->second->signIn.token().expiresAt;
    for (const auto& pool : it->second->pools) {
        out.pools.push_back(pool->limits.state(present));
        for (const auto& queue : pool->queues) {
            out.pools.back().waiting +=
                static_cast<int>(std::count_if(queue.begin(), queue.end(), [&](std::uint64_t id) {
                    return flights_.contains(id);
                }));
        }
    }
    return out;
}

}  // namespace concordat::gateway
