// SPDX-License-Identifier: Apache-2.0
#include "hub/api/event_streams.h"

#include <algorithm>
#include <cerrno>

#include <Poco/Logger.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/NumberParser.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using std::chrono::steady_clock;

constexpr int kChangesAtOnce = 2'000;
/// What may wait for a slow reader; behind that it is sent away and comes back with its last id.
constexpr std::size_t kMostWaiting = 1U << 20U;

std::string textOf(const store::Change& change) {
    const nlohmann::json data{{"at", change.at},
                              {"kind", change.kind},
                              {"subject", change.subject},
                              {"system", change.system},
                              {"id", change.id}};
    return "id: " + std::to_string(change.sequence) + "\nevent: " + change.kind +
           "\ndata: " + data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
           "\n\n";
}

}  // namespace

struct EventStreams::Reader {
    Poco::Net::StreamSocket socket;
    std::int64_t after = 0;
    std::string waiting{};
    steady_clock::time_point opened = steady_clock::now();
    steady_clock::time_point heard = steady_clock::now();
    bool gone = false;

    void send() {
        while (!waiting.empty() && !gone) {
            const auto sent = ::send(socket.impl()->sockfd(), waiting.data(), waiting.size(),
                                     MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent < 0) {
                gone = errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR;
                break;
            }
            waiting.erase(0, static_cast<std::size_t>(sent));
        }
        gone = gone || waiting.size() > kMostWaiting;
    }

    void beat(const StreamOptions& options) {
        const auto now = steady_clock::now();
        if (now - opened > options.lifetime) gone = true;
        if (now - heard < options.heartbeat) return;
        heard = now;
        waiting += ":\n\n";
        char byte = 0;
        const auto got =
            ::recv(socket.impl()->sockfd(), &byte, 1, MSG_DONTWAIT | MSG_PEEK | MSG_NOSIGNAL);
        if (got == 0) gone = true;
    }
};

EventStreams::EventStreams(store::Store& store, const StreamOptions& options)
    : store_(store),
      options_(options),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

EventStreams::~EventStreams() {
    thread_.request_stop();
    thread_.join();
}

std::size_t EventStreams::readers() const {
    const std::lock_guard lock(mutex_);
    return count_;
}

bool EventStreams::existsAfter(std::int64_t sequence) {
    bool exists = false;
    store_.read([&](store::Reader& reader) { exists = !reader.changesAfter(sequence, 1).empty(); });
    return exists;
}

/// The feed says only what follows a number: the last one is found by halving.
std::int64_t EventStreams::lastSequence() {
    std::int64_t low = 0;
    std::int64_t high = 1;
    for (; existsAfter(high); high *= 2) low = high;
    if (!existsAfter(low)) return low;
    while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (existsAfter(middle) ? low : high) = middle;
    }
    return high;
}

Reply EventStreams::open(const std::string& lastEventId) {
    Poco::Int64 after = 0;
    if (!lastEventId.empty() && (!Poco::NumberParser::tryParse64(lastEventId, after) || after < 0))
        throw RequestError("Last-Event-ID must be the number of an event of this stream");
    if (readers() >= options_.most)
        throw RequestError("too many event streams are open: close some, or ask again later", 503);
    const std::int64_t last = lastSequence();
    // Forgotten events, or a store that was restored: the reader loads anew what it shows.
    bool isBroken = !lastEventId.empty() && after > last;
    if (!lastEventId.empty() && after < last)
        store_.read([&](store::Reader& reader) {
            const auto next = reader.changesAfter(after, 1);
            isBroken = next.empty() || next.front().sequence != after + 1;
        });
    const std::int64_t from = lastEventId.empty() || isBroken ? last : after;
    const std::string opening =
        "retry: 2000\n\n" +
        (isBroken ? "id: " + std::to_string(from) + "\nevent: reset\ndata: {}\n\n" : std::string());
    Reply reply;
    reply.type = "text/event-stream";
    reply.headers["X-Accel-Buffering"] = "no";
    reply.takeOver = [this, from, opening](const Poco::Net::StreamSocket& socket) {
        add(socket, from, opening);
    };
    return reply;
}

void EventStreams::add(const Poco::Net::StreamSocket& socket,
                       std::int64_t after,
                       const std::string& opening) {
    const std::lock_guard lock(mutex_);
    arrived_.push_back(Reader{socket, after, opening});
    ++count_;
    changed_.notify_all();
}

void EventStreams::follow(std::list<Reader>& readers) {
    std::int64_t after = readers.front().after;
    for (const Reader& reader : readers) after = std::min(after, reader.after);
    std::vector<store::Change> changes;
    store_.read(
        [&](store::Reader& reader) { changes = reader.changesAfter(after, kChangesAtOnce); });
    for (const store::Change& change : changes) {
        const std::string text = textOf(change);
        for (Reader& reader : readers) {
            if (reader.after >= change.sequence) continue;
            reader.after = change.sequence;
            reader.waiting += text;
        }
    }
}

void EventStreams::run(const std::stop_token& stop) {
    std::list<Reader> readers;
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(mutex_);
            const auto someArrived = [this] { return !arrived_.empty(); };
            if (readers.empty())
                changed_.wait(lock, stop, someArrived);
            else
                changed_.wait_for(lock, stop, options_.tick, someArrived);
            readers.splice(readers.end(), arrived_);
        }
        if (readers.empty()) continue;
        try {
            follow(readers);
        } catch (const StoreError& error) {
            Poco::Logger::get("hub.api").error("change feed not read: " + error.message());
        }
        for (Reader& reader : readers) {
            reader.send();
            reader.beat(options_);
        }
        readers.remove_if([](const Reader& reader) { return reader.gone; });
        const std::lock_guard lock(mutex_);
        count_ = readers.size() + arrived_.size();
    }
}

}  // namespace concordat::api
