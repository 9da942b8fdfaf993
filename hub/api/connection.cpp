// SPDX-License-Identifier: Apache-2.0
#include "hub/api/connection.h"

#include <array>
#include <cerrno>

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Net/HTTPResponse.h>
#include <sys/socket.h>

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

constexpr std::size_t kChunk = 16'384;
/// What is read and thrown away of a request that was refused, so that its sender sees the reply.
constexpr std::size_t kMostDrained = 64U << 20U;

void addHeader(std::string& head, const std::string& name, const std::string& value) {
    head += name;
    head += ": ";
    // A line end inside a value would begin a header of somebody else's making.
    for (const char byte : value) head += byte == '\r' || byte == '\n' ? ' ' : byte;
    head += "\r\n";
}

std::string headOf(const Reply& reply, const Connection::Headers& headers, bool keepsAlive) {
    using Poco::Net::HTTPResponse;
    const auto status = static_cast<HTTPResponse::HTTPStatus>(reply.status);
    std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " " +
                       HTTPResponse::getReasonForStatus(status) + "\r\n";
    addHeader(
        head, "Date",
        Poco::DateTimeFormatter::format(Poco::Timestamp(), Poco::DateTimeFormat::HTTP_FORMAT));
    for (const auto& [name, value] : headers)
        if (!reply.headers.contains(name)) addHeader(head, name, value);
    if (!reply.type.empty()) addHeader(head, "Content-Type", reply.type);
    for (const auto& [name, value] : reply.headers) addHeader(head, name, value);
    if (!reply.takeOver) addHeader(head, "Content-Length", std::to_string(reply.body.size()));
    addHeader(head, "Connection", keepsAlive ? "Keep-Alive" : "Close");
    return head + "\r\n";
}

Phase phaseOf(RequestReader::Stage stage) {
    switch (stage) {
        case RequestReader::Stage::Nothing:
            return Phase::Idle;
        case RequestReader::Stage::Head:
            return Phase::Head;
        case RequestReader::Stage::Body:
            break;
    }
    return Phase::Body;
}

}  // namespace

Connection::Connection(const Poco::Net::StreamSocket& socket, std::size_t largestBody)
    : socket_(socket),
      peer_(socket_.peerAddress().host().toString()),
      reader_(largestBody),
      since_(std::chrono::steady_clock::now()) {
    socket_.setNoDelay(true);
}

int Connection::descriptor() const { return socket_.impl()->sockfd(); }

void Connection::enter(Phase phase) {
    if (phase == phase_) return;
    phase_ = phase;
    since_ = std::chrono::steady_clock::now();
}

void Connection::becameReadable(bool isEnding) {
    isReadable_ = true;
    isEnding_ = isEnding_ || isEnding;
}

void Connection::becameWritable() {
    if (phase_ == Phase::Sending) flush();
}

std::optional<Call> Connection::read() {
    if (phase_ == Phase::Draining) drain();
    if (phase_ != Phase::Idle && phase_ != Phase::Head && phase_ != Phase::Body)
        return std::nullopt;
    try {
        do {
            if (auto call = reader_.next()) {
                enter(Phase::Working);
                call->peer = peer_;
                isBodyWanted_ = call->method != "HEAD";
                return call;
            }
            enter(phaseOf(reader_.stage()));
            if (reader_.awaitsContinue()) {
                constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
                (void)!::send(descriptor(), kGoOn.data(), kGoOn.size(), MSG_NOSIGNAL);
            }
        } while (fill());
    } catch (const RequestError& error) {
        refuse(problem(error.code(), error.message(), reader_.path()));
    }
    return std::nullopt;
}

/// Reads what is there; false once there is nothing more for now.
bool Connection::fill() {
    if (!isReadable_) return false;
    std::array<char, kChunk> buffer;
    const auto got = ::recv(descriptor(), buffer.data(), buffer.size(), 0);
    if (got > 0) {
        // Less than could be: the next byte, or the end, is told of again.
        isReadable_ = isEnding_ || static_cast<std::size_t>(got) == buffer.size();
        reader_.take({buffer.data(), static_cast<std::size_t>(got)});
        return true;
    }
    if (got < 0 && errno == EINTR) return true;
    isReadable_ = false;
    if (got < 0 && errno == EAGAIN) return false;
    if (got == 0 && phase_ != Phase::Idle)
        throw RequestError("the request could not be read to its end");
    enter(Phase::Closed);
    return false;
}

void Connection::drain() {
    std::array<char, kChunk> buffer;
    while (drained_ < kMostDrained) {
        const auto got = ::recv(descriptor(), buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) break;
        drained_ += static_cast<std::size_t>(got);
    }
    enter(Phase::Closed);
}

/// What follows a request that was not understood, or not read, would be taken for the next one.
void Connection::refuse(const Reply& reply) {
    out_ = headOf(reply, {}, false) + reply.body;
    afterSending_ = Phase::Draining;
    flush();
}

void Connection::send(const Reply& reply, const Headers& headers) {
    const bool keepsAlive = reader_.keepsAlive() && !reply.takeOver;
    out_ = headOf(reply, headers, keepsAlive);
    if (isBodyWanted_) out_ += reply.body;
    takeOver_ = reply.takeOver;
    afterSending_ = keepsAlive ? Phase::Idle : Phase::Closed;
    flush();
}

void Connection::flush() {
    while (sent_ < out_.size()) {
        const auto sent =
            ::send(descriptor(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno == EAGAIN) return enter(Phase::Sending);
        if (sent < 0) {
            takeOver_ = nullptr;
            return enter(Phase::Closed);
        }
        sent_ += static_cast<std::size_t>(sent);
    }
    out_.clear();
    out_.shrink_to_fit();
    sent_ = 0;
    if (afterSending_ == Phase::Draining) ::shutdown(descriptor(), SHUT_WR);
    enter(afterSending_);
    if (phase_ == Phase::Draining) drain();
}

void Connection::handOver() {
    if (phase_ == Phase::Closed && takeOver_) takeOver_(socket_);
}

}  // namespace concordat::api
