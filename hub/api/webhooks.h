// SPDX-License-Identifier: Apache-2.0
#pragma once
// Webhooks in: signature checked as described, durable before the answer, then the system's lane is
// woken.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hub/api/http.h"
#include "hub/api/ticket.h"
#include "hub/gateway/signature.h"
#include "hub/store/store.h"

namespace concordat::api {

/// How one system's webhooks come in. `keys` is asked at each delivery, so that a new key counts at
/// once.
struct Hook {
    gateway::SignatureRule signature;
    std::function<std::vector<std::string>()> keys;
    bool answersGet = false;
    int status = 200;
    std::string type = "text/plain";
    std::string body;
    std::string
        dedupePath;  ///< JSON pointer or header:NAME of the delivery's id; empty: it has none
};

struct WebhookCounts {
    std::atomic<std::int64_t> accepted = 0;
    std::atomic<std::int64_t> repeated = 0;
    std::atomic<std::int64_t> refused = 0;
};

/// Answers /hooks/{system}. The references must outlive it.
class Webhooks {
 public:
    Webhooks(store::Store& store,
             std::map<std::string, Hook> hooks,
             std::function<void(const std::string&)> arrived);
    /// Stores what waits.
    ~Webhooks();
    Webhooks(const Webhooks&) = delete;
    Webhooks& operator=(const Webhooks&) = delete;

    /// Answers at once, or when the delivery is durable; does not wait. [any]
    void receive(Call&& call, const Ticket& ticket);
    const WebhookCounts& counts() const { return counts_; }

 private:
    struct Delivery;
    void run(const std::stop_token& stop);
    void keep(std::vector<Delivery>& deliveries);
    void store(std::vector<Delivery>& deliveries);

    store::Store& store_;
    const std::map<std::string, Hook> hooks_;
    const std::function<void(const std::string&)> arrived_;
    WebhookCounts counts_;
    std::mutex mutex_;  // guards waiting_
    std::condition_variable_any changed_;
    std::vector<Delivery> waiting_;
    std::jthread thread_;
};

}  // namespace concordat::api
