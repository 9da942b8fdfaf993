// SPDX-License-Identifier: Apache-2.0
// Holds connections that ask for little: kept alive and silent, a byte now and then, event streams.
// Those the server closes come back. Ends by a signal and says how it went.
#include <csignal>
#include <iostream>
#include <memory>
#include <unordered_map>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <sys/epoll.h>
#include <unistd.h>

#include "tests/bench/connection.h"
#include "tests/bench/figures.h"

using namespace concordat::bench;

namespace {

constexpr int kTickMs = 200;

volatile std::sig_atomic_t isStopping = 0;

enum class Manner { Idle, Slow, Stream };

struct Wish {
    std::uint16_t port = 0;
    std::uint16_t apiPort = 0;
    std::string token;
    int idle = 200;
    int slow = 200;
    int streams = 100;
};

struct Guest {
    Guest(Manner kind, std::uint16_t port) : manner(kind), connection(port) {}
    Manner manner;
    Connection connection;
    std::size_t sent = 0;
};

const std::string kOneRequest = "GET /hooks/sellsy HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
const std::string kSlowRequest =
    "POST /hooks/sellsy HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Padding: " + std::string(4'000, 'x');

class Crowd {
 public:
    explicit Crowd(const Wish& wish) : wish_(wish), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
        for (int i = 0; i < wish.idle; ++i) enter(Manner::Idle);
        for (int i = 0; i < wish.slow; ++i) enter(Manner::Slow);
        for (int i = 0; i < wish.streams; ++i) enter(Manner::Stream);
    }
    ~Crowd() { ::close(epoll_); }
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    void run() {
        auto tick = Clock::now();
        while (isStopping == 0) {
            epoll_event events[256];
            const int count = epoll_wait(epoll_, events, 256, kTickMs);
            for (int i = 0; i < count; ++i) listen(events[i].data.fd);
            if (seconds(tick) * 1e3 < kTickMs) continue;
            tick = Clock::now();
            drip();
        }
    }

    nlohmann::json outcome() const {
        return {{"open", guests_.size()},
                {"came_back", cameBack_},
                {"turned_away", turnedAway_},
                {"processor", processorSeconds()}};
    }

 private:
    void enter(Manner manner) {
        const bool toApi = manner == Manner::Stream;
        try {
            admit(std::make_unique<Guest>(manner, toApi ? wish_.apiPort : wish_.port));
        } catch (const std::runtime_error&) {
            ++turnedAway_;
        }
    }

    void admit(std::unique_ptr<Guest> guest) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = guest->connection.descriptor();
        epoll_ctl(epoll_, EPOLL_CTL_ADD, event.data.fd, &event);
        if (guest->manner == Manner::Idle) guest->connection.send(kOneRequest);
        if (guest->manner == Manner::Stream)
            guest->connection.send(
                "GET /v1/changes HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                wish_.token + "\r\nAccept: text/event-stream\r\n\r\n");
        guests_[event.data.fd] = std::move(guest);
    }

    void listen(int descriptor) {
        const auto found = guests_.find(descriptor);
        if (found == guests_.end()) return;
        const bool isOpen = found->second->connection.receive();
        found->second->connection.discard();
        if (!isOpen) leave(descriptor);
    }

    void leave(int descriptor) {
        const Manner manner = guests_.at(descriptor)->manner;
        guests_.erase(descriptor);
        ++cameBack_;
        enter(manner);
    }

    void drip() {
        std::vector<int> gone;
        for (auto& [descriptor, guest] : guests_) {
            if (guest->manner != Manner::Slow) continue;
            const char next = kSlowRequest[guest->sent++ % kSlowRequest.size()];
            if (!guest->connection.send(std::string(1, next))) gone.push_back(descriptor);
        }
        for (const int descriptor : gone) leave(descriptor);
    }

    const Wish& wish_;
    const int epoll_;
    std::unordered_map<int, std::unique_ptr<Guest>> guests_;
    long cameBack_ = 0;
    long turnedAway_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Holds idle and slow connections until SIGTERM; prints one JSON object."};
    Wish wish;
    app.add_option("--port", wish.port, "of the webhook server on this machine")->required();
    app.add_option("--api-port", wish.apiPort, "of the API, for event streams");
    app.add_option("--token", wish.token, "bearer token for event streams");
    app.add_option("--idle", wish.idle, "kept alive after one request");
    app.add_option("--slow", wish.slow, "one byte of a request each 200 ms");
    app.add_option("--streams", wish.streams, "event streams");
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGTERM, [](int) { isStopping = 1; });
    std::signal(SIGINT, [](int) { isStopping = 1; });
    Crowd crowd(wish);
    std::cout << "ready" << std::endl;
    crowd.run();
    std::cout << crowd.outcome().dump() << '\n';
    return 0;
}
