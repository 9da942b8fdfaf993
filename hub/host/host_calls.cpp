// SPDX-License-Identifier: Apache-2.0
#include "hub/host/host_calls.h"

#include <algorithm>
#include <array>

#include "sdk/concordat/calls.h"

namespace concordat::host {
namespace {

using namespace sdk;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::size_t kLongestLine = 2000;
constexpr int kMostLines = 200;

/// The caller's frame with what is left of its time.
CallContext remaining(const RunningCall& running) {
    CallContext context = running.context;
    const auto left = running.endsAt - std::chrono::steady_clock::now();
    context.deadline = std::max(milliseconds(1), duration_cast<milliseconds>(left));
    return context;
}

std::string levelOf(const std::string& wanted) {
    constexpr std::array kLevels{"debug", "information", "warning", "error"};
    const bool isKnown = std::find(kLevels.begin(), kLevels.end(), wanted) != kLevels.end();
    return isKnown ? wanted : "information";
}

/// A body that no frame can hold becomes an error of its request; the vendor's own paging gets at
/// the rest.
void refuseLargeBodies(std::vector<HttpReply>& replies) {
    std::size_t total = 0;
    for (auto& reply : replies) {
        total += reply.body.size();
        if (reply.body.size() <= kMaxBody && total <= kMaxPayload / 2) continue;
        total -= reply.body.size();
        reply.error = "the answer has " + std::to_string(reply.body.size()) +
                      " bytes, more than fits; ask for smaller pages";
        reply.kind = HttpClass::Permanent;
        reply.maybeSent = true;
        reply.body.clear();
    }
}

}  // namespace

std::string asLine(std::string_view text, std::size_t limit) {
    std::string line(text.substr(0, limit));
    // A cut in the middle of a character would leave text that is not UTF-8.
    while (text.size() > limit && !line.empty() && (line.back() & 0xC0) == 0x80) line.pop_back();
    if (text.size() > limit && !line.empty() && (line.back() & 0x80)) line.pop_back();
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    return text.size() > limit ? line + " …" : line;
}

/// An answer, and the bodies that it views.
struct HostCalls::Prepared {
    concordat_status status = CONCORDAT_OK;
    Encoded reply;
    HttpReplies http;
    FileReply file;

    void refuse(concordat_status why, const std::string& reason) {
        status = why;
        reply = encode(ErrorReply{reason});
    }
};

void HostCalls::serve(std::string_view method,
                      const PayloadView& request,
                      const RunningCall& running,
                      const Respond& respond) {
    auto* const witness = services_.witness;
    if (witness) witness->saw("connector", method, 0, request.json, request.attachments);
    Prepared answer;
    try {
        prepare(method, request, running, answer);
    } catch (const MessageError& error) {
        answer.refuse(CONCORDAT_BAD_MESSAGE, error.what());
    } catch (const NotImplementedError& error) {
        answer.refuse(CONCORDAT_NOT_IMPLEMENTED, error.message());
    } catch (const Error& error) {
        answer.refuse(CONCORDAT_FAILED, error.message());
    } catch (const std::exception&) {
        // Of an unknown kind, so its words may hold anything; the service that threw has logged it.
        answer.refuse(CONCORDAT_FAILED, "the hub could not do what was asked");
    }
    const Encoded& reply = answer.reply;
    if (witness) witness->saw("hub", method, answer.status, reply.json, reply.attachments);
    respond(answer.status, reply);
}

void HostCalls::prepare(std::string_view method,
                        const PayloadView& request,
                        const RunningCall& running,
                        Prepared& answer) {
    if (running.isOver()) return answer.refuse(CONCORDAT_CANCELLED, "the hub ended the call");
    if (method == host_method::kHttp) return prepareHttp(request, running, answer);
    if (method == host_method::kFiles) return prepareFiles(request, running, answer);
    answer.reply = encode(Nothing{});
    if (method == host_method::kNow) {
        answer.reply = encode(NowReply{services_.surroundings.now()});
    } else if (method == host_method::kRandom) {
        answer.reply = encode(RandomReply{services_.surroundings.random()});
    } else if (method == host_method::kLog) {
        const auto call = decoder_.decode<LogCall>(request);
        log(levelOf(call.level), call.text);
    } else if (method == host_method::kProgress) {
        const auto call = decoder_.decode<ProgressCall>(request);
        services_.surroundings.progress(asLine(call.what, kLongestLine),
                                        std::clamp(call.share, 0.0, 1.0));
    } else {
        throw NotImplementedError("the hub does not have this host method");
    }
}

void HostCalls::prepareHttp(const PayloadView& request,
                            const RunningCall& running,
                            Prepared& answer) {
    const auto call = decoder_.decode<HttpCall>(request);
    if (call.requests.size() > kMaxRequests)
        throw MessageError("field requests: at most 100 HTTP requests go in one host call");
    answer.http.replies = services_.http.send(call.requests, remaining(running));
    if (answer.http.replies.size() != call.requests.size())
        throw PluginError("the hub's HTTP service answered another number of requests");
    refuseLargeBodies(answer.http.replies);
    answer.reply = encode(answer.http);
}

void HostCalls::prepareFiles(const PayloadView& request,
                             const RunningCall& running,
                             Prepared& answer) {
    if (!services_.files) throw NotImplementedError("the integration declares no drop box");
    answer.file =
        services_.files->handle(decoder_.decode<FileRequest>(request), remaining(running));
    answer.reply = encode(answer.file);
}

void HostCalls::log(const std::string& level, std::string_view text) {
    if (++lines_ > kMostLines) return;
    services_.surroundings.log(level, asLine(text, kLongestLine));
    if (lines_ == kMostLines)
        services_.surroundings.log("warning", "more lines of this call are not logged");
}

}  // namespace concordat::host
