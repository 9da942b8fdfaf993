// SPDX-License-Identifier: Apache-2.0
#pragma once
// What Sellsy's webhooks say, and which there are. Pure functions, any thread.

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plugins/sellsy/vocabulary.h"

namespace concordat::plugins::sellsy {

/// Records to read again. Throws CallError if the body is not a notice.
sdk::WebhookNews noticeOf(const sdk::WebhookRequest& request,
                          const std::vector<const Kind*>& kinds);

/// Throws CallError if the body is no list.
std::vector<sdk::Subscription> subscriptionsOf(const nlohmann::json& body);

}  // namespace concordat::plugins::sellsy
