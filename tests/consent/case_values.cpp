// SPDX-License-Identifier: Apache-2.0
#include "tests/consent/case_values.h"

#include <chrono>
#include <cstdio>
#include <stdexcept>

#include "hub/consent/reading.h"

namespace concordat::tests {

using namespace consent;
using YAML::Node;

namespace {

constexpr std::int64_t kDay = 86'400'000;

}  // namespace

std::string textOf(const Node& node, const std::string& otherwise) {
    return node ? node.as<std::string>() : otherwise;
}

std::vector<std::string> listOf(const Node& node) {
    if (!node) return {};
    if (node.IsScalar()) return {node.as<std::string>()};
    return node.as<std::vector<std::string>>();
}

static std::set<std::string> setOf(const Node& node) {
    const auto list = listOf(node);
    return {list.begin(), list.end()};
}

static sdk::VendorTime writtenTime(std::string text) {
    sdk::VendorTime time;
    if (const auto sign = text.find_last_of("+");
        sign != std::string::npos || text.ends_with("Z")) {
        int hours = 0;
        int minutes = 0;
        if (sign != std::string::npos) std::sscanf(text.c_str() + sign, "+%d:%d", &hours, &minutes);
        time.utcOffsetMinutes = hours * 60 + minutes;
        text.erase(sign != std::string::npos ? sign : text.size() - 1);
        while (text.ends_with(' ')) text.pop_back();
    }
    if (text.find('-') == std::string::npos) text.insert(0, "2026-03-02 ");
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int parts[3] = {0, 0, 0};
    const int read = std::sscanf(text.c_str(), "%d-%u-%u %d:%d:%d", &year, &month, &day, &parts[0],
                                 &parts[1], &parts[2]);
    if (read != 3 && read != 5 && read != 6) throw std::runtime_error("not a time: " + text);
    const std::chrono::sys_days date = std::chrono::year_month_day(
        std::chrono::year(year), std::chrono::month(month), std::chrono::day(day));
    time.precision = read == 3   ? sdk::Precision::Day
                     : read == 5 ? sdk::Precision::Minute
                                 : sdk::Precision::Second;
    time.at = date.time_since_epoch().count() * kDay + parts[0] * 60 * consent::kMinuteMs +
              parts[1] * consent::kMinuteMs + parts[2] * 1000;
    if (time.precision != sdk::Precision::Day && time.utcOffsetMinutes)
        time.at -= *time.utcOffsetMinutes * consent::kMinuteMs;
    return time;
}

std::optional<sdk::VendorTime> vendorTime(const Node& node) {
    if (!node) return std::nullopt;
    if (node.IsScalar()) return writtenTime(node.as<std::string>());
    auto time = writtenTime(textOf(node["at"]));
    if (node["or"]) time.atLatest = writtenTime(textOf(node["or"])).at;
    return time;
}

EpochMs instant(const Node& node) { return writtenTime(node.as<std::string>()).at; }

sdk::Shown shownFrom(const std::string& text) {
    for (const auto shown :
         {sdk::Shown::Permit, sdk::Shown::Deny, sdk::Shown::None, sdk::Shown::Absent})
        if (toString(shown) == text) return shown;
    throw std::runtime_error("shown is permit, deny, none or absent, not " + text);
}

Key keyFrom(std::string text) {
    Key key{"acme", "", ""};
    if (const auto colon = text.find(':'); colon != std::string::npos) {
        key.scope = text.substr(0, colon);
        text.erase(0, colon + 1);
    }
    const auto slash = text.find('/');
    if (slash == std::string::npos) throw std::runtime_error("not a key: " + text);
    key.purpose = text.substr(0, slash);
    key.channel = text.substr(slash + 1);
    return key;
}

Node merged(const Node& base, const Node& over) {
    if (!over) return base;
    if (!base || !base.IsMap() || !over.IsMap()) return over;
    Node result(YAML::NodeType::Map);
    // yaml-cpp finds keys given as nodes by identity: text finds them by value.
    for (const auto& entry : base) result[entry.first.as<std::string>()] = entry.second;
    for (const auto& entry : over) {
        const auto key = entry.first.as<std::string>();
        result[key] = merged(base[key], entry.second);
    }
    return result;
}

static Purpose purposeFrom(const std::string& code, const Node& node) {
    Purpose purpose;
    purpose.code = code;
    purpose.parent = textOf(node["parent"]);
    purpose.directMarketing = textOf(node["direct_marketing"]) == "yes";
    purpose.channelNone = textOf(node["channel"]) == "none";
    purpose.version = textOf(node["version"], "1");
    purpose.accepts = setOf(node["accepts"]);
    purpose.doubleOptIn = textOf(node["double_opt_in"]) == "yes";
    if (node["maximum_age_days"])
        purpose.maximumAgeMs = node["maximum_age_days"].as<std::int64_t>() * kDay;
    return purpose;
}

bool isYes(const Node& node) { return textOf(node) == "yes"; }

static CompanySlot slotFrom(const std::string& id, const Node& node) {
    CompanySlot slot;
    slot.system = id.substr(0, id.find('.'));
    auto& rules = slot.rules;
    rules.slot.id = id.substr(id.find('.') + 1);
    rules.slot.object = "Contact";
    rules.slot.showsPermit = shownFrom(textOf(node["permit"], "permit"));
    rules.slot.showsDeny = shownFrom(textOf(node["deny"], "deny"));
    rules.slot.hasTime = isYes(node["time"]) || textOf(node["time"]) == "editable";
    rules.slot.timeEditable = textOf(node["time"]) == "editable";
    rules.slot.recordTimeMoves = isYes(node["record_time_moves"]);
    const auto loosen = textOf(node["loosen"], "yes");
    rules.slot.loosen = loosen == "never"  ? sdk::Loosen::Never
                        : loosen == "once" ? sdk::Loosen::Once
                                           : sdk::Loosen::Yes;
    rules.slot.settleMs = node["settle_s"] ? node["settle_s"].as<std::int64_t>() * 1000 : 0;
    rules.scope = textOf(node["scope"], "acme");
    rules.purposes = listOf(node["purposes"]);
    rules.channels = listOf(node["channels"]);
    const auto absence = textOf(node["absence"], "keep");
    rules.absence = absence == "refusal"   ? Absence::Refusal
                    : absence == "unknown" ? Absence::Unknown
                                           : Absence::Keep;
    rules.grants = textOf(node["grants"]) == "never" ? Grants::Never : Grants::Declared;
    rules.trustedSlot = isYes(node["trusted"]);
    rules.trustedActors = setOf(node["trusted_actors"]);
    rules.evidenceSources = setOf(node["evidence_sources"]);
    rules.directDoubleOptIn = isYes(node["direct"]);
    return slot;
}

Company companyFrom(const Node& node) {
    Company company;
    for (const auto& entry : node["purposes"]) {
        const auto code = entry.first.as<std::string>();
        company.policy.purposes[code] = purposeFrom(code, entry.second);
    }
    company.policy.channels = setOf(node["channels"]);
    company.policy.notices = setOf(node["notices"]);
    for (const auto& entry : node["scopes"]) {
        const auto name = entry.first.as<std::string>();
        const auto spread = textOf(entry.second["spread"]) == "group" ? Spread::Group : Spread::Own;
        company.policy.scopes[name] = {name, spread, textOf(entry.second["group"])};
    }
    for (const auto& entry : node["slots"]) {
        const auto id = entry.first.as<std::string>();
        company.slots[id] = slotFrom(id, entry.second);
    }
    return company;
}

sdk::Evidence evidenceFrom(const Node& node) {
    sdk::Evidence evidence;
    evidence.capturedAt = vendorTime(node["captured"]);
    evidence.confirmedAt = vendorTime(node["confirmed"]);
    evidence.source = textOf(node["source"]);
    evidence.noticeId = textOf(node["notice"]);
    evidence.method = textOf(node["method"]);
    evidence.controller = textOf(node["controller"]);
    evidence.purposes = listOf(node["purposes"]);
    evidence.channels = listOf(node["channels"]);
    evidence.contactPoints = listOf(node["points"]);
    evidence.validFrom = vendorTime(node["valid_from"]);
    evidence.validTo = vendorTime(node["valid_to"]);
    return evidence;
}

}  // namespace concordat::tests
