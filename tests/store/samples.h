// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows with every field filled, so that nothing can be forgotten on the way.

#include <string>

#include "hub/store/rows.h"

namespace concordat::store::samples {

/// In every field that may hold personal data.
inline const std::string kCanary = "Zoë O'Canary-Ümläut";

consent::Point point(const std::string& hash);
consent::Event event(const std::string& subject, consent::Decision decision);
EffectiveRow effective(const std::string& purpose, std::optional<EpochMs> nextChange);
Record record(const std::string& subject, const std::string& system, const std::string& id);
Target target(const std::string& subject, const std::string& system);
TargetRecord targetRecord(const std::string& subject,
                          const std::string& system,
                          const std::string& id);
Delivery delivery(const std::string& subject, const std::string& system);
InboxItem inboxItem(const std::string& subject, const std::string& dedupe);
Incident incident(const std::string& dedupe);
Webhook webhook(const std::string& system, const std::string& dedupe);

}  // namespace concordat::store::samples
