// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/gateway.h"

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <random>
#include <thread>

#include <curl/curl.h>

#include "hub/gateway/dispatcher.h"

namespace concordat::gateway {

namespace {

constexpr Milliseconds kLongestTurn{1000};

GatewayOptions completed(GatewayOptions options) {
    // Once for the process; libcurl wants it before any thread uses it.
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (ready != CURLE_OK) throw AccessError("libcurl could not be started");
    if (!options.transport) options.transport = makeCurlTransport();
    if (!options.surroundings.random) {
        options.surroundings.random = [engine = std::mt19937_64(std::random_device{}())]() mutable {
            return std::uniform_real_distribution<double>(0, 1)(engine);
        };
    }
    return options;
}

}  // namespace

/// The thread, and the jobs that others hand it.
struct Gateway::Impl {
    explicit Impl(GatewayOptions given)
        : options(completed(std::move(given))),
          dispatcher(options.surroundings, *options.transport, options.tokens),
          thread([this](const std::stop_token& stop) { run(stop); }) {}

    ~Impl() {
        thread.request_stop();
        options.transport->wake();
        thread.join();
    }

    void post(std::function<void()> job) {
        {
            const std::lock_guard lock(mutex);
            jobs.push_back(std::move(job));
        }
        options.transport->wake();
    }

    /// Runs `question` on the thread and waits for its answer, or its exception.
    template <typename F>
    auto ask(F question) {
        // Shared, as the thread still touches the task after the answer has woken us.
        const auto task =
            std::make_shared<std::packaged_task<decltype(question())()>>(std::move(question));
        auto answer = task->get_future();
        post([task] { (*task)(); });
        return answer.get();
    }

    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            runJobs();
            dispatcher.turn(kLongestTurn);
        }
        runJobs();
        dispatcher.cancelAll();
        dispatcher.turn(Milliseconds(0));
    }

    void runJobs() {
        std::vector<std::function<void()>> taken;
        {
            const std::lock_guard lock(mutex);
            taken.swap(jobs);
        }
        for (const auto& job : taken) job();
    }

    GatewayOptions options;
    Dispatcher dispatcher;  // the thread's own
    std::mutex mutex;       // guards jobs
    std::vector<std::function<void()>> jobs;
    std::jthread thread;
};

const char* nameOf(ReplyClass kind) {
    switch (kind) {
        case ReplyClass::Ok:
            return "ok";
        case ReplyClass::Auth:
            return "auth";
        case ReplyClass::RateLimited:
            return "rate_limited";
        case ReplyClass::Transient:
            return "transient";
        case ReplyClass::NotFound:
            return "not_found";
        case ReplyClass::Conflict:
            return "conflict";
        case ReplyClass::Permanent:
            return "permanent";
        case ReplyClass::Cancelled:
            return "cancelled";
    }
    return "";
}

Gateway::Gateway(GatewayOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Gateway::~Gateway() = default;

void Gateway::addSystem(SystemAccess access) {
    impl_->ask([&] { impl_->dispatcher.addSystem(std::move(access)); });
}

void Gateway::removeSystem(const std::string& system) {
    impl_->ask([&] { impl_->dispatcher.removeSystem(system); });
}

std::vector<Reply> Gateway::send(const std::string& system,
                                 std::vector<Request> requests,
                                 const SendContext& context) {
    // Shared, as the thread may still be in its job when the answer has woken us.
    struct Waiting {
        std::promise<std::vector<Reply>> answer;
        std::uint64_t call = 0;  // the thread's own
    };
    const auto waiting = std::make_shared<Waiting>();
    auto replies = waiting->answer.get_future();
    auto* impl = impl_.get();  // once it is posted, this gateway may end before us
    impl->post([dispatcher = &impl->dispatcher, waiting, system, requests = std::move(requests),
                context]() mutable {
        auto done = [waiting](std::vector<Reply> all) {
            waiting->answer.set_value(std::move(all));
        };
        waiting->call = dispatcher->send(system, std::move(requests), context, std::move(done));
    });
    // Posted behind the send, so that it finds the call; harmless once the call has ended.
    const std::stop_callback onCancel(context.cancel, [impl, waiting] {
        impl->post([impl, waiting] { impl->dispatcher.cancel(waiting->call); });
    });
    return replies.get();
}

AuthorizationStart Gateway::authorizationAddress(const std::string& system,
                                                 const std::string& redirectUri) {
    return impl_->ask([&] { return impl_->dispatcher.authorization(system, redirectUri); });
}

Reply Gateway::exchangeCode(const std::string& system,
                            const std::string& code,
                            const std::string& verifier,
                            const std::string& redirectUri) {
    const auto answer = std::make_shared<std::promise<Reply>>();
    auto reply = answer->get_future();
    impl_->post([dispatcher = &impl_->dispatcher, answer, system,
                 grant = CodeGrant{code, verifier, redirectUri}] {
        dispatcher->exchangeCode(system, grant,
                                 [answer](Reply got) { answer->set_value(std::move(got)); });
    });
    return reply.get();
}

std::optional<SystemState> Gateway::state(const std::string& system) {
    return impl_->ask([&] { return impl_->dispatcher.state(system); });
}

Counts Gateway::counts() {
    return impl_->ask([&] { return impl_->dispatcher.counts(); });
}

}  // namespace concordat::gateway
