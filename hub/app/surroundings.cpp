// SPDX-License-Identifier: Apache-2.0
#include "hub/app/surroundings.h"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>
#include <Poco/Logger.h>

namespace concordat::app {

namespace {

gateway::Priority priorityOf(host::Priority priority) {
    switch (priority) {
        case host::Priority::Tightening:
            return gateway::Priority::Tightening;
        case host::Priority::Consent:
            return gateway::Priority::Consent;
        case host::Priority::Read:
            return gateway::Priority::Read;
        case host::Priority::Sweep:
            break;
    }
    return gateway::Priority::Sweep;
}

gateway::Request requestOf(const sdk::HttpRequest& request) {
    return {request.method,
            request.url,
            request.headers,
            request.body,
            request.idempotent,
            request.pool,
            gateway::Milliseconds(request.timeoutMs)};
}

sdk::HttpReply replyOf(gateway::Reply reply) {
    sdk::HttpReply all;
    all.kind = static_cast<sdk::HttpClass>(reply.kind);
    all.status = reply.status;
    all.headers = std::move(reply.headers);
    all.body = std::move(reply.body);
    all.retryAfterMs = reply.retryAfter.count();
    all.maybeSent = reply.maybeSent;
    all.error = std::move(reply.error);
    all.token = std::move(reply.tokenFields);
    return all;
}

// The two closed lists are the same words in the same order; this keeps it so.
static_assert(static_cast<int>(gateway::ReplyClass::Cancelled) ==
              static_cast<int>(sdk::HttpClass::Cancelled));
static_assert(static_cast<int>(gateway::ReplyClass::Conflict) ==
              static_cast<int>(sdk::HttpClass::Conflict));
static_assert(static_cast<int>(gateway::ReplyClass::RateLimited) ==
              static_cast<int>(sdk::HttpClass::RateLimited));

}  // namespace

sync::EpochMs MachineClock::now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::chrono::steady_clock::time_point MachineClock::monotonic() {
    return std::chrono::steady_clock::now();
}

std::uint64_t MachineRandom::next() {
    const std::lock_guard lock(mutex_);
    return (static_cast<std::uint64_t>(device_()) << 32U) | device_();
}

void ClockSkew::learn(const std::string& date, sync::EpochMs receivedAt) {
    constexpr std::int64_t kPrecisionMs = 1'500;  // the header has whole seconds, and travels
    Poco::DateTime time;
    int zone = 0;
    if (!Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, date, time, zone))
        return;
    const std::int64_t skew = time.timestamp().epochMicroseconds() / 1'000 + 500 - receivedAt;
    const std::int64_t known = skewMs_.load();
    if (skew - known > kPrecisionMs || known - skew > kPrecisionMs)
        skewMs_ = skew < kPrecisionMs && skew > -kPrecisionMs ? 0 : skew;
}

GatewayHttp::GatewayHttp(gateway::Gateway& gateway,
                         ClockSkew& skew,
                         sync::Clock& clock,
                         std::string system)
    : gateway_(gateway), skew_(skew), clock_(clock), system_(std::move(system)) {}

std::vector<sdk::HttpReply> GatewayHttp::send(const std::vector<sdk::HttpRequest>& requests,
                                              const host::CallContext& context) {
    gateway::SendContext sending;
    sending.deadline = std::chrono::steady_clock::now() + context.deadline;
    sending.sendBefore = context.sendBefore;
    sending.priority = priorityOf(context.priority);
    sending.probe = context.mayProbe;
    sending.cancel = context.cancel;
    std::vector<gateway::Request> all;
    all.reserve(requests.size());
    for (const sdk::HttpRequest& request : requests) all.push_back(requestOf(request));
    std::vector<sdk::HttpReply> replies;
    replies.reserve(all.size());
    for (gateway::Reply& reply : gateway_.send(system_, std::move(all), sending))
        replies.push_back(replyOf(std::move(reply)));
    if (!replies.empty())
        if (const auto date = replies.back().headers.find("date");
            date != replies.back().headers.end())
            skew_.learn(date->second, clock_.now());
    return replies;
}

ConnectorSurroundings::ConnectorSurroundings(std::string system, sync::Clock& clock)
    : system_(std::move(system)), clock_(clock) {}

sdk::EpochMs ConnectorSurroundings::now() { return clock_.now(); }

std::uint64_t ConnectorSurroundings::random() { return random_.next(); }

void ConnectorSurroundings::log(const std::string& level, const std::string& text) {
    Poco::Logger& logger = Poco::Logger::get("connector." + system_);
    if (level == "error")
        logger.error(text);
    else if (level == "warning")
        logger.warning(text);
    else if (level == "debug")
        logger.debug(text);
    else
        logger.information(text);
}

void ConnectorSurroundings::progress(const std::string& what, double share) {
    Poco::Logger::get("connector." + system_).debug(what + " share=" + std::to_string(share));
}

StoredTokens::StoredTokens(store::Store& store) : store_(store) {}

std::optional<std::string> StoredTokens::load(const std::string& system) {
    std::optional<std::string> token;
    store_.read([&](store::Reader& reader) {
        if (const auto document = reader.document("refresh_token", system)) token = document->json;
    });
    return token;
}

void StoredTokens::save(const std::string& system, const std::string& token) {
    store_.write([&](store::Writer& writer) {
        writer.put(store::Document{"refresh_token", system, token, 0});
    });
}

}  // namespace concordat::app
