// SPDX-License-Identifier: Apache-2.0
#pragma once
// HTTPS to the world, for every system: egress rules, sign-in, limits, retries, breakers, counts.

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "hub/gateway/access.h"
#include "hub/gateway/http.h"
#include "hub/gateway/transport.h"

namespace concordat::gateway {

/// Keeps tokens that must survive a restart (refresh tokens), sealed, one text per system. Called
/// on the gateway's thread; both may throw. `save` returns only once the text is durable.
class TokenStore {
 public:
    virtual ~TokenStore() = default;
    virtual std::optional<std::string> load(const std::string& system) = 0;
    virtual void save(const std::string& system, const std::string& token) = 0;
};

/// Time and randomness, so that tests need not wait. `random` gives [0, 1).
struct Surroundings {
    std::function<SteadyTime()> steady = [] { return std::chrono::steady_clock::now(); };
    std::function<SystemTime()> wall = [] { return std::chrono::system_clock::now(); };
    std::function<double()> random;  ///< empty: a seeded generator
};

struct GatewayOptions {
    Surroundings surroundings;
    std::unique_ptr<Transport> transport;  ///< empty: libcurl
    TokenStore* tokens = nullptr;          ///< absent: refreshed tokens last as long as the process
};

/// Of one `send`. Nothing is put on the wire after `sendBefore`, and every reply is there by
/// `deadline`.
struct SendContext {
    SteadyTime deadline = SteadyTime::max();  ///< max: 30 s from now
    SteadyTime sendBefore = SteadyTime::max();
    Priority priority = Priority::Read;
    bool probe = false;  ///< passes a breaker, one at a time
    std::stop_token cancel;
};

enum class BreakerState { Closed, Open, HalfOpen };

/// What is left of a limit; nothing where neither the vendor nor the description said.
struct PoolState {
    std::string name;
    std::optional<long long> remaining;
    std::optional<long long> limit;
    double concurrency = 0;  ///< what is allowed at the moment
    int running = 0;
    int waiting = 0;
    Milliseconds pausedFor{0};  ///< by Retry-After
};

struct SystemState {
    BreakerState breaker = BreakerState::Closed;
    Milliseconds breakerRetryIn{0};
    std::string lastError;
    std::vector<PoolState> pools;
    std::optional<SystemTime> tokenExpiresAt;
};

/// What went to one host on one day (UTC).
struct HostCount {
    std::string system;
    std::string day;  ///< "2026-11-23"
    std::string host;
    long long requests = 0;
    long long failures = 0;  ///< any class but Ok
    long long refused = 0;   ///< by the egress rules, nothing was sent
    long long bytesOut = 0;
    long long bytesIn = 0;
};

/// Seconds an attempt took. `counts[i]` holds those up to `kBounds[i]`, the last one the
/// rest.
struct LatencyHistogram {
    static constexpr double kBounds[] = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30};
    long long counts[std::size(kBounds) + 1] = {};
    double sum = 0;
};

struct SystemLatency {
    std::string system;
    LatencyHistogram histogram;
};

struct Counts {
    std::vector<HostCount> hosts;  ///< today and the 40 days before
    std::vector<SystemLatency> latencies;
};

/// Where a person signs in; `state` and `verifier` are needed again when the code comes back.
struct AuthorizationStart {
    std::string address;
    std::string state;
    std::string verifier;
};

/// The only way out of the hub. One thread of its own drives every connection; all methods are
/// [any].
class Gateway {
 public:
    explicit Gateway(GatewayOptions options = {});
    /// Pending sends are answered as cancelled.
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    /// Makes a system known, or replaces what was known of it. Throws AccessError.
    void addSystem(SystemAccess access);
    void removeSystem(const std::string& system);

    /// Sends all at once and waits; one reply per request, in their order. Never throws for what a
    /// vendor or a connector did: that is in the replies.
    std::vector<Reply> send(const std::string& system,
                            std::vector<Request> requests,
                            const SendContext& context);

    /// Begins the authorization code flow with PKCE. Throws AccessError if the system has another
    /// kind.
    AuthorizationStart authorizationAddress(const std::string& system,
                                            const std::string& redirectUri);
    /// Ends it: trades `code` for tokens and keeps them. The reply's class tells; its body is
    /// empty.
    Reply exchangeCode(const std::string& system,
                       const std::string& code,
                       const std::string& verifier,
                       const std::string& redirectUri);

    /// Breaker and quotas of a system; nothing if it is unknown.
    std::optional<SystemState> state(const std::string& system);
    Counts counts();

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace concordat::gateway
