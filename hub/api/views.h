// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values as the JSON that the API shows. Names are those of openapi.yaml.

#include <nlohmann/json_fwd.hpp>

#include "hub/store/rows.h"
#include "hub/sync/service.h"

namespace concordat::api {

std::string nameOf(consent::Answer answer);
std::string nameOf(sdk::Shown shown);

/// scope, purpose, channel, answer, rule, reason, since, contested.
nlohmann::json viewOf(const consent::Key& key,
                      const consent::Effective& effective,
                      const std::string& reason);
nlohmann::json viewOf(const sync::Answers& answers);
nlohmann::json viewOf(const store::Delivery& delivery);
nlohmann::json viewOf(const store::InboxItem& item);
nlohmann::json viewOf(const store::Incident& incident);
nlohmann::json viewOf(const store::Webhook& webhook);
nlohmann::json viewOf(const consent::Event& event);
/// An event in words for the history: "withdrawn in sellsy: newsletter by email".
std::string sentenceOf(const consent::Event& event);
std::string sentenceOf(const store::Delivery& delivery);

}  // namespace concordat::api
