// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/sellsy/sender.h"

namespace concordat::simulators::sellsy {

/// Something that webhooks tell: `people.updated` of contact 3.
struct Event {
    std::string entity;       ///< "people", "client", "third_party_contact"
    std::string name;         ///< "created", "updated", "deleted", "archived", …
    std::string relatedType;  ///< "people" or "client"
    std::int64_t relatedId = 0;
    std::string thirdType;  ///< of a client: "client", "prospect", "supplier"; else empty
    bool individual = false;
    std::string objectText;  ///< the record as JSON; empty once it is deleted
};

/// A subscription as the management endpoints keep it.
struct Webhook {
    std::int64_t id = 0;
    std::string name, type, endpoint, signKey;
    bool enabled = true;
    bool objectInPayload = false;
    bool jsonContent = false;
    std::map<std::string, bool> configuration;  ///< "people.updated" → enabled
    std::int64_t created = 0, updated = 0;      ///< UTC seconds
    std::int64_t lastSucceeded = 0, lastFailed = 0;
    int failures = 0;
};

/// `GET /webhooks/events`.
nlohmann::json eventCatalog();
/// Applies a POST or PUT body; throws Problem 400 for unknown keys, events or types, and with
/// `creating` for what is missing.
void applyWebhook(const nlohmann::json& body, bool creating, Webhook& webhook);
nlohmann::json webhookJson(const Webhook& webhook);

/// The call that `webhook` makes for `event`; nothing when it is not subscribed. `at` is UTC
/// seconds, `corp` the account's id.
std::optional<Delivery> deliveryFor(const Webhook& webhook,
                                    const Event& event,
                                    std::int64_t at,
                                    const std::string& corp);

}  // namespace concordat::simulators::sellsy
