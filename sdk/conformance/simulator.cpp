// SPDX-License-Identifier: Apache-2.0
#include "sdk/conformance/simulator.h"

#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>

namespace concordat::sdk::conformance {
namespace {

using nlohmann::json;

bool isSignIn(std::string call) {
    std::transform(call.begin(), call.end(), call.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return call.find("token") != std::string::npos;
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
    return stage;
}

}  // namespace concordat::sdk::conformance
