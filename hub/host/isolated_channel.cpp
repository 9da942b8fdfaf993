// SPDX-License-Identifier: Apache-2.0
#include "hub/host/isolated_channel.h"

#include <algorithm>
#include <array>

#include <poll.h>
#include <sys/eventfd.h>

namespace concordat::host {
namespace {

using namespace sdk;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

/// How long a connector has to return after its call was ended.
constexpr milliseconds kGrace{250};

/// How often it is worth starting a process that could not be made.
constexpr milliseconds kWhenNotMade{60'000};

}  // namespace

IsolatedChannel::IsolatedChannel(std::string system,
                                 Library library,
                                 std::string settingsJson,
                                 Services services,
                                 IsolatedOptions options)
    : system_(std::move(system)),
      library_(std::move(library)),
      settingsJson_(std::move(settingsJson)),
      hostCalls_(services),
      options_(std::move(options)),
      lines_([this](std::string_view line) { hostCalls_.log("information", line); }),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!wake_)
        throw PluginError("system " + system_ + ": no descriptor is left for its connector");
}

Answer IsolatedChannel::call(std::string_view method,
                             const Encoded& request,
                             const RunningCall& running) {
    std::uint64_t old = 0;
    (void)!::read(wake_.get(), &old, sizeof old);
    const std::stop_callback onCancel(running.context.cancel, [this] {
        const std::uint64_t one = 1;
        (void)!::write(wake_.get(), &one, sizeof one);
    });
    limit_ = running.endsAt + kGrace;
    hostCalls_.beginCall();
    ensureStarted(running);
    try {
        return exchange(method, request, running);
    } catch (const FrameError& error) {
        lost(method, error.what());
    }
}

void IsolatedChannel::ensureStarted(const RunningCall& running) {
    if (process_) {
        // It may have died while nobody looked; that is no crash of a call.
        std::array<pollfd, 1> watched{{{process_->socket(), POLLIN, 0}}};
        if (::poll(watched.data(), watched.size(), 0) == 0) return;
        const auto how = stop();
        hostCalls_.log("warning", "the idle connector's process " + how + " and is started again");
    }
    const auto wait = restart_.waitMs(hostCalls_.surroundings().now());
    if (wait > 0)
        throw NotReached("system " + system_ + ": its connector crashed and starts again in " +
                             std::to_string(wait) + " ms",
                         milliseconds(wait));
    start(running);
}

void IsolatedChannel::start(const RunningCall& running) {
    try {
        process_ = std::make_unique<Process>(options_.program, library_.path, options_.memoryBytes);
    } catch (const PluginError& error) {
        throw NotReached("system " + system_ + ": " + error.message(), kWhenNotMade);
    }
    socket_.emplace(process_->socket(), [this](short events) { wait(events); });
    isPrinting_ = true;
    std::string_view step = kLoad;
    std::string reason;
    try {
        Answer answer = awaitReply({0, kLoad}, running);
        if (answer.status == CONCORDAT_OK && !settingsJson_.empty()) {
            step = kCreate;
            answer = exchange(kCreate, {settingsJson_, {}}, running);
        }
        if (answer.status == CONCORDAT_OK) return;
        reason = asLine(Decoder().decode<ErrorReply>(answer.payload).error, 500);
    } catch (const FrameError& error) {
        reason = "its process " + std::string(error.what());
    } catch (const MessageError& error) {
        reason = error.what();
    }
    const auto how = stop();
    auto& surroundings = hostCalls_.surroundings();
    restart_.crashed(surroundings.now(), surroundings.random());
    throw NotReached("system " + system_ + ": its connector " + library_.origin +
                         " does not start (" + std::string(step) + "): " + reason +
                         "; the process " + how,
                     retryAfter());
}

Answer IsolatedChannel::exchange(std::string_view method,
                                 const Encoded& request,
                                 const RunningCall& running) {
    const FrameHead head{++lastCall_, method, FrameKind::Call, 0};
    socket_->send(head, request.json, request.attachments);
    return awaitReply(head, running);
}

/// Serves host calls on this thread until the reply to `head` comes.
Answer IsolatedChannel::awaitReply(const FrameHead& head, const RunningCall& running) {
    for (;;) {
        Frame frame = socket_->receive();
        if (frame.head.call != head.call) throw FrameError("answered a call that nobody made");
        if (frame.head.kind == FrameKind::Reply && frame.head.method == head.method) {
            if (frame.head.status > CONCORDAT_CANCELLED)
                throw FrameError("answered with a status that the ABI does not have");
            return {static_cast<concordat_status>(frame.head.status), std::move(frame.payload)};
        }
        if (frame.head.kind != FrameKind::HostCall || head.call == 0)
            throw FrameError("sent a frame that does not belong here");
        FrameHead reply = frame.head;
        reply.kind = FrameKind::HostReply;
        hostCalls_.serve(frame.head.method, frame.payload, running,
                         [&](concordat_status status, const Encoded& message) {
                             reply.status = static_cast<std::uint8_t>(status);
                             socket_->send(reply, message.json, message.attachments);
                         });
    }
}

/// Until the socket is ready; meanwhile passes on what the process prints. Throws when its time is
/// over.
void IsolatedChannel::wait(short events) {
    for (;;) {
        const auto left = duration_cast<milliseconds>(limit_ - std::chrono::steady_clock::now());
        if (left <= milliseconds(0))
            throw FrameError("did not return within 250 ms after its call was ended");
        // poll(2) passes over a negative descriptor.
        std::array<pollfd, 3> watched{{{process_->socket(), events, 0},
                                       {isPrinting_ ? process_->lines() : -1, POLLIN, 0},
                                       {wake_.get(), POLLIN, 0}}};
        ::poll(watched.data(), watched.size(), static_cast<int>(left.count()) + 1);
        if (watched[1].revents) isPrinting_ = lines_.drain(process_->lines());
        std::uint64_t cancelled = 0;
        if (watched[2].revents && ::read(wake_.get(), &cancelled, sizeof cancelled) > 0)
            limit_ = std::min(limit_, std::chrono::steady_clock::now() + kGrace);
        if (watched[0].revents) return;
    }
}

milliseconds IsolatedChannel::retryAfter() {
    return milliseconds(restart_.waitMs(hostCalls_.surroundings().now()));
}

std::string IsolatedChannel::stop() {
    const auto how = process_->end();
    lines_.drain(process_->lines());
    lines_.finish();
    socket_.reset();
    process_.reset();
    return how;
}

void IsolatedChannel::lost(std::string_view method, const std::string& why) {
    const auto how = stop();
    auto& surroundings = hostCalls_.surroundings();
    restart_.crashed(surroundings.now(), surroundings.random());
    throw PluginError("system " + system_ + ": " + std::string(method) +
                      ": its connector's process " + why + "; it " + how);
}

}  // namespace concordat::host
