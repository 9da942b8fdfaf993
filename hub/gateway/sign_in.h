// SPDX-License-Identifier: Apache-2.0
#pragma once
// One system's credential: fetched once for all who wait, renewed, kept. Not synchronised: its
// owner's thread only.

#include "hub/gateway/egress.h"
#include "hub/gateway/gateway.h"
#include "hub/gateway/token.h"
#include "hub/gateway/transport.h"

namespace concordat::gateway {

/// Time and luck of one step, so that everything below is a plain function of it.
struct Moment {
    SteadyTime steady;
    SystemTime wall;
    double random = 0;
};

class SignIn {
 public:
    enum class Need {
        Nothing,  ///< the credential is there, or none is needed
        Begin,    ///< call `begin` and put its request on the wire
        Wait,     ///< one is under way, or a pause after a failure runs until `retryAt`
        Failed    ///< it was refused a moment ago: `problem`
    };

    /// `access` and `rules` must outlive this.
    SignIn(const SystemAccess& access, const EgressRules& rules, TokenStore* store);

    Need need(const Moment& now);
    /// The request for a token; from now on one is under way. Nothing if it could not be made: then
    /// it has failed.
    std::optional<WireRequest> begin(const Moment& now);
    std::optional<WireRequest> beginWithCode(const CodeGrant& grant, const Moment& now);
    /// The reply to it. Afterwards `need` tells.
    void ended(const WireReply& reply, const Moment& now);
    /// The vendor did not take the token of that generation any more.
    void expired(std::uint64_t generation);

    /// Puts the credential into headers and query. Throws AccessError if a secret is missing.
    void apply(WireRequest& request, Url& url, const Moment& now) const;

    const AuthTemplate& auth() const { return auth_; }
    const TokenSet& token() const { return token_; }
    std::uint64_t generation() const { return generation_; }
    const std::string& problem() const { return problem_; }
    bool isRunning() const { return running_; }
    SteadyTime retryAt() const { return retryAt_; }
    /// Whether the last one was refused for good, not only for the moment.
    bool isRefused() const { return refused_; }

 private:
    std::optional<WireRequest> prepare(TokenRequest request);
    std::optional<WireRequest> guarded(const std::function<TokenRequest()>& make,
                                       const Moment& now);
    bool loadOnce(const Moment& now);
    std::optional<bool> adoptStored();  // nothing: the store cannot be read
    void keep(TokenSet fresh, const Moment& now);
    void save(const Moment& now);
    void failLater(std::string problem, const Moment& now);
    void failForGood(std::string problem, const Moment& now);

    const SystemAccess& access_;
    const EgressRules& rules_;
    TokenStore* store_;
    AuthTemplate auth_;
    TokenSet token_;
    std::string refreshInUse_;
    std::uint64_t generation_ = 0;
    std::string problem_;
    bool loaded_ = false;
    bool running_ = false;
    bool unsaved_ = false;
    bool refused_ = false;
    int failures_ = 0;
    SteadyTime retryAt_{};
};

}  // namespace concordat::gateway
