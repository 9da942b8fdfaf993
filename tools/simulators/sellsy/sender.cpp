// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/sellsy/sender.h"

#include <memory>
#include <utility>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/NullStream.h>
#include <Poco/StreamCopier.h>
#include <Poco/Timespan.h>
#include <Poco/URI.h>

namespace concordat::simulators::sellsy {
namespace {

using Poco::Net::HTTPClientSession;

constexpr int kTimeoutSeconds = 10;

/// Kept-alive connections by host and port.
class Connections {
 public:
    bool post(const Delivery& delivery) {
        const Poco::URI uri(delivery.url);
        auto& session = sessions_[uri.getAuthority()];
        if (!session) session = open(uri);
        try {
            return exchange(*session, uri, delivery);
        } catch (const Poco::Exception&) {
            session.reset();
            return false;
        }
    }

 private:
    static std::unique_ptr<HTTPClientSession> open(const Poco::URI& uri) {
        auto session = std::make_unique<HTTPClientSession>(uri.getHost(), uri.getPort());
        session->setKeepAlive(true);
        session->setTimeout(Poco::Timespan(kTimeoutSeconds, 0));
        return session;
    }

    static bool exchange(HTTPClientSession& session, const Poco::URI& uri, const Delivery& one) {
        const std::string path = uri.getPathAndQuery().empty() ? "/" : uri.getPathAndQuery();
        Poco::Net::HTTPRequest request("POST", path, Poco::Net::HTTPMessage::HTTP_1_1);
        request.set("User-Agent", "Sellsy Webhook");
        if (!one.signature.empty()) request.set("X-Webhook-Signature", one.signature);
        request.setContentType(one.contentType);
        request.setContentLength(static_cast<std::streamsize>(one.body.size()));
        session.sendRequest(request) << one.body;
        Poco::Net::HTTPResponse response;
        Poco::NullOutputStream nowhere;
        Poco::StreamCopier::copyStream(session.receiveResponse(response), nowhere);
        return response.getStatus() >= 200 && response.getStatus() < 300;
    }

    std::map<std::string, std::unique_ptr<HTTPClientSession>> sessions_;
};

}  // namespace

Sender::Sender(std::uint64_t seed, Outcome outcome)
    : outcome_(std::move(outcome)), dice_(seed), worker_([this] { run(); }) {}

Sender::~Sender() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    worker_.join();
}

void Sender::send(Delivery delivery) {
    const std::lock_guard lock(mutex_);
    std::uniform_real_distribution<> chance(0, 1);
    if (chance(dice_) < mishaps_.drop) return;
    const bool late = ++sent_ % 2 == 0;
    queue(delivery, late ? mishaps_.reorder_ms : 0);
    if (chance(dice_) < mishaps_.twice) queue(delivery, 0);
    changed_.notify_all();
}

void Sender::queue(const Delivery& delivery, int extraMs) {
    const auto due = Clock::now() + std::chrono::milliseconds(mishaps_.delay_ms + extraMs);
    queue_.emplace(due, delivery);
}

void Sender::setMishaps(const Mishaps& mishaps) {
    const std::lock_guard lock(mutex_);
    mishaps_ = mishaps;
}

Mishaps Sender::mishaps() const {
    const std::lock_guard lock(mutex_);
    return mishaps_;
}

std::size_t Sender::pending() const {
    const std::lock_guard lock(mutex_);
    return queue_.size() + (busy_ ? 1 : 0);
}

void Sender::run() {
    Connections connections;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (queue_.empty()) {
            changed_.wait(lock);
            continue;
        }
        const auto due = queue_.begin()->first;
        if (due > Clock::now()) {
            changed_.wait_until(lock, due);
            continue;
        }
        const Delivery delivery = std::move(queue_.begin()->second);
        queue_.erase(queue_.begin());
        busy_ = true;
        lock.unlock();
        outcome_(delivery.webhook, connections.post(delivery));
        lock.lock();
        busy_ = false;
    }
}

}  // namespace concordat::simulators::sellsy
