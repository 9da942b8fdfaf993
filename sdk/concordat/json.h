// SPDX-License-Identifier: Apache-2.0
#pragma once
// Messages as JSON. Unknown fields are ignored, absent ones keep their default; empty and default
// values are left out, enumerations always stand. Pure functions, any thread.

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sdk/concordat/calls.h"
#include "sdk/concordat/messages.h"

namespace concordat::sdk {

/// The message is not what the protocol says: which field, and what is expected. Never quotes a
/// value.
struct MessageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A message ready to cross the edge. `attachments` view the bodies inside the message it was made
/// from.
struct Encoded {
    std::string json;
    std::vector<std::string_view> attachments;
};

/// Writes any message or envelope; raw bodies become attachments. Throws MessageError if a text is
/// not UTF-8. The message must outlive the result.
template <class T>
Encoded encode(const T& message);

/// Reads any message or envelope. Throws MessageError.
template <class T>
T decode(std::string_view json, const std::vector<std::string_view>& attachments = {});

// For tests, recordings and people: the same JSON as a tree, with raw bodies inline as the text
// "body".
#define CONCORDAT_JSON(Type)                              \
    void to_json(nlohmann::json& tree, const Type& from); \
    void from_json(const nlohmann::json& tree, Type& to);
#define CONCORDAT_EACH_MESSAGE(X)                                                               \
    X(VendorTime)                                                                               \
    X(RecordRef) X(Identifier) X(Evidence) X(SlotReading) X(Observation) X(SlotDescription)     \
        X(HostRule) X(AuthTemplate) X(WebhookSignature) X(LimitPool) X(FieldUse) X(Description) \
            X(Probe) X(Check) X(DiscoveredField) X(Discovery) X(PullRequest) X(Page)            \
                X(WebhookRequest) X(WebhookNews) X(Subscription) X(ReadReply) X(FindReply)      \
                    X(SlotWrite) X(ApplyItem) X(Outcome) X(ApplyReply) X(Health) X(HttpRequest) \
                        X(HttpReply) X(FileRequest) X(FileEntry) X(FileReply)
#define CONCORDAT_EACH_ENVELOPE(X)                                                               \
    X(Nothing)                                                                                   \
    X(ErrorReply) X(SubscribeCall) X(Subscriptions) X(RemoveWebhookCall) X(ReadCall) X(FindCall) \
        X(ApplyCall) X(PollApplyCall) X(NoteCall) X(HttpCall) X(HttpReplies) X(LogCall)          \
            X(NowReply) X(RandomReply) X(ProgressCall)
CONCORDAT_EACH_MESSAGE(CONCORDAT_JSON)
#undef CONCORDAT_JSON

}  // namespace concordat::sdk
