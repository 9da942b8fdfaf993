// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/sign_in.h"

#include "hub/gateway/digest.h"
#include "hub/gateway/limits.h"

namespace concordat::gateway {

namespace {
constexpr Milliseconds kFirstPause{500};
constexpr Milliseconds kLongestRetry{10'000};
// After a refusal; vendors count log-ins, and some lock the account.
constexpr Milliseconds kRefusalPause{30'000};
constexpr std::size_t kMaxTokenReply = 1u << 20;
}  // namespace

SignIn::SignIn(const SystemAccess& access, const EgressRules& rules, TokenStore* store)
    : access_(access), rules_(rules), store_(store), auth_(readAuthTemplate(access.auth)) {
    if (!auth_.fetchesToken()) return;
    const UrlReading url = readUrl(auth_.tokenUrl());
    if (!url.url) throw AccessError("auth: the token address is not usable: " + url.problem);
    const std::string method = auth_.kind == AuthKind::Exchange ? auth_.exchange.method : "POST";
    if (const auto decision = rules_.check(method, *url.url); !decision.rule) {
        throw AccessError("auth: the token address is outside the host rules: " + decision.problem);
    }
}

SignIn::Need SignIn::need(const Moment& now) {
    if (!auth_.fetchesToken()) return Need::Nothing;
    if (running_) return Need::Wait;
    if (now.steady < retryAt_) return refused_ ? Need::Failed : Need::Wait;
    if (!loadOnce(now)) return Need::Wait;
    if (unsaved_) save(now);
    if (unsaved_) return Need::Wait;
    const bool isFresh =
        !token_.access.empty() && (!token_.expiresAt || now.wall < *token_.expiresAt);
    return isFresh ? Need::Nothing : Need::Begin;
}

std::optional<WireRequest> SignIn::begin(const Moment& now) {
    return guarded(
        [&] {
            adoptStored();
            refreshInUse_ = token_.refresh;
            return tokenRequest(auth_, TextFiller(access_.secrets, now.wall), token_.refresh,
                                now.wall);
        },
        now);
}

std::optional<WireRequest> SignIn::beginWithCode(const CodeGrant& grant, const Moment& now) {
    return guarded([&] { return codeRequest(auth_, TextFiller(access_.secrets, now.wall), grant); },
                   now);
}

std::optional<WireRequest> SignIn::guarded(const std::function<TokenRequest()>& make,
                                           const Moment& now) {
    try {
        auto request = prepare(make());
        running_ = request.has_value();
        if (!running_) failForGood("the token address is outside the host rules", now);
        return request;
    } catch (const AccessError& error) {
        failForGood(error.message(), now);
    } catch (const std::exception&) {
        // Whatever else (a token store that fails, a secret that is not UTF-8) may quote what it
        // choked on.
        failForGood("the sign-in request could not be made from the settings and secrets", now);
    }
    return std::nullopt;
}

std::optional<WireRequest> SignIn::prepare(TokenRequest request) {
    const UrlReading url = readUrl(request.url);
    if (!url.url || !rules_.check(request.method, *url.url).rule) return std::nullopt;
    WireRequest out;
    out.method = std::move(request.method);
    out.url = url.url->text();
    out.shownUrl = url.url->shown();
    out.headers = std::move(request.headers);
    out.body = std::move(request.body);
    out.internal = access_.internal;
    out.signIn = true;
    out.connectTimeout = access_.connectTimeout;
    out.timeout = access_.timeout;
    out.maxReplyBytes = kMaxTokenReply;
    out.caFile = access_.caFile;
    return out;
}

bool SignIn::loadOnce(const Moment& now) {
    if (loaded_) return true;
    loaded_ = adoptStored().has_value();
    if (!loaded_) failLater("the token store cannot be read", now);
    return loaded_;
}

// Another process may have renewed the token meanwhile; what it kept is newer than ours.
std::optional<bool> SignIn::adoptStored() {
    if (!store_ || !auth_.keepsRefreshToken() || unsaved_) return false;
    std::optional<std::string> text;
    try {
        text = store_->load(access_.system);
    } catch (const std::exception&) {
        return std::nullopt;
    }
    auto stored = text ? parseToken(*text) : std::nullopt;
    if (!stored || stored->refresh.empty() || stored->refresh == token_.refresh) return false;
    token_ = std::move(*stored);
    ++generation_;
    return true;
}

void SignIn::ended(const WireReply& reply, const Moment& now) {
    running_ = false;
    if (reply.end == WireEnd::Refused || reply.end == WireEnd::Untrusted) {
        return failForGood("the sign-in was not possible: " + reply.error, now);
    }
    if (reply.end != WireEnd::Answered)
        return failLater("the sign-in was not answered: " + reply.error, now);
    TokenReading reading = readTokenReply(auth_, reply.status, reply.body, now.wall);
    if (reading.token) return keep(std::move(*reading.token), now);
    if (reading.later) return failLater(std::move(reading.problem), now);
    const bool wasRotatedElsewhere =
        auth_.keepsRefreshToken() && !refreshInUse_.empty() && adoptStored().value_or(false);
    if (!wasRotatedElsewhere) failForGood(std::move(reading.problem), now);
}

void SignIn::keep(TokenSet fresh, const Moment& now) {
    mergeToken(token_, std::move(fresh));
    ++generation_;
    failures_ = 0;
    refused_ = false;
    retryAt_ = {};
    problem_.clear();
    unsaved_ = store_ && auth_.keepsRefreshToken();
    if (unsaved_) save(now);
}

// Before the token is used: the vendor may have ended the old refresh token with this reply.
void SignIn::save(const Moment& now) {
    try {
        store_->save(access_.system, writeToken(token_));
        unsaved_ = false;
    } catch (const std::exception&) {
        failLater("the renewed token could not be kept in the store", now);
    }
}

void SignIn::failLater(std::string problem, const Moment& now) {
    problem_ = std::move(problem);
    refused_ = false;
    ++failures_;
    retryAt_ =
        now.steady + Milliseconds(50) + backoff(failures_, kFirstPause, kLongestRetry, now.random);
}

void SignIn::failForGood(std::string problem, const Moment& now) {
    problem_ = std::move(problem);
    refused_ = true;
    retryAt_ = now.steady + kRefusalPause;
}

void SignIn::expired(std::uint64_t generation) {
    if (generation == generation_ && !running_) token_.access.clear();
}

void SignIn::apply(WireRequest& request, Url& url, const Moment& now) const {
    if (auth_.kind == AuthKind::None) return;
    const TextFiller filler(access_.secrets, now.wall);
    std::string value;
    if (auth_.kind == AuthKind::Basic) {
        value = "Basic " + base64(filler.fill(auth_.username) + ":" + filler.fill(auth_.password));
    } else {
        value =
            auth_.prefix + (auth_.fetchesToken() ? token_.access : filler.fill(auth_.credential));
    }
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
        throw AccessError("the credential contains a line break; check how the secret is stored");
    }
    if (!auth_.place.query.empty()) {
        url.query = withQueryMember(url.query, auth_.place.query, value);
    } else {
        request.headers[auth_.place.header] = value;
    }
}

}  // namespace concordat::gateway
