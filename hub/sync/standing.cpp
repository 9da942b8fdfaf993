// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/standing.h"

#include <nlohmann/json.hpp>

namespace concordat::sync {

namespace {

constexpr auto kStandingKind = "sync.system";
constexpr auto kRecoveryKind = "sync.recovery";

Phase phaseFrom(const std::string& text) {
    for (const auto phase : {Phase::Loading, Phase::Loaded, Phase::Open})
        if (toString(phase) == text) return phase;
    return Phase::New;
}

}  // namespace

std::string toString(Phase phase) {
    switch (phase) {
        case Phase::New:
            return "new";
        case Phase::Loading:
            return "loading";
        case Phase::Loaded:
            return "loaded";
        case Phase::Open:
            return "open";
    }
    return "new";
}

Standing standing(store::Reader& reader, const std::string& system) {
    Standing result;
    result.system = system;
    const auto document = reader.document(kStandingKind, system);
    if (!document) return result;
    const auto json = nlohmann::json::parse(document->json);
    result.phase = phaseFrom(json.value("phase", ""));
    result.tenantId = json.value("tenant_id", "");
    result.tenantName = json.value("tenant_name", "");
    result.foreignTenant = json.value("foreign_tenant", "");
    result.paused = json.value("paused", false);
    result.pauseReason = json.value("pause_reason", "");
    result.fullStopUntil = json.value("full_stop_until", store::EpochMs{0});
    result.fullStopReason = json.value("full_stop_reason", "");
    result.stoppedBy = json.value("stopped_by", "");
    result.approvedBy = json.value("approved_by", "");
    result.regressed = json.value("regressed", false);
    result.recovering = json.value("recovering", false);
    result.loadedAt = json.value("loaded_at", store::EpochMs{0});
    return result;
}

void put(store::Writer& unit, const Standing& standing) {
    const nlohmann::json json{{"phase", toString(standing.phase)},
                              {"tenant_id", standing.tenantId},
                              {"tenant_name", standing.tenantName},
                              {"foreign_tenant", standing.foreignTenant},
                              {"paused", standing.paused},
                              {"pause_reason", standing.pauseReason},
                              {"full_stop_until", standing.fullStopUntil},
                              {"full_stop_reason", standing.fullStopReason},
                              {"stopped_by", standing.stoppedBy},
                              {"approved_by", standing.approvedBy},
                              {"regressed", standing.regressed},
                              {"recovering", standing.recovering},
                              {"loaded_at", standing.loadedAt}};
    unit.put(store::Document{kStandingKind, standing.system, json.dump(), 0});
}

bool isRecovering(store::Reader& reader) { return !reader.documents(kRecoveryKind).empty(); }

void beginRecovery(store::Writer& unit, const std::vector<std::string>& systems) {
    for (const auto& system : systems) {
        auto state = standing(unit, system);
        if (state.phase == Phase::New) continue;
        state.recovering = true;
        put(unit, state);
        unit.put(store::Document{kRecoveryKind, system, "{}", 0});
        unit.putCursor(system, "pull", "");
    }
}

void endRecovery(store::Writer& unit, const std::string& system) {
    auto state = standing(unit, system);
    state.recovering = false;
    put(unit, state);
    unit.removeDocument(kRecoveryKind, system);
    if (!isRecovering(unit)) unit.endRecovery();
}

void giveBack(store::Writer& unit,
              const std::string& system,
              const sdk::RecordRef& ref,
              const std::string& slot) {
    const auto name = ref.object + "/" + ref.id + "/" + slot;
    unit.put(store::Document{"sync.give_back." + system, name, "{}", 0});
}

std::set<std::string> toGiveBack(store::Reader& reader, const std::string& system) {
    std::set<std::string> names;
    for (const auto& document : reader.documents("sync.give_back." + system))
        names.insert(document.id);
    return names;
}

void gaveBack(store::Writer& unit, const std::string& system, const std::string& name) {
    unit.removeDocument("sync.give_back." + system, name);
}

std::string whyNotLoosen(store::Reader& reader, const Standing& standing) {
    if (standing.paused) return "the system is paused";
    if (standing.regressed) return "the system looks restored from a backup";
    if (isRecovering(reader)) return "the hub's own store was restored; systems are read again";
    return "";
}

}  // namespace concordat::sync
