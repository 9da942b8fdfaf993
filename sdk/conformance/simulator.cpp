// SPDX-License-Identifier: Apache-2.0
#include "sdk/conformance/simulator.h"

#include <memory>

#include <nlohmann/json.hpp>

#include "sdk/concordat/text.h"

namespace concordat::sdk::conformance {
namespace {

using nlohmann::json;

bool isSignIn(const std::string& call) { return lowered(call).find("token") != std::string::npos; }

/// Words of a person's act; false: the vendor has no such thing.
bool acts(const Admin& admin, const json& act) {
    try {
        admin("POST", "act", act.dump());
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

bool succeed(const Admin& admin, const RecordRef& record, const RecordRef& into) {
    if (record.object == into.object)
        return acts(admin, {{"do", "merge"},
                            {"object", into.object},
                            {"id", into.id},
                            {"losers", json::array({record.id})}});
    return acts(admin, {{"do", "convert"},
                        {"object", record.object},
                        {"id", record.id},
                        {lowered(into.object), into.id}});
}

std::optional<std::string> clientOf(const Admin& admin, const RecordRef& record) {
    if (!json::parse(admin("GET", "settings", "")).value("notes_clients", false)) return {};
    const auto writes = json::parse(admin("GET", "writes?id=" + record.id, "")).at("writes");
    return writes.empty() ? "" : writes.back().value("origin", "");
}

}  // namespace

Stage stageOf(const Admin& admin, const std::function<EpochMs()>& now) {
    const auto set = [admin](const char* name, std::int64_t seconds) {
        admin("POST", "settings", json{{name, seconds}}.dump());
    };
    // Shared: std::function copies what it holds.
    const auto passed = std::make_shared<EpochMs>(
        json::parse(admin("GET", "settings", "")).value("clock_skew_s", EpochMs{0}) * 1000);
    Stage stage;
    stage.now = [now, passed] { return now() + *passed; };
    stage.passTime = [set, passed](EpochMs ms) {
        *passed += (ms + 999) / 1000 * 1000;
        set("clock_skew_s", *passed / 1000);
    };
    stage.showLate = [set](EpochMs ms) { set("late_visibility_s", ms / 1000); };
    stage.failSome = [admin](bool on) {
        const json fault = {{"kind", "partial_batch"}, {"share", 0.5}, {"times", 0}};
        admin(on ? "POST" : "DELETE", "faults", on ? fault.dump() : "");
    };
    stage.expireTokens = [admin] { admin("POST", "expire-tokens", ""); };
    stage.signIns = [admin] {
        int count = 0;
        const auto calls = json::parse(admin("GET", "calls", ""));
        for (const auto& [call, sum] : calls.at("by_call").items())
            if (isSignIn(call)) count += sum.value("calls", 0);
        return count;
    };
    stage.remove = [admin](const RecordRef& record) {
        // A vendor that numbers its tables takes none for that of its people.
        return acts(admin, {{"do", "delete"}, {"object", record.object}, {"id", record.id}}) ||
               acts(admin, {{"do", "delete"}, {"id", record.id}});
    };
    stage.succeed = [admin](const RecordRef& record, const RecordRef& into) {
        return succeed(admin, record, into);
    };
    stage.clientOf = [admin](const RecordRef& record) { return clientOf(admin, record); };
    return stage;
}

}  // namespace concordat::sdk::conformance
