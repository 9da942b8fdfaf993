// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/caps.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace concordat::sync {

namespace {

constexpr auto kCapKind = "sync.cap";

std::string idOf(const std::string& source, CapKind kind) { return toString(kind) + "/" + source; }

std::string heldKind(const std::string& system) { return "sync.held." + system; }

std::int64_t limitOf(store::Reader& reader, const Core& core, const std::string& source) {
    const auto* plan = core.plan.system(source);
    const Caps caps = plan ? plan->caps : Caps{};
    const auto share = reader.recordCount(source) * caps.percent / 100;
    return std::max<std::int64_t>(caps.floor, std::min<std::int64_t>(caps.count, share));
}

std::string sentence(const std::string& source, CapKind kind, std::int64_t limit) {
    const auto start = "More than " + std::to_string(limit) + " ";
    const auto end = " came from " + source + " within an hour; ";
    switch (kind) {
        case CapKind::Loosening:
            return start + "permits for other systems" + end + "the rest waits for a person.";
        case CapKind::Inferred:
            return start + "withdrawals read from missing values" + end +
                   "the rest waits for a person.";
        case CapKind::Explicit:
            return start + "refusals and withdrawals" + end + "all were recorded and delivered.";
    }
    return start;
}

}  // namespace

std::string toString(CapKind kind) {
    switch (kind) {
        case CapKind::Loosening:
            return "loosening";
        case CapKind::Inferred:
            return "inferred";
        case CapKind::Explicit:
            return "explicit";
    }
    return "";
}

CapBook::State& CapBook::state(const std::string& source, CapKind kind) {
    const auto id = idOf(source, kind);
    const auto [found, isNew] = states_.try_emplace(id);
    auto& state = found->second;
    if (!isNew) return state;
    state.limit = limitOf(unit_, core_, source);
    if (const auto document = unit_.document(kCapKind, id)) {
        const auto json = nlohmann::json::parse(document->json);
        state.from = json.value("from", EpochMs{0});
        state.used = json.value("used", std::int64_t{0});
        state.tripped = json.value("tripped", false);
        state.liftedUntil = json.value("lifted_until", EpochMs{0});
    }
    return state;
}

bool CapBook::take(const std::string& source, CapKind kind, EpochMs now) {
    if (source.empty()) return true;
    auto& cap = state(source, kind);
    if (cap.liftedUntil > now) return true;
    if (cap.tripped && kind != CapKind::Explicit) return false;
    if (cap.from + kHourMs <= now) {
        cap.from = now;
        cap.used = 0;
        cap.tripped = false;
    }
    cap.changed = true;
    if (++cap.used <= cap.limit) return true;
    if (!cap.tripped) report(source, kind, cap.limit, now);
    cap.tripped = true;
    return false;
}

void CapBook::report(const std::string& source, CapKind kind, std::int64_t limit, EpochMs now) {
    const auto dedupe = "cap/" + idOf(source, kind);
    const auto text = sentence(source, kind, limit);
    unit_.add(store::Incident{unit_.newId(), "cap", source, "", now, 0, text, dedupe});
    if (kind == CapKind::Explicit) return;
    store::InboxItem item;
    item.id = unit_.newId();
    item.kind = "cap";
    item.system = source;
    item.dedupe = dedupe;
    item.createdAt = now;
    item.document =
        nlohmann::json{{"direction", toString(kind)}, {"limit", limit}, {"text", text}}.dump();
    unit_.add(item);
}

void CapBook::save() {
    for (auto& [id, state] : states_) {
        if (!state.changed) continue;
        const nlohmann::json json{{"from", state.from},
                                  {"used", state.used},
                                  {"tripped", state.tripped},
                                  {"lifted_until", state.liftedUntil}};
        unit_.put(store::Document{kCapKind, id, json.dump(), 0});
        state.changed = false;
    }
}

void liftCap(store::Writer& unit, const std::string& source, CapKind kind, EpochMs now) {
    const nlohmann::json json{{"lifted_until", now + kHourMs}};
    unit.put(store::Document{kCapKind, idOf(source, kind), json.dump(), 0});
    unit.resolveIncidents("cap/" + idOf(source, kind), now);
}

void holdBack(store::Writer& unit,
              const std::string& system,
              const sdk::RecordRef& ref,
              const sdk::SlotReading& reading) {
    nlohmann::json json{{"object", ref.object}, {"id", ref.id}};
    if (const auto held = unit.document(heldKind(system), nameOf(ref)))
        json = nlohmann::json::parse(held->json);
    json["slots"][reading.slot] = reading.shown == sdk::Shown::Absent ? "absent" : "none";
    unit.put(store::Document{heldKind(system), nameOf(ref), json.dump(), 0});
}

std::vector<sdk::SlotReading> heldReadings(store::Reader& reader,
                                           const std::string& system,
                                           const sdk::RecordRef& ref) {
    std::vector<sdk::SlotReading> readings;
    const auto held = reader.document(heldKind(system), nameOf(ref));
    if (!held) return readings;
    const auto json = nlohmann::json::parse(held->json);
    const auto slots = json.value("slots", nlohmann::json::object());
    for (const auto& [slot, shown] : slots.items()) {
        sdk::SlotReading& reading = readings.emplace_back();
        reading.slot = slot;
        reading.shown = shown == "absent" ? sdk::Shown::Absent : sdk::Shown::None;
    }
    return readings;
}

std::vector<sdk::RecordRef> heldBack(store::Reader& reader,
                                     const std::string& system,
                                     EpochMs now) {
    const auto cap = reader.document(kCapKind, idOf(system, CapKind::Inferred));
    if (!cap || nlohmann::json::parse(cap->json).value("lifted_until", EpochMs{0}) <= now)
        return {};
    std::vector<sdk::RecordRef> result;
    for (const auto& document : reader.documents(heldKind(system))) {
        const auto json = nlohmann::json::parse(document.json);
        result.push_back({json.value("object", ""), json.value("id", "")});
    }
    return result;
}

void release(store::Writer& unit, const std::string& system, const sdk::RecordRef& ref) {
    unit.removeDocument(heldKind(system), nameOf(ref));
}

}  // namespace concordat::sync
