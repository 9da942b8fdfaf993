// SPDX-License-Identifier: Apache-2.0
#include "sdk/concordat/host_edge.h"

#include <exception>

#include "sdk/concordat/calls.h"
#include "sdk/concordat/edge.h"
#include "sdk/concordat/json.h"

namespace concordat::sdk {
namespace {

/// What the hub answered: the reply, or the reason why there is none.
template <class Reply>
struct Answer {
    Reply reply{};
    std::string reason;
    std::exception_ptr unreadable;

    /// The answer is borrowed, so it is read here; what goes wrong is kept, as nothing may be
    /// thrown through the hub.
    static void give(void* context, const concordat_message* message) noexcept {
        auto& answer = *static_cast<Answer*>(context);
        try {
            const auto attachments = attachmentsOf(*message);
            answer.reply = decode<Reply>(toView(message->json), attachments);
            answer.reason = decode<ErrorReply>(toView(message->json), attachments).error;
        } catch (...) {
            answer.unreadable = std::current_exception();
        }
    }
};

[[noreturn]] void refuse(concordat_status status, const std::string& reason) {
    if (status == CONCORDAT_CANCELLED) throw Cancelled();
    if (status == CONCORDAT_NOT_IMPLEMENTED) throw NotImplemented(reason);
    throw CallError(reason.empty() ? "the hub refused a call without a reason" : reason);
}

template <class Reply, class Request>
Reply ask(const concordat_host& host, std::string_view method, const Request& request) {
    const Encoded encoded = encode(request);
    const EdgeMessage message(encoded.json, encoded.attachments);
    Answer<Reply> answer;
    const concordat_reply reply{sizeof(concordat_reply), &answer, &Answer<Reply>::give};
    const auto status = host.call(host.context, toText(method), message.get(), &reply);
    if (status != CONCORDAT_OK) refuse(status, answer.reason);
    if (answer.unreadable) std::rethrow_exception(answer.unreadable);
    return std::move(answer.reply);
}

}  // namespace

std::vector<HttpReply> HostEdge::http(const std::vector<HttpRequest>& requests) {
    auto replies = ask<HttpReplies>(host_, host_method::kHttp, HttpCall{requests}).replies;
    if (replies.size() != requests.size())
        throw CallError("the hub answered another number of HTTP requests than it was asked");
    return replies;
}

EpochMs HostEdge::now() { return ask<NowReply>(host_, host_method::kNow, Nothing{}).now; }

std::uint64_t HostEdge::random() {
    return ask<RandomReply>(host_, host_method::kRandom, Nothing{}).random;
}

void HostEdge::log(const std::string& level, const std::string& text) {
    ask<Nothing>(host_, host_method::kLog, LogCall{level, text});
}

void HostEdge::progress(const std::string& what, double share) {
    ask<Nothing>(host_, host_method::kProgress, ProgressCall{what, share});
}

FileReply HostEdge::files(const FileRequest& request) {
    return ask<FileReply>(host_, host_method::kFiles, request);
}

}  // namespace concordat::sdk
