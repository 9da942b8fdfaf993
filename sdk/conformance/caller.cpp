// SPDX-License-Identifier: Apache-2.0
#include "sdk/conformance/caller.h"

#include <algorithm>

#include "sdk/concordat/connector.h"
#include "sdk/concordat/edge.h"

namespace concordat::sdk::conformance {
namespace {

/// Takes an answer and counts how often it came.
struct Taken {
    RawReply reply;
    int times = 0;

    concordat_reply target() { return {sizeof(concordat_reply), this, &Taken::onGive}; }
    static void onGive(void* context, const concordat_message* message) noexcept {
        auto& taken = *static_cast<Taken*>(context);
        ++taken.times;
        taken.reply.json = toView(message->json);
        taken.reply.attachments.clear();
        for (const auto& each : attachmentsOf(*message)) taken.reply.attachments.emplace_back(each);
    }
    RawReply checked(concordat_status status) {
        require(times == 1, "the connector answered a call " + std::to_string(times) + " times");
        reply.status = status;
        return std::move(reply);
    }
};

void give(const concordat_reply& reply, const Encoded& encoded) {
    const EdgeMessage message(encoded.json, encoded.attachments);
    reply.give(reply.context, message.get());
}

}  // namespace

void require(bool holds, const std::string& text) {
    if (!holds) throw Problem(text);
}

Caller::Caller(const Scenario& scenario) : Caller(scenario, scenario.settingsJson) {}

Caller::Caller(const Scenario& scenario, const std::string& settingsJson)
    : scenario_(scenario),
      host_{sizeof(concordat_host), CONCORDAT_ABI_VERSION, this, &Caller::onHostCall} {
    const EdgeMessage settings(settingsJson, {});
    Taken taken;
    const auto target = taken.target();
    const auto status = scenario.connector->create(&host_, settings.get(), &instance_, &target);
    const auto reply = taken.checked(status);
    require(
        status == CONCORDAT_OK && instance_,
        "it cannot be made from the scenario's settings: " + decode<ErrorReply>(reply.json).error);
}

Caller::~Caller() {
    if (instance_) scenario_.connector->destroy(instance_);
}

RawReply Caller::raw(std::string_view method, const Encoded& request) {
    const EdgeMessage message(request.json, request.attachments);
    exchanges_ = exchangesAfterEnd_ = 0;
    Taken taken;
    const auto target = taken.target();
    auto reply =
        taken.checked(scenario_.connector->call(instance_, toText(method), message.get(), &target));
    if (reply.status != CONCORDAT_OK) said_.push_back(decode<ErrorReply>(reply.json).error);
    return reply;
}

concordat_status Caller::onHostCall(void* context,
                                    concordat_text method,
                                    const concordat_message* request,
                                    const concordat_reply* reply) noexcept {
    auto& self = *static_cast<Caller*>(context);
    try {
        HttpReplies replies;
        give(*reply, self.serve(toView(method), *request, replies));
        return CONCORDAT_OK;
    } catch (const Cancelled& error) {
        give(*reply, encode(ErrorReply{error.what()}));
        return CONCORDAT_CANCELLED;
    } catch (const std::exception& error) {
        give(*reply, encode(ErrorReply{error.what()}));
        return CONCORDAT_FAILED;
    }
}

void Caller::setFault(Fault fault) {
    cancelled_ = fault == Fault::Cancelled;
    plan_ = [fault](const HttpRequest&, std::size_t) { return fault; };
}

EpochMs Caller::now() {
    return (scenario_.stage.now ? scenario_.stage.now() : ++ticks_) + delayed_;
}

/// `replies` holds the bodies that the result views.
Encoded Caller::serve(std::string_view method,
                      const concordat_message& request,
                      HttpReplies& replies) {
    if (cancelled_) {
        if (method == host_method::kHttp) ++exchangesAfterEnd_;
        throw Cancelled();
    }
    if (method == host_method::kNow) return encode(NowReply{now()});
    if (method == host_method::kRandom) return encode(RandomReply{4});
    if (method == host_method::kLog) said_.push_back(decode<LogCall>(toView(request.json)).text);
    if (method != host_method::kHttp) return encode(Nothing{});
    exchange(decode<HttpCall>(toView(request.json), attachmentsOf(request)), replies);
    return encode(replies);
}

void Caller::exchange(const HttpCall& call, HttpReplies& replies) {
    ++exchanges_;
    lastExchangeAt_ = now();
    for (std::size_t i = 0; i < call.requests.size(); ++i) {
        const Fault fault = plan_ ? plan_(call.requests[i], i) : Fault::None;
        replies.replies.push_back(
            disturbed(fault, call.requests[i], scenario_.vendor, lastExchangeAt_));
    }
    delayed_ += delay_;
    if (const auto act = std::exchange(onAnswer_, nullptr)) act();
}

Description describe(const Scenario& scenario) {
    Taken taken;
    const auto target = taken.target();
    const auto status = scenario.connector->describe(&target);
    const auto reply = taken.checked(status);
    require(status == CONCORDAT_OK, "describe fails: " + decode<ErrorReply>(reply.json).error);
    return decode<Description>(reply.json);
}

}  // namespace concordat::sdk::conformance
