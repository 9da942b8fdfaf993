// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <Poco/Logger.h>

#include "hub/gateway/dispatcher.h"

namespace concordat::gateway {

namespace {

constexpr int kMostAttempts = 4;
constexpr int kMostRedirects = 5;
constexpr Milliseconds kFirstRetry{250};
constexpr Milliseconds kLongestRetry{10'000};
// The shortest pause after a 429 that says nothing.
constexpr Milliseconds kBusyPause{500};
constexpr auto kRefusalLogPause = std::chrono::minutes(1);

Poco::Logger& logger() { return Poco::Logger::get("hub.gateway"); }

const char* stateName(BreakerState state) {
    switch (state) {
        case BreakerState::Closed:
            return "closed";
        case BreakerState::Open:
            return "open";
        case BreakerState::HalfOpen:
            return "half_open";
    }
    return "";
}

}  // namespace

void Dispatcher::signInEnded(SignInOnWire onWire, const WireReply& reply) {
    const Moment moment = now();
    const SystemPtr system = onWire.system;
    onWire.tallied.bytesIn = reply.bytesIn;
    SignIn& signIn = system->signIn;
    signIn.ended(reply, moment);
    const bool isGood = signIn.problem().empty();
    onWire.tallied.failed = !isGood;
    tally_.attempt(onWire.tallied, moment.steady - onWire.startedAt, moment.wall);
    if (!isGood) {
        system->lastError = signIn.problem();
        logger().warning("signing in failed system=" + system->access.system +
                         " reason=" + signIn.problem());
        if (signIn.isRefused()) {
            system->breaker.signInFailed(moment.random, moment.steady);
        } else {
            system->breaker.failed(moment.random, moment.steady);
        }
    }
    if (auto done = std::exchange(system->codeExchanged, nullptr)) {
        const ReplyClass kind = signIn.isRefused() ? ReplyClass::Auth : ReplyClass::Transient;
        done(isGood ? ownReply(ReplyClass::Ok, "") : ownReply(kind, signIn.problem()));
    }
    pumpAll(system);
}

void Dispatcher::attemptEnded(Flight& flight, WireReply wire) {
    const Moment moment = now();
    const SystemPtr system = flight.system;
    flight.onWire = false;
    const WireEnd howItEnded = wire.end;
    const long long bytesIn = wire.bytesIn;
    Verdict verdict = judge(system->signIn.auth(), flight.request, std::move(wire), moment.wall);
    if (howItEnded == WireEnd::Aborted) verdict.reply.error = "the deadline came before the answer";
    const Tallied tallied{system->access.system, flight.url->host,
                          static_cast<long long>(flight.request.body.size()), bytesIn,
                          verdict.reply.kind != ReplyClass::Ok};
    tally_.attempt(tallied, moment.steady - flight.startedAt, moment.wall);
    learn(flight, verdict, moment);
    settle(flight, std::move(verdict), moment);
    pumpAll(system);
}

void Dispatcher::learn(Flight& flight, const Verdict& verdict, const Moment& moment) {
    System& system = *flight.system;
    PoolLimits& limits = flight.pool->limits;
    const BreakerState before = system.breaker.state(moment.steady);
    limits.ended();
    limits.learn(verdict.reply.headers, moment.steady);
    system.breaker.ended(flight.isTrial);
    flight.isTrial = false;
    if (verdict.vendorIsBusy) {
        const bool isSilent =
            verdict.reply.kind == ReplyClass::RateLimited && verdict.reply.retryAfter.count() == 0;
        const Milliseconds silentPause =
            kBusyPause + backoff(flight.attempts, kBusyPause, kLongestRetry, moment.random);
        limits.overloaded(isSilent ? silentPause : verdict.reply.retryAfter, moment.steady);
    }
    if (verdict.vendorAnswered) {
        limits.succeeded();
        system.breaker.succeeded();
        system.lastError.clear();
    } else if (!verdict.reply.error.empty()) {
        system.lastError = verdict.reply.error;
    }
    if (verdict.vendorFailed) system.breaker.failed(moment.random, moment.steady);
    const bool isFinalAuth =
        verdict.reply.kind == ReplyClass::Auth && !system.signIn.auth().fetchesToken();
    if (isFinalAuth) system.breaker.signInFailed(moment.random, moment.steady);
    if (const BreakerState after = system.breaker.state(moment.steady); after != before) {
        logger().warning("breaker changed system=" + system.access.system +
                         " state=" + stateName(after) + " reason=" + system.lastError);
    }
}

void Dispatcher::settle(Flight& flight, Verdict verdict, const Moment& moment) {
    flight.maybeSent |= verdict.reply.maybeSent;
    if (flight.cancelled) {
        return end(flight, ownReply(ReplyClass::Cancelled, "the request was cancelled"));
    }
    if (verdict.tokenExpired && signInAgain(flight, verdict)) return;
    if (verdict.isRedirect && follow(flight, verdict.reply)) return;
    if (retryLater(flight, verdict.reply, moment)) return;
    if (verdict.reply.kind == ReplyClass::RateLimited && verdict.reply.retryAfter.count() == 0) {
        verdict.reply.retryAfter = flight.pool->limits.state(moment.steady).pausedFor;
    }
    end(flight, std::move(verdict.reply));
}

bool Dispatcher::signInAgain(Flight& flight, const Verdict& verdict) {
    SignIn& signIn = flight.system->signIn;
    if (!signIn.auth().fetchesToken() || flight.signedInAgain || flight.withoutCredential)
        return false;
    if (verdict.reply.kind != ReplyClass::Auth) return false;
    flight.signedInAgain = true;
    signIn.expired(flight.tokenGeneration);
    // A new token may lead to another host.
    if (flight.redirects == 0) flight.url.reset();
    requeue(flight);
    return true;
}

bool Dispatcher::follow(Flight& flight, Reply& reply) {
    const UrlReading target = resolveUrl(*flight.url, reply.headers.at("location"));
    if (!isSafe(flight.request.method) || flight.redirects >= kMostRedirects) return false;
    if (!target.url) {
        reply.error += ", but that is no usable address";
        return false;
    }
    const EgressDecision decision = flight.system->rules.check(flight.request.method, *target.url);
    if (!decision.rule) {
        reply.error += ": " + decision.problem;
        tally_.refused(flight.system->access.system, surroundings_.wall());
        return false;
    }
    const bool sameHost = target.url->authority() == flight.url->authority() &&
                          target.url->scheme == flight.url->scheme;
    flight.withoutCredential |= !sameHost;
    flight.url = target.url;
    flight.rule = decision.rule;
    ++flight.redirects;
    requeue(flight);
    return true;
}

bool Dispatcher::retryLater(Flight& flight, Reply& reply, const Moment& moment) {
    const bool isBusy = reply.kind == ReplyClass::RateLimited;
    const bool wasLost =
        reply.kind == ReplyClass::Transient && (!reply.maybeSent || flight.mayRepeat());
    if ((!isBusy && !wasLost) || flight.attempts >= kMostAttempts) return false;
    const Breaker& breaker = flight.system->breaker;
    if (breaker.admit(flight.priority, flight.probe, moment.steady) == Admission::Refuse)
        return false;
    const Milliseconds delay = std::max(
        reply.retryAfter, backoff(flight.attempts, kFirstRetry, kLongestRetry, moment.random));
    if (moment.steady + delay >= flight.latestStart()) return false;
    flight.retryTimer = at(moment.steady + delay, [this, id = flight.id] {
        Flight& due = *flights_.at(id);
        due.retryTimer.reset();
        const SystemPtr system = due.system;
        requeue(due);
        pumpAll(system);
    });
    return true;
}

void Dispatcher::requeue(Flight& flight) { flight.queue().push_front(flight.id); }

void Dispatcher::expire(std::uint64_t id) {
    const auto it = flights_.find(id);
    if (it == flights_.end()) return;
    Flight& flight = *it->second;
    flight.deadlineTimer.reset();
    if (flight.onWire) return transport_.abort(id);
    end(flight, ownReply(ReplyClass::Transient, "the request could not be sent in time"));
}

void Dispatcher::cancelFlight(Flight& flight) {
    flight.cancelled = true;
    if (flight.onWire) return transport_.abort(flight.id);
    end(flight, ownReply(ReplyClass::Cancelled, "the request was cancelled"));
}

void Dispatcher::refuse(Flight& flight, std::string problem) {
    System& system = *flight.system;
    const Moment moment = now();
    tally_.refused(system.access.system, moment.wall);
    if (moment.steady - system.refusalLoggedAt >= kRefusalLogPause) {
        system.refusalLoggedAt = moment.steady;
        logger().warning("refused a connector's request system=" + system.access.system +
                         " reason=" + problem);
    }
    end(flight, ownReply(ReplyClass::Permanent, "refused by the hub: " + std::move(problem)));
}

void Dispatcher::end(Flight& flight, Reply reply) {
    drop(flight.deadlineTimer);
    drop(flight.retryTimer);
    reply.attempts = flight.attempts;
    reply.maybeSent = reply.maybeSent || (flight.maybeSent && reply.kind != ReplyClass::Ok);
    if (flight.system->signIn.auth().fetchesToken())
        reply.tokenFields = flight.system->signIn.token().fields;
    const std::shared_ptr<Call> call = flight.call;
    call->replies[flight.index] = std::move(reply);
    flights_.erase(flight.id);
    if (--call->open > 0) return;
    calls_.erase(call->id);
    call->done(std::move(call->replies));
}

}  // namespace concordat::gateway
