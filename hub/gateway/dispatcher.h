// SPDX-License-Identifier: Apache-2.0
#pragma once
// Decides what goes on the wire, when, and again. One thread drives it; every step is
// deterministic.

#include <unordered_map>

#include "hub/gateway/flight.h"
#include "hub/gateway/tally.h"
#include "hub/gateway/transport.h"
#include "hub/gateway/verdict.h"

namespace concordat::gateway {

class Dispatcher {
 public:
    /// `transport` and `store` must outlive this; `store` may be absent.
    Dispatcher(Surroundings surroundings, Transport& transport, TokenStore* store);

    /// Throws AccessError. Requests under way end with what was known before.
    void addSystem(SystemAccess access);
    /// Its requests end as cancelled.
    void removeSystem(const std::string& system);

    /// `done` is called once with all replies, possibly at once. The result is for `cancel`.
    std::uint64_t send(const std::string& system,
                       std::vector<Request> requests,
                       const SendContext& context,
                       std::function<void(std::vector<Reply>)> done);
    void cancel(std::uint64_t call);
    void cancelAll();

    AuthorizationStart authorization(const std::string& system, const std::string& redirectUri);
    void exchangeCode(const std::string& system,
                      const CodeGrant& grant,
                      std::function<void(Reply)> done);

    /// Runs what is due, waits for the wire at most `longest`, takes in what came. One turn of the
    /// loop.
    void turn(Milliseconds longest);

    std::optional<SystemState> state(const std::string& system);
    Counts counts() const { return tally_.counts(); }

 private:
    using SystemPtr = std::shared_ptr<System>;
    struct SignInOnWire {
        SystemPtr system;
        SteadyTime startedAt;
        Tallied tallied;
    };

    Moment now();
    TimerId at(SteadyTime when, std::function<void()> what);
    void drop(std::optional<TimerId>& timer);
    void runDue();

    // dispatcher_start.cpp: from a request to the wire
    void launch(Flight& flight);
    std::string checkUrl(Flight& flight) const;
    void pumpAll(const SystemPtr& system);
    void pumpQueue(std::deque<std::uint64_t>& queue);
    bool tryStart(Flight& flight);  // false: it stays in its queue
    bool passesBreaker(Flight& flight, const Moment& moment, bool& ended);
    bool passesSignIn(Flight& flight, const Moment& moment, bool& ended);
    bool passesLimits(Flight& flight, const Moment& moment, bool& ended);
    void putOnWire(Flight& flight, const Moment& moment);
    WireRequest wireRequest(const Flight& flight, const Moment& moment) const;
    void wakeUp(Flight& flight, SteadyTime when);
    void beginSignIn(const SystemPtr& system, std::optional<WireRequest> request);
    void awaitSignIn(const SystemPtr& system);

    // dispatcher_settle.cpp: from the wire to a reply
    void signInEnded(SignInOnWire signIn, const WireReply& reply);
    void attemptEnded(Flight& flight, WireReply wire);
    void learn(Flight& flight, const Verdict& verdict, const Moment& moment);
    void settle(Flight& flight, Verdict verdict, const Moment& moment);
    bool signInAgain(Flight& flight, const Verdict& verdict);
    bool follow(Flight& flight, Reply& reply);
    bool retryLater(Flight& flight, Reply& reply, const Moment& moment);
    void requeue(Flight& flight);
    void expire(std::uint64_t id);
    void cancelFlight(Flight& flight);
    void end(Flight& flight, Reply reply);
    void refuse(Flight& flight, std::string problem);

    Surroundings surroundings_;
    Transport& transport_;
    TokenStore* store_;
    std::uint64_t nextId_ = 1;
    std::map<std::string, SystemPtr> systems_;
    std::unordered_map<std::uint64_t, std::unique_ptr<Flight>> flights_;
    std::unordered_map<std::uint64_t, SignInOnWire> signIns_;  // by the id on the wire
    std::unordered_map<std::uint64_t, std::shared_ptr<Call>> calls_;
    std::multimap<SteadyTime, std::function<void()>> timers_;
    Tally tally_;
};

}  // namespace concordat::gateway
