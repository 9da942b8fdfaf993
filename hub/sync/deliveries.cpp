// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/deliveries.h"

#include <nlohmann/json.hpp>

namespace concordat::sync {

void addDelivery(Unit& unit,
                 const store::TargetRecord& row,
                 const std::string& stage,
                 const std::string& slots,
                 const std::string& message) {
    store::Delivery delivery;
    delivery.id = unit.store().newId();
    delivery.subject = row.subject;
    delivery.system = row.system;
    delivery.ref = row.ref;
    delivery.generation = row.sentGeneration;
    delivery.at = unit.now();
    delivery.stage = stage;
    delivery.slots = slots;
    delivery.message = message;
    if (stage == "verified") {
        const auto target = unit.store().target(row.subject, row.system);
        if (target && target->changedAt > 0) {
            delivery.latencyMs = unit.now() - target->changedAt;
            unit.core().counters.verified(delivery.latencyMs);
        }
    }
    unit.store().add(delivery);
    unit.core().counters.delivery(stage);
}

void park(Unit& unit, store::TargetRecord& row, const std::string& reason, bool withdrawal) {
    row.parked = true;
    row.reason = reason;
    row.verifyAt = 0;
    row.token.clear();
    row.retryAt = unit.now() + unit.core().plan.settings.retryMs;
    addDelivery(unit, row, "parked", "", reason);
    if (withdrawal) reportStuckWithdrawal(unit, row, "a withdrawal was rejected");
    store::InboxItem item;
    item.id = unit.store().newId();
    item.kind = "parked";
    item.subject = row.subject;
    item.system = row.system;
    item.ref = row.ref;
    item.dedupe = stuckName(row);
    item.createdAt = unit.now();
    item.document = nlohmann::json{{"reason", reason}, {"withdrawal", withdrawal}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
    unit.store().add(item);
}

void reportStuckWithdrawal(Unit& unit, const store::TargetRecord& row, const std::string& reason) {
    unit.store().add(store::Incident{
        unit.store().newId(), "parked_withdrawal", row.system, row.subject, unit.now(), 0,
        "In " + row.system + ", " + reason + "; the history of this person's deliveries says why.",
        stuckName(row)});
}

std::string stuckName(const store::TargetRecord& row) {
    return "parked/" + row.system + "/" + row.ref.object + "/" + row.ref.id;
}

}  // namespace concordat::sync
