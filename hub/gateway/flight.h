// SPDX-License-Identifier: Apache-2.0
#pragma once
// Requests under way, and what is known of the systems they go to. Owned by the dispatcher's
// thread.

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>

#include "hub/gateway/breaker.h"
#include "hub/gateway/egress.h"
#include "hub/gateway/limits.h"
#include "hub/gateway/sign_in.h"

namespace concordat::gateway {

using TimerId = std::multimap<SteadyTime, std::function<void()>>::iterator;

/// A limit pool and who waits for it, by priority. Ids of flights that have ended are skipped.
struct Pool {
    Pool(LimitPool pool, SteadyTime now) : limits(std::move(pool), now) {}
    PoolLimits limits;
    std::array<std::deque<std::uint64_t>, 4> queues;
    std::optional<TimerId> wakeUp;
};

/// One system. Flights and timers share it, as they may outlive its replacement.
struct System {
    System(SystemAccess known, TokenStore* store, SteadyTime now);
    System(const System&) = delete;
    System& operator=(const System&) = delete;

    /// The pool of that name; the first one for an empty name, nothing for an unknown one.
    Pool* pool(const std::string& name);

    const SystemAccess access;
    const EgressRules rules;
    SignIn signIn;
    Breaker breaker;
    std::vector<std::unique_ptr<Pool>> pools;
    std::optional<TimerId> signInTimer;
    std::function<void(Reply)>
        codeExchanged;  // who waits for the exchange of an authorization code
    std::string lastError;
    SteadyTime refusalLoggedAt{};
};

/// All requests of one `send`.
struct Call {
    std::uint64_t id = 0;
    std::vector<Reply> replies;
    std::vector<std::uint64_t> flights;
    std::size_t open = 0;
    std::function<void(std::vector<Reply>)> done;
};

/// One request until it is answered.
struct Flight {
    std::uint64_t id = 0;
    std::shared_ptr<System> system;
    std::shared_ptr<Call> call;  // shared by the call's flights; the last one ends it
    std::size_t index = 0;
    Request request;
    Pool* pool = nullptr;
    SteadyTime deadline;
    SteadyTime sendBefore;
    Priority priority = Priority::Read;
    bool probe = false;

    std::optional<Url> url;  // once it is filled and checked
    const HostRule* rule = nullptr;
    bool withoutCredential = false;  // after a redirect to another host
    int redirects = 0;
    int attempts = 0;
    bool signedInAgain = false;
    bool maybeSent = false;  // in some attempt
    bool cancelled = false;
    bool onWire = false;
    bool isTrial = false;
    std::uint64_t tokenGeneration = 0;
    SteadyTime startedAt;
    std::optional<TimerId> deadlineTimer;
    std::optional<TimerId> retryTimer;

    /// Until when an attempt may start.
    SteadyTime latestStart() const { return deadline < sendBefore ? deadline : sendBefore; }
    bool mayRepeat() const;
    std::deque<std::uint64_t>& queue() { return pool->queues[static_cast<std::size_t>(priority)]; }
};

}  // namespace concordat::gateway
