// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "hub/gateway/dispatcher.h"

namespace concordat::gateway {

namespace {

constexpr const char* kUserAgent = "concordat";
constexpr std::string_view kTokenMark = "{token:";

bool needsToken(const Request& request) {
    return request.url.find(kTokenMark) != std::string::npos;
}

// The name goes into a message, so it must not carry anything else.
bool isFieldName(const std::string& name) {
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

// Fills "{token:NAME}"; the result is one sentence if that cannot be done, else empty.
std::string fillTokens(std::string& url, const SignIn& signIn) {
    for (std::size_t at; (at = url.find(kTokenMark)) != std::string::npos;) {
        const std::size_t end = url.find('}', at);
        if (end == std::string::npos) return "the address has a {token: without an end";
        const std::string name = url.substr(at + kTokenMark.size(), end - at - kTokenMark.size());
        if (!isFieldName(name)) return "the address has a {token: with an unusable name";
        const auto& fields = signIn.token().fields;
        const auto field = fields.find(name);
        if (!signIn.auth().tokenFields.contains(name))
            return "the auth template names no token field " + name;
        if (field == fields.end()) return "the token reply had no field " + name;
        if (field->second.find('{') != std::string::npos)
            return "the token field " + name + " is not an address";
        url.replace(at, end - at + 1, field->second);
    }
    return "";
}

Headers withLowerNames(const Headers& headers) {
    Headers out;
    for (const auto& [name, value] : headers) out[lowerCase(name)] = value;
    return out;
}

std::string contentType(const Headers& headers) {
    const auto it = headers.find("content-type");
    return it == headers.end() ? "" : it->second;
}

std::string leftAlone(const std::string& reason) {
    const std::string text = "the system did not answer well and is left alone for now";
    return reason.empty() ? text : text + ": " + reason;
}

}  // namespace

void Dispatcher::launch(Flight& flight) {
    const std::uint64_t id = flight.id;
    flight.deadlineTimer = at(flight.deadline, [this, id] { expire(id); });
    flight.request.headers = withLowerNames(flight.request.headers);
    flight.pool = flight.system->pool(flight.request.pool);
    if (!flight.pool) {
        return end(flight, ownReply(ReplyClass::Permanent,
                                    "no limit pool is named " + flight.request.pool));
    }
    std::string problem = problemWith(flight.request, flight.system->signIn.auth().place);
    if (problem.empty() && !needsToken(flight.request)) problem = checkUrl(flight);
    if (!problem.empty()) return refuse(flight, std::move(problem));
    flight.queue().push_back(flight.id);
}

std::string Dispatcher::checkUrl(Flight& flight) const {
    const System& system = *flight.system;
    std::string text = flight.request.url;
    if (std::string problem = fillTokens(text, system.signIn); !problem.empty()) return problem;
    UrlReading reading = readUrl(text);
    if (!reading.url) return "the address is not usable: " + reading.problem;
    if (std::string problem = problemWithQuery(*reading.url, system.signIn.auth().place);
        !problem.empty()) {
        return problem;
    }
    EgressDecision decision = system.rules.check(flight.request.method, *reading.url);
    if (!decision.rule) return decision.problem;
    flight.rule = decision.rule;
    flight.url = std::move(reading.url);
    return "";
}

void Dispatcher::pumpAll(const SystemPtr& system) {
    for (const auto& pool : system->pools) {
        for (auto& queue : pool->queues) pumpQueue(queue);
    }
}

void Dispatcher::pumpQueue(std::deque<std::uint64_t>& queue) {
    while (!queue.empty()) {
        const auto flight = flights_.find(queue.front());
        if (flight != flights_.end() && !tryStart(*flight->second)) return;
        queue.pop_front();
    }
}

bool Dispatcher::tryStart(Flight& flight) {
    const Moment moment = now();
    if (moment.steady >= flight.latestStart()) {
        end(flight, ownReply(ReplyClass::Transient, "the request could not be sent in time"));
        return true;
    }
    bool ended = false;
    const bool passes = passesBreaker(flight, moment, ended) &&
                        passesSignIn(flight, moment, ended) && passesLimits(flight, moment, ended);
    if (passes) putOnWire(flight, moment);
    return passes || ended;
}

bool Dispatcher::passesBreaker(Flight& flight, const Moment& moment, bool& ended) {
    const Breaker& breaker = flight.system->breaker;
    const Admission admission = breaker.admit(flight.priority, flight.probe, moment.steady);
    if (admission != Admission::Refuse) return admission == Admission::Go;
    const SignIn& signIn = flight.system->signIn;
    const bool isRefused = flight.system->signIn.need(moment) == SignIn::Need::Failed;
    Reply reply = ownReply(isRefused ? ReplyClass::Auth : ReplyClass::Transient,
                           isRefused ? signIn.problem() : leftAlone(flight.system->lastError));
    reply.retryAfter = breaker.retryIn(moment.steady);
    end(flight, std::move(reply));
    ended = true;
    return false;
}

bool Dispatcher::passesSignIn(Flight& flight, const Moment& moment, bool& ended) {
    if (flight.withoutCredential) return true;
    const SystemPtr system = flight.system;
    SignIn::Need need = system->signIn.need(moment);
    if (need == SignIn::Need::Begin) {
        beginSignIn(system, system->signIn.begin(moment));
        need = system->signIn.need(moment);
    }
    if (need == SignIn::Need::Wait) awaitSignIn(system);
    if (need == SignIn::Need::Failed) {
        end(flight, ownReply(ReplyClass::Auth, system->signIn.problem()));
        ended = true;
    }
    return need == SignIn::Need::Nothing;
}

bool Dispatcher::passesLimits(Flight& flight, const Moment& moment, bool& ended) {
    const auto wait = flight.pool->limits.waitFor(flight.priority, moment.steady);
    if (!wait) return false;
    if (*wait == Milliseconds(0)) return true;
    if (moment.steady + *wait < flight.latestStart()) {
        wakeUp(flight, moment.steady + *wait);
        return false;
    }
    Reply reply =
        ownReply(ReplyClass::RateLimited, "what is left of the vendor's limit is kept, or used up");
    reply.retryAfter = *wait;
    end(flight, std::move(reply));
    ended = true;
    return false;
}

void Dispatcher::wakeUp(Flight& flight, SteadyTime when) {
    auto& timer = flight.pool->wakeUp;
    if (timer && (*timer)->first <= when) return;
    drop(timer);
    timer = at(when, [this, system = flight.system, pool = flight.pool] {
        pool->wakeUp.reset();
        pumpAll(system);
    });
}

void Dispatcher::putOnWire(Flight& flight, const Moment& moment) {
    if (!flight.url) {
        if (std::string problem = checkUrl(flight); !problem.empty()) {
            // The next token may lead elsewhere.
            SignIn& signIn = flight.system->signIn;
            if (needsToken(flight.request)) signIn.expired(signIn.generation());
            return refuse(flight, std::move(problem));
        }
    }
    std::optional<WireRequest> request;
    try {
        request = wireRequest(flight, moment);
    } catch (const AccessError& error) {
        return end(flight, ownReply(ReplyClass::Auth, error.message()));
    }
    ++flight.attempts;
    flight.onWire = true;
    flight.startedAt = moment.steady;
    flight.tokenGeneration = flight.system->signIn.generation();
    flight.isTrial = flight.system->breaker.started(moment.steady);
    flight.pool->limits.started(moment.steady);
    transport_.start(std::move(*request));
}

WireRequest Dispatcher::wireRequest(const Flight& flight, const Moment& moment) const {
    const System& system = *flight.system;
    Url url = *flight.url;
    WireRequest out;
    out.id = flight.id;
    out.method = flight.request.method;
    out.shownUrl = url.text();
    out.headers = flight.request.headers;
    out.headers.emplace("user-agent", kUserAgent);
    out.headers.emplace("accept", "*/*");
    out.body = flight.request.body;
    if (!flight.rule->bodySecrets.empty()) {
        const TextFiller filler(system.access.secrets, moment.wall);
        out.body =
            withBodySecrets(out.body, flight.rule->bodySecrets, contentType(out.headers), filler);
    }
    if (!flight.withoutCredential) system.signIn.apply(out, url, moment);
    out.url = url.text();
    out.internal = system.access.internal;
    out.mayRepeat = flight.mayRepeat();
    out.connectTimeout = system.access.connectTimeout;
    const Milliseconds wanted =
        flight.request.timeout.count() > 0 ? flight.request.timeout : system.access.timeout;
    out.timeout =
        std::min(wanted, std::chrono::ceil<Milliseconds>(flight.deadline - moment.steady));
    out.maxReplyBytes = system.access.maxReplyBytes;
    out.caFile = system.access.caFile;
    return out;
}

void Dispatcher::beginSignIn(const SystemPtr& system, std::optional<WireRequest> request) {
    if (!request) {
        system->lastError = system->signIn.problem();
        return;
    }
    request->id = nextId_++;
    const UrlReading url = readUrl(request->url);
    const auto bytesOut = static_cast<long long>(request->body.size());
    signIns_[request->id] = {
        system,
        surroundings_.steady(),
        {system->access.system, url.url ? url.url->host : "", bytesOut, 0, false}};
    transport_.start(std::move(*request));
}

void Dispatcher::awaitSignIn(const SystemPtr& system) {
    if (system->signIn.isRunning() || system->signInTimer) return;
    system->signInTimer = at(system->signIn.retryAt(), [this, system] {
        system->signInTimer.reset();
        pumpAll(system);
    });
}

}  // namespace concordat::gateway
