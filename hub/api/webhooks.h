// SPDX-License-Identifier: Apache-2.0
#pragma once
// Webhooks in: signature checked as described, durable before the answer, then the system's lane is
// woken.

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "hub/api/http.h"
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

/// Answers /hooks/{system}. [http] The references must outlive it.
class Webhooks {
 public:
    Webhooks(store::Store& store,
             std::map<std::string, Hook> hooks,
             std::function<void(const std::string&)> arrived);

    Reply answer(const Call& call);
    const WebhookCounts& counts() const { return counts_; }

 private:
    Reply accept(const std::string& system, const Hook& hook, const Call& call, bool timed);

    store::Store& store_;
    std::map<std::string, Hook> hooks_;
    std::function<void(const std::string&)> arrived_;
    WebhookCounts counts_;
};

}  // namespace concordat::api
