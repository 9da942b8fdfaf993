// SPDX-License-Identifier: Apache-2.0
#pragma once
// The envelopes of the protocol: what stands around the messages of messages.h in a request or a
// reply, and the methods' names. Authors do not need them.

#include <string>
#include <string_view>
#include <vector>

#include "sdk/concordat/messages.h"

namespace concordat::sdk {

/// What the hub calls. The names are the protocol.
namespace method {
inline constexpr std::string_view kDescribe = "describe";
inline constexpr std::string_view kCheck = "check";
inline constexpr std::string_view kDiscover = "discover";
inline constexpr std::string_view kPull = "pull";
inline constexpr std::string_view kParseWebhook = "webhook.parse";
inline constexpr std::string_view kSubscribeWebhook = "webhook.subscribe";
inline constexpr std::string_view kListWebhooks = "webhook.list";
inline constexpr std::string_view kRemoveWebhook = "webhook.remove";
inline constexpr std::string_view kRead = "read";
inline constexpr std::string_view kFind = "find";
inline constexpr std::string_view kApply = "apply";
inline constexpr std::string_view kPollApply = "apply.poll";
inline constexpr std::string_view kNote = "note";
inline constexpr std::string_view kExport = "export";
inline constexpr std::string_view kRectify = "rectify";
inline constexpr std::string_view kErase = "erase";
inline constexpr std::string_view kHealth = "health";
}  // namespace method

/// What a connector calls.
namespace host_method {
inline constexpr std::string_view kHttp = "http";
inline constexpr std::string_view kFiles = "files";
inline constexpr std::string_view kLog = "log";
inline constexpr std::string_view kNow = "now";
inline constexpr std::string_view kRandom = "random";
inline constexpr std::string_view kProgress = "progress";
}  // namespace host_method

struct Nothing {};

struct ErrorReply {
    std::string error;
};

struct SubscribeCall {
    std::string address;
};

struct Subscriptions {
    std::vector<Subscription> subscriptions;
};

struct RemoveWebhookCall {
    std::string id;
};

struct ReadCall {
    std::vector<RecordRef> records;
};

struct FindCall {
    std::vector<Identifier> identifiers;
};

struct ApplyCall {
    std::vector<ApplyItem> items;
};

struct PollApplyCall {
    std::string token;
};

struct NoteCall {
    RecordRef record;
    std::string text;
};

struct HttpCall {
    std::vector<HttpRequest> requests;
};

struct HttpReplies {
    std::vector<HttpReply> replies;
};

struct LogCall {
    std::string level;
    std::string text;
};

struct NowReply {
    EpochMs now = 0;
};

struct RandomReply {
    std::uint64_t random = 0;
};

struct ProgressCall {
    std::string what;
    double share = 0;
};

}  // namespace concordat::sdk
