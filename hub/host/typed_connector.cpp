// SPDX-License-Identifier: Apache-2.0
#include "hub/host/typed_connector.h"

#include <algorithm>

#include "hub/host/host_calls.h"
#include "sdk/concordat/calls.h"

namespace concordat::host {
namespace {

using namespace sdk;

constexpr std::chrono::milliseconds kLongestCall{30'000};
constexpr std::size_t kLongestReason = 500;

}  // namespace

TypedConnector::TypedConnector(std::string system,
                               std::unique_ptr<Channel> channel,
                               HttpService& http,
                               Witness* witness)
    : system_(std::move(system)), channel_(std::move(channel)), http_(http), witness_(witness) {}

Answer TypedConnector::run(std::string_view method,
                           const Encoded& request,
                           const CallContext& context) {
    std::stop_source source;
    {
        const std::lock_guard lock(mutex_);
        running_ = source;
    }
    RunningCall running{
        context, std::chrono::steady_clock::now() + std::min(context.deadline, kLongestCall)};
    running.context.cancel = source.get_token();
    if (witness_) witness_->saw("hub", method, 0, request.json, request.attachments);
    struct Ended {
        TypedConnector& self;
        ~Ended() {
            const std::lock_guard lock(self.mutex_);
            self.running_.reset();
        }
    } ended{*this};
    const Answer answer = channel_->call(method, request, running);
    const PayloadView& payload = answer.payload;
    if (witness_)
        witness_->saw("connector", method, answer.status, payload.json, payload.attachments);
    return answer;
}

void TypedConnector::cancel() {
    std::optional<std::stop_source> running;
    {
        const std::lock_guard lock(mutex_);
        running = running_;
    }
    if (!running) return;
    running->request_stop();
    http_.cancel();
}

template <class Reply, class Request>
Reply TypedConnector::ask(std::string_view method,
                          const Request& request,
                          const CallContext& context) {
    Encoded encoded;
    try {
        encoded = encode(request);
    } catch (const MessageError& error) {
        throw RequestError("system " + system_ + ": the request " + std::string(method) +
                           " cannot be written: " + error.what());
    }
    const Answer answer = run(method, encoded, context);
    if (answer.status != CONCORDAT_OK) refuse(method, answer);
    try {
        return decoder_.decode<Reply>(answer.payload);
    } catch (const MessageError& error) {
        throw PluginError("system " + system_ + ": the connector's answer to " +
                          std::string(method) + " cannot be read: " + error.what());
    }
}

std::string TypedConnector::reasonOf(std::string_view method, const Answer& answer) {
    std::string reason;
    try {
        reason = asLine(decoder_.decode<ErrorReply>(answer.payload).error, kLongestReason);
    } catch (const MessageError&) {
        reason.clear();
    }
    if (reason.empty()) reason = "the connector gave no reason";
    return "system " + system_ + ": " + std::string(method) + ": " + reason;
}

void TypedConnector::refuse(std::string_view method, const Answer& answer) {
    const auto reason = reasonOf(method, answer);
    if (answer.status == CONCORDAT_NOT_IMPLEMENTED) throw NotImplementedError(reason);
    throw PluginError(reason);
}

Description TypedConnector::description() {
    if (!description_) description_ = ask<Description>(method::kDescribe, Nothing{}, {});
    return *description_;
}

Check TypedConnector::check(const CallContext& context) {
    return ask<Check>(method::kCheck, Nothing{}, context);
}

Discovery TypedConnector::discover(const CallContext& context) {
    return ask<Discovery>(method::kDiscover, Nothing{}, context);
}

Page TypedConnector::pull(const PullRequest& request, const CallContext& context) {
    return ask<Page>(method::kPull, request, context);
}

ReadReply TypedConnector::read(const std::vector<RecordRef>& records, const CallContext& context) {
    return ask<ReadReply>(method::kRead, ReadCall{records}, context);
}

FindReply TypedConnector::find(const std::vector<Identifier>& identifiers,
                               const CallContext& context) {
    auto reply = ask<FindReply>(method::kFind, FindCall{identifiers}, context);
    if (reply.matches.size() != identifiers.size())
        throw PluginError("system " + system_ + ": the connector was asked for " +
                          std::to_string(identifiers.size()) + " identifiers and answered " +
                          std::to_string(reply.matches.size()));
    return reply;
}

ApplyReply TypedConnector::apply(const std::vector<ApplyItem>& items, const CallContext& context) {
    const auto all = [&](const Outcome& outcome) {
        return ApplyReply{std::vector<Outcome>(items.size(), outcome)};
    };
    try {
        auto reply = ask<ApplyReply>(method::kApply, ApplyCall{items}, context);
        // Nobody can say which item a surplus or a gap belongs to.
        if (reply.outcomes.size() == items.size()) return reply;
        return all({.kind = OutcomeKind::Unknown,
                    .message = "the connector answered " + std::to_string(reply.outcomes.size()) +
                               " of " + std::to_string(items.size()) + " items"});
    } catch (const NotReached& error) {
        return all({.kind = OutcomeKind::Retry,
                    .message = error.message(),
                    .retryAfterMs = error.retryAfter.count()});
    } catch (const NotImplementedError&) {
        throw;
    } catch (const PluginError& error) {
        return all({.kind = OutcomeKind::Unknown, .message = error.message()});
    } catch (const RequestError& error) {
        return all({.kind = OutcomeKind::Rejected, .message = error.message()});
    }
}

ApplyReply TypedConnector::pollApply(const std::string& token, const CallContext& context) {
    return ask<ApplyReply>(method::kPollApply, PollApplyCall{token}, context);
}

WebhookNews TypedConnector::parseWebhook(const WebhookRequest& request,
                                         const CallContext& context) {
    return ask<WebhookNews>(method::kParseWebhook, request, context);
}

Subscription TypedConnector::subscribeWebhook(const std::string& address,
                                              const CallContext& context) {
    return ask<Subscription>(method::kSubscribeWebhook, SubscribeCall{address}, context);
}

std::vector<Subscription> TypedConnector::listWebhooks(const CallContext& context) {
    return ask<Subscriptions>(method::kListWebhooks, Nothing{}, context).subscriptions;
}

void TypedConnector::removeWebhook(const std::string& id, const CallContext& context) {
    ask<Nothing>(method::kRemoveWebhook, RemoveWebhookCall{id}, context);
}

void TypedConnector::note(const RecordRef& record,
                          const std::string& text,
                          const CallContext& context) {
    ask<Nothing>(method::kNote, NoteCall{record, text}, context);
}

Health TypedConnector::health(const CallContext& context) {
    return ask<Health>(method::kHealth, Nothing{}, context);
}

}  // namespace concordat::host
