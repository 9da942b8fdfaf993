// SPDX-License-Identifier: Apache-2.0
#include "hub/api/connection.h"

#include <optional>
#include <sstream>

#include <Poco/Logger.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/String.h>
#include <Poco/URI.h>

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using Poco::Net::HTTPServerRequestImpl;

constexpr std::size_t kChunk = 16'384;
/// What is read and thrown away of a body that was refused, so that its sender sees the reply.
constexpr std::size_t kMostDrained = 64U << 20U;

Poco::Logger& log() { return Poco::Logger::get("hub.api"); }

std::string tooLarge(std::size_t most) {
    return "the body is larger than " + std::to_string(most) + " bytes: send less at once";
}

/// The length of the body; nothing if it comes in chunks.
std::optional<std::size_t> lengthOf(const HTTPServerRequestImpl& request) {
    const bool chunked = request.getChunkedTransferEncoding();
    if (!request.hasContentLength()) {
        if (chunked) return std::nullopt;
        if (request.getTransferEncoding() != Poco::Net::HTTPMessage::IDENTITY_TRANSFER_ENCODING)
            throw RequestError("the only transfer encoding known here is 'chunked'");
        return 0;
    }
    // Two lengths that may differ let a second request hide in the body of the first.
    if (chunked) throw RequestError("a body has a Content-Length or comes in chunks, not both");
    const auto length = request.getContentLength64();
    if (length < 0) throw RequestError("Content-Length is not a number");
    return static_cast<std::size_t>(length);
}

/// Reads the body, never more than `most` bytes. Throws RequestError 413.
std::string readBody(HTTPServerRequestImpl& request, std::size_t most) {
    const auto length = lengthOf(request);
    if (length == 0U) return "";
    if (length && *length > most) throw RequestError(tooLarge(most), 413);
    if (request.getExpectContinue()) request.response().sendContinue();
    std::string body;
    body.reserve(length.value_or(0));
    char buffer[kChunk];
    while (request.stream().read(buffer, kChunk), request.stream().gcount() > 0) {
        body.append(buffer, static_cast<std::size_t>(request.stream().gcount()));
        if (body.size() > most) throw RequestError(tooLarge(most), 413);
    }
    if (length && body.size() != *length)
        throw RequestError("the body ended before its Content-Length");
    return body;
}

void fillTarget(Call& call, const std::string& target) {
    const auto mark = target.find('?');
    call.path = target.substr(0, mark);
    if (call.path.empty() || call.path.front() != '/')
        throw RequestError("the address of a request begins with '/'");
    if (mark == std::string::npos) return;
    call.queryText = target.substr(mark + 1);
    try {
        for (auto& [name, value] : Poco::URI("/?" + call.queryText).getQueryParameters())
            call.query[name] = value;
    } catch (const Poco::SyntaxException&) {
        throw RequestError("the address is not a valid URL: look at its percent signs");
    }
}

Call callOf(const HTTPServerRequestImpl& request) {
    Call call;
    call.method = request.getMethod();
    for (const auto& [name, value] : request) call.headers[Poco::toLower(name)] = value;
    call.peer = request.clientAddress().host().toString();
    fillTarget(call, request.getURI());
    return call;
}

void drain(Poco::Net::StreamSocket& socket) {
    socket.shutdownSend();
    char buffer[kChunk];
    for (std::size_t drained = 0; drained < kMostDrained;) {
        const int got = socket.receiveBytes(buffer, kChunk);
        if (got <= 0) return;
        drained += static_cast<std::size_t>(got);
    }
}

}  // namespace

Connection::Connection(const Poco::Net::StreamSocket& socket, const ConnectionFrame& frame)
    : Poco::Net::TCPServerConnection(socket), frame_(frame) {}

void Connection::run() {
    try {
        socket().setNoDelay(true);
        Poco::Net::HTTPServerSession session(socket(), frame_.parameters);
        Deadlines::Watch watch(frame_.deadlines, socket());
        while (session.hasMoreRequests() && serve(session, watch)) watch.enter(Phase::Idle);
    } catch (const Poco::Exception&) {
        return;  // The caller has gone, or took too long; nobody is left to tell.
    }
}

bool Connection::serve(Poco::Net::HTTPServerSession& session, Deadlines::Watch& watch) {
    watch.enter(Phase::Head);
    Poco::Net::HTTPServerResponseImpl response(session);
    try {
        HTTPServerRequestImpl request(response, session, frame_.parameters.get());
        const bool goesOn = answer(request, watch);
        session.setKeepAlive(goesOn);
        return goesOn;
    } catch (const Poco::Net::NoMessageException&) {
        return false;
    } catch (const Poco::Net::MessageException&) {
        refuse(watch);
    } catch (const Poco::SyntaxException&) {
        refuse(watch);
    }
    return false;
}

void Connection::refuse(Deadlines::Watch& watch) {
    watch.enter(Phase::Sending);
    send(problem(400, "this is not an HTTP request that can be understood"), true, false);
    drain(socket());
}

bool Connection::answer(HTTPServerRequestImpl& request, Deadlines::Watch& watch) {
    bool isRead = false;
    const Reply reply = replyTo(request, watch, isRead);
    const bool keepAlive = isRead && request.getKeepAlive() && !reply.takeOver;
    watch.enter(Phase::Sending);
    send(reply, request.getMethod() != Poco::Net::HTTPRequest::HTTP_HEAD, keepAlive);
    if (reply.takeOver) reply.takeOver(request.detachSocket());
    // What was not read of a body would be taken for the next request.
    if (!isRead) drain(socket());
    return keepAlive;
}

Reply Connection::replyTo(HTTPServerRequestImpl& request, Deadlines::Watch& watch, bool& isRead) {
    Call call;
    try {
        call = callOf(request);
        watch.enter(Phase::Body);
        call.body = readBody(request, frame_.options.largestBody);
        isRead = true;
        watch.enter(Phase::Working);
        return frame_.handler(call);
    } catch (const Error& error) {
        if (error.code() >= 500)
            log().error("call failed kind=" + std::string(error.name()) +
                        " status=" + std::to_string(error.code()) + ": " + error.message());
        return problem(error.code(), error.message(), call.path);
    } catch (const Poco::SyntaxException&) {
        return problem(400, "a header of the request is not valid", call.path);
    } catch (const Poco::Net::NetException&) {
        return problem(400, "the request could not be read to its end", call.path);
    } catch (const Poco::TimeoutException&) {
        return problem(408, "the request took too long to arrive", call.path);
    } catch (const std::exception& error) {
        log().error("call failed kind=" + std::string(typeid(error).name()));
    }
    return problem(500, "the hub could not do this; its log says more", call.path);
}

void Connection::send(const Reply& reply, bool withBody, bool keepAlive) {
    Poco::Net::HTTPResponse response(
        Poco::Net::HTTPMessage::HTTP_1_1,
        static_cast<Poco::Net::HTTPResponse::HTTPStatus>(reply.status));
    response.setDate(Poco::Timestamp());
    for (const auto& [name, value] : frame_.options.headers) response.set(name, value);
    if (!reply.type.empty()) response.setContentType(reply.type);
    for (const auto& [name, value] : reply.headers) response.set(name, value);
    if (!reply.takeOver) response.setContentLength(static_cast<std::streamsize>(reply.body.size()));
    response.setKeepAlive(keepAlive);
    std::ostringstream head;
    response.write(head);
    std::string all = std::move(head).str();
    if (withBody) all += reply.body;
    socket().sendBytes(all.data(), static_cast<int>(all.size()));
}

}  // namespace concordat::api
