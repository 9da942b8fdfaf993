// SPDX-License-Identifier: Apache-2.0
#pragma once
// A dispatcher on a stage: virtual time, chosen luck, and a wire that answers what the test says.

#include <algorithm>
#include <deque>
#include <map>
#include <stdexcept>
#include <utility>

#include "hub/gateway/dispatcher.h"

namespace concordat::gateway::test {

/// Keeps what was started; the test answers by id, or in advance through `respond`.
class FakeWire : public Transport {
 public:
    void start(WireRequest request) override {
        log.push_back(request);
        if (respond) {
            if (auto reply = respond(request)) {
                reply->id = request.id;
                ready_.push_back(std::move(*reply));
                return;
            }
        }
        open.push_back(std::move(request));
    }
    void abort(std::uint64_t id) override {
        if (!take(id)) return;
        WireReply reply;
        reply.id = id;
        reply.end = WireEnd::Aborted;
        reply.sent = true;
        ready_.push_back(std::move(reply));
    }
    std::vector<WireReply> poll(Milliseconds) override { return std::exchange(ready_, {}); }
    void wake() override {}

    /// Ends the oldest attempt under way.
    void answerFirst(WireReply reply) {
        reply.id = open.front().id;
        open.pop_front();
        ready_.push_back(std::move(reply));
    }
    bool isQuiet() const { return ready_.empty(); }

    std::vector<WireRequest> log;
    std::deque<WireRequest> open;
    std::function<std::optional<WireReply>(const WireRequest&)> respond;

 private:
    bool take(std::uint64_t id) {
        const auto it =
            std::find_if(open.begin(), open.end(), [&](const auto& r) { return r.id == id; });
        if (it == open.end()) return false;
        open.erase(it);
        return true;
    }
    std::vector<WireReply> ready_;
};

inline WireReply answered(int status, std::string body = "{}", Headers headers = {}) {
    WireReply reply;
    reply.end = WireEnd::Answered;
    reply.status = status;
    reply.sent = true;
    reply.body = std::move(body);
    reply.headers = std::move(headers);
    return reply;
}

inline WireReply broken(WireEnd end, bool sent) {
    WireReply reply;
    reply.end = end;
    reply.sent = sent;
    reply.error = "it broke";
    return reply;
}

/// Tokens in memory; can be told to fail.
class FakeStore : public TokenStore {
 public:
    std::optional<std::string> load(const std::string& system) override {
        const auto it = kept.find(system);
        return it == kept.end() ? std::nullopt : std::optional(it->second);
    }
    void save(const std::string& system, const std::string& token) override {
        if (failing) throw std::runtime_error("disk full");
        kept[system] = token;
        ++saves;
    }
    std::map<std::string, std::string> kept;
    bool failing = false;
    int saves = 0;
};

inline SystemAccess plainAccess(const std::string& name = "crm") {
    SystemAccess access;
    access.system = name;
    access.hosts = {{"api.example.com", {"GET", "POST", "PUT"}, {"/v1/*", "/token"}, {}}};
    access.secrets = [](std::string_view secret) -> std::optional<std::string> {
        return "S-" + std::string(secret);
    };
    return access;
}

inline Request get(const std::string& path = "/v1/a") {
    Request request;
    request.url = "https://api.example.com" + path;
    return request;
}

inline Request post(const std::string& path = "/v1/a", bool idempotent = false) {
    Request request = get(path);
    request.method = "POST";
    request.body = "{}";
    request.idempotent = idempotent;
    return request;
}

/// What the AccessError said that `what` throws; empty if it throws none.
template <typename F>
std::string problemOf(F what) {
    try {
        what();
    } catch (const AccessError& error) {
        return error.message();
    }
    return "";
}

/// The replies of one send, once they are there.
struct Sent {
    std::uint64_t call = 0;
    std::shared_ptr<std::optional<std::vector<Reply>>> replies;
    bool isDone() const { return replies->has_value(); }
    const Reply& reply(std::size_t i = 0) const { return (**replies)[i]; }
};

struct Stage {
    explicit Stage(TokenStore* store = nullptr) : dispatcher(surroundings(), wire, store) {}

    Surroundings surroundings() {
        return {[this] { return steady; }, [this] { return wall; }, [this] { return luck; }};
    }
    Sent send(std::vector<Request> requests,
              SendContext context = {},
              const std::string& system = "crm") {
        Sent sent;
        sent.replies = std::make_shared<std::optional<std::vector<Reply>>>();
        sent.call =
            dispatcher.send(system, std::move(requests), context,
                            [r = sent.replies](std::vector<Reply> all) { *r = std::move(all); });
        settle();
        return sent;
    }
    Sent send(Request request, SendContext context = {}) {
        return send(std::vector<Request>{std::move(request)}, context);
    }
    /// Takes in everything that has been answered, and what follows from it.
    void settle() {
        do dispatcher.turn(Milliseconds(0));
        while (!wire.isQuiet());
        dispatcher.turn(Milliseconds(0));
    }
    void answer(WireReply reply) {
        wire.answerFirst(std::move(reply));
        settle();
    }
    void pass(Milliseconds time) {
        steady += time;
        wall += time;
        settle();
    }
    SendContext within(Milliseconds time, Priority priority = Priority::Read) const {
        SendContext context;
        context.deadline = steady + time;
        context.priority = priority;
        return context;
    }
    int running() const { return static_cast<int>(wire.open.size()); }

    SteadyTime steady{std::chrono::hours(1000)};
    SystemTime wall{std::chrono::hours(24 * 365 * 50)};
    double luck = 0.5;
    FakeWire wire;
    Dispatcher dispatcher;
};

}  // namespace concordat::gateway::test
