// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <shared_mutex>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/sellsy/sender.h"
#include "tools/simulators/sellsy/store.h"
#include "tools/simulators/sellsy/webhooks.h"
#include "tools/simulators/stage/stage.h"

namespace concordat::simulators::sellsy {

/// The account's number in webhooks (`corpid`).
constexpr const char* kCorpId = "104422";

/// One customer's account: its parties, tags and webhooks. Every change goes through here into the
/// write history and out as webhook calls. Methods that change take the mutex themselves; whoever
/// reads holds it shared. [any]
class Account {
 public:
    explicit Account(Stage& stage);

    mutable std::shared_mutex mutex;
    Store store;                               // guarded by mutex
    std::map<std::int64_t, std::string> tags;  // guarded by mutex

    /// Whether new records without the array start subscribed to everything.
    std::atomic<bool> defaultConsent{false};

    /// `body` must have passed checkBody(). Gives the new party.
    Party create(Kind kind, const nlohmann::json& body, const Doer& doer);
    /// Merges `body` into the party. Throws Problem 404 when there is none.
    Party update(Kind kind, std::int64_t id, const nlohmann::json& body, const Doer& doer);
    void remove(Kind kind, std::int64_t id, const Doer& doer);
    /// True when they were not linked before. Throws Problem 404.
    bool link(Kind third, std::int64_t thirdId, std::int64_t contact, const Doer& doer);
    void unlink(Kind third, std::int64_t thirdId, std::int64_t contact, const Doer& doer);
    /// Sets the party's tags to the ids and new names given; throws Problem 400, 404.
    void addTags(Kind kind, std::int64_t id, const nlohmann::json& list, const Doer& doer);
    /// Leaves a comment in the history and gives its id.
    std::int64_t comment(const nlohmann::json& body, const Doer& doer);

    Webhook createWebhook(const nlohmann::json& body, const Doer& doer);
    Webhook updateWebhook(std::int64_t id, const nlohmann::json& body, const Doer& doer);
    void removeWebhook(std::int64_t id, const Doer& doer);
    std::vector<Webhook> webhooks() const;

    void setMishaps(const Mishaps& mishaps) { sender_.setMishaps(mishaps); }
    Mishaps mishaps() const { return sender_.mishaps(); }
    std::size_t pendingDeliveries() const { return sender_.pending(); }

    void reset();
    void replay(const Write& write);

 private:
    std::int64_t stampMs() const;
    const Party& existing(Kind kind, std::int64_t id) const;
    void note(const Doer& doer, std::vector<Write> writes);
    void tell(const Party& party, const char* event);
    void tell(const Event& event);
    void noteWebhook(const Webhook& webhook, bool exists, const Doer& doer);
    void noteOutcome(std::int64_t webhook, bool succeeded);

    Stage& stage_;
    std::map<std::int64_t, Webhook> webhooks_;  // guarded by mutex
    std::int64_t lastWebhook_ = 0;
    std::int64_t lastComment_ = 0;
    Sender sender_;  // last, so that its thread ends first
};

}  // namespace concordat::simulators::sellsy
