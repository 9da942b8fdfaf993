// SPDX-License-Identifier: Apache-2.0
// Posts signed webhooks over kept-alive connections, as fast as they are taken or at a given rate,
// and says how many were accepted and how long that took. One thread, one epoll.
#include <cstdio>
#include <deque>
#include <fstream>
#include <iostream>
#include <memory>
#include <unordered_map>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <sys/epoll.h>
#include <unistd.h>

#include "tests/bench/connection.h"
#include "tests/bench/figures.h"
#include "tests/bench/notices.h"

using namespace concordat::bench;

namespace {

struct Wish {
    std::uint16_t port = 0;
    std::string path = "/hooks/sellsy";
    std::string key = "demo-sign-key";
    std::string ids;
    int connections = 64;
    double rate = 0;     // a second; 0: as fast as they are taken
    double seconds = 5;  // sends so long
    long count = 0;      // or so many; 0: no limit
};

class Generator {
 public:
    explicit Generator(const Wish& wish)
        : wish_(wish), records_(readIds(wish.ids)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
        for (int i = 0; i < wish.connections; ++i) open();
    }
    ~Generator() { ::close(epoll_); }
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    nlohmann::json run() {
        start_ = Clock::now();
        const double processor = processorSeconds();
        while (!isFinished()) {
            dispatch();
            takeIn();
        }
        const double took = seconds(start_, last_);
        return {{"sent", sent_},
                {"accepted", accepted_},
                {"other", other_},
                {"lost", lost_},
                {"seconds", took},
                {"rate", static_cast<double>(accepted_) / took},
                {"p50_ms", latencies_.at(0.5)},
                {"p95_ms", latencies_.at(0.95)},
                {"p99_ms", latencies_.at(0.99)},
                {"max_ms", latencies_.at(1)},
                {"processor", processorSeconds() - processor}};
    }

 private:
    struct Line {
        explicit Line(std::uint16_t port) : connection(port) {}
        Connection connection;
        Clock::time_point due;
        bool isBusy = false;
        bool waitsToWrite = false;
    };

    void open() {
        auto line = std::make_unique<Line>(wish_.port);
        const int descriptor = line->connection.descriptor();
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = descriptor;
        epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
        free_.push_back(descriptor);
        lines_[descriptor] = std::move(line);
    }

    bool isOver() const {
        return (wish_.count > 0 && sent_ >= wish_.count) ||
               (wish_.count == 0 && seconds(start_) >= wish_.seconds);
    }
    bool isFinished() const { return isOver() && sent_ == accepted_ + other_ + lost_; }

    /// Latency counts from when a webhook was due, so that a server that stalls cannot hide it by
    /// slowing the sender down.
    Clock::time_point dueOf(long serial) const {
        if (wish_.rate <= 0) return Clock::now();
        return start_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                            static_cast<double>(serial) / wish_.rate));
    }

    void dispatch() {
        while (!free_.empty() && !isOver()) {
            const auto due = dueOf(sent_);
            if (due > Clock::now()) return;
            const auto found = lines_.find(free_.front());
            free_.pop_front();
            if (found == lines_.end()) continue;
            Line& line = *found->second;
            line.due = due;
            line.isBusy = true;
            const auto& record = records_[static_cast<std::size_t>(sent_) % records_.size()];
            ++sent_;
            if (!line.connection.send(notice(wish_.path, wish_.key, record, sent_)))
                drop(line);
            else if (line.connection.hasMore())
                listen(line, true);
        }
    }

    void listen(Line& line, bool toWrite) {
        line.waitsToWrite = toWrite;
        epoll_event event{};
        event.events = EPOLLIN | (toWrite ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
        event.data.fd = line.connection.descriptor();
        epoll_ctl(epoll_, EPOLL_CTL_MOD, event.data.fd, &event);
    }

    void takeIn() {
        constexpr long kLongestWaitNs = 20'000'000;
        const auto due = dueOf(sent_) - Clock::now();
        long wait = free_.empty() || isOver()
                        ? kLongestWaitNs
                        : std::chrono::duration_cast<std::chrono::nanoseconds>(due).count();
        wait = std::max(0L, std::min(wait, kLongestWaitNs));
        const timespec timeout{0, wait};
        epoll_event events[256];
        const int count = epoll_pwait2(epoll_, events, 256, &timeout, nullptr);
        for (int i = 0; i < count; ++i) {
            const auto found = lines_.find(events[i].data.fd);
            if (found != lines_.end()) serve(*found->second);
        }
    }

    void serve(Line& line) {
        if (line.waitsToWrite && line.connection.flush() && !line.connection.hasMore())
            listen(line, false);
        const bool isOpen = line.connection.receive();
        if (const int status = line.connection.takeReply(); status != 0 && line.isBusy) {
            last_ = Clock::now();
            latencies_.add(seconds(line.due, last_) * 1e3);
            ++(status >= 200 && status < 300 ? accepted_ : other_);
            line.isBusy = false;
            if (isOpen) free_.push_back(line.connection.descriptor());
        }
        if (!isOpen) drop(line);
    }

    void drop(Line& line) {
        if (line.isBusy) ++lost_;
        last_ = Clock::now();
        lines_.erase(line.connection.descriptor());
        open();
    }

    const Wish& wish_;
    const std::vector<std::pair<std::string, std::string>> records_;
    const int epoll_;
    std::unordered_map<int, std::unique_ptr<Line>> lines_;
    std::deque<int> free_;
    Clock::time_point start_;
    Clock::time_point last_;
    Latencies latencies_;
    long sent_ = 0;
    long accepted_ = 0;
    long other_ = 0;
    long lost_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Posts signed Sellsy webhooks; prints one JSON object."};
    Wish wish;
    app.add_option("--port", wish.port, "of the webhook server on this machine")->required();
    app.add_option("--ids", wish.ids, "file of records, \"people 17\" a line")->required();
    app.add_option("--path", wish.path, "path of the webhook");
    app.add_option("--key", wish.key, "signing key");
    app.add_option("--connections", wish.connections, "kept alive");
    app.add_option("--rate", wish.rate, "a second; 0: as fast as they are taken");
    app.add_option("--seconds", wish.seconds, "how long to send");
    app.add_option("--count", wish.count, "how many to send, instead");
    CLI11_PARSE(app, argc, argv);
    try {
        std::cout << Generator(wish).run().dump() << '\n';
    } catch (const std::exception& error) {
        std::cerr << "bench_load: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
