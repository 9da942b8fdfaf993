// SPDX-License-Identifier: Apache-2.0
// The parts of the connector that look at the account instead of at people: check and discover.

#include "plugins/sellsy/connector.h"

namespace concordat::plugins::sellsy {
namespace {

using nlohmann::json;
using sdk::Probe;
using sdk::ProbeState;

Probe signInProbe(const Answer& answer) {
    if (answer.ending == Ending::SignIn)
        return {"credentials", ProbeState::Fail, answer.reason,
                "check client_id and client_secret of the API access in Sellsy"};
    return {"credentials", ProbeState::Pass, "signed in", ""};
}

Probe reachProbe(const Answer& answer, const std::string& url) {
    const bool trouble =
        answer.status >= 500 || (answer.status == 0 && answer.ending != Ending::SignIn);
    if (trouble)
        return {"reach", ProbeState::Fail, answer.reason, "check base_url and the network: " + url};
    return {"reach", ProbeState::Pass, url + " answers", ""};
}

Probe quotaProbe(const Answer& answer) {
    if (answer.ending != Ending::Done || !answer.body.is_object())
        return {"quota", ProbeState::Warn, answer.reason,
                "give the API access the scope accounts.read"};
    Probe probe{"quota", ProbeState::Pass, "", ""};
    for (const auto& [name, quota] : answer.body.items()) {
        const json &limit = member(quota, "limit"), &used = member(quota, "used");
        if (!name.starts_with("api_rate_") || !limit.is_number() || !used.is_number()) continue;
        const double left = limit.get<double>() - used.get<double>();
        probe.message += (probe.message.empty() ? "" : ", ") + name.substr(9) + " " +
                         std::to_string(static_cast<long long>(left)) + " left";
        if (left <= limit.get<double>() * 0.1 && name != "api_rate_seconds")
            probe.state = ProbeState::Warn;
    }
    if (probe.state == ProbeState::Warn)
        probe.fix = "the account has used up most of its calls; ask Sellsy for more";
    return probe;
}

/// Whose account this is: the account of the person the access belongs to, or at least that person.
Probe tenantProbe(const Answer& answer, sdk::Check& check) {
    const json& account = member(member(answer.body, "_embed"), "account");
    check.tenantId = textOf(member(account, "id"));
    for (const char* name : {"name", "company_name", "label"})
        if (check.tenantName.empty()) check.tenantName = textOf(member(account, name));
    const std::string staff = textOf(member(answer.body, "id"));
    if (check.tenantId.empty() && !staff.empty()) check.tenantId = "staff:" + staff;
    if (!check.tenantId.empty())
        return {"tenant", ProbeState::Pass, "account " + check.tenantId, ""};
    return {"tenant", ProbeState::Warn, "the account could not be read",
            "give the API access the scope staffs.read"};
}

Probe slotProbe(const char* verb, const Kind& kind, const Channel& channel) {
    Probe probe;
    probe.name =
        std::string(verb) + " " + std::string(kind.object) + "." + std::string(channel.slot);
    return probe;
}

void addSlotProbes(std::vector<Probe>& probes,
                   const char* verb,
                   const Kind& kind,
                   const Probe& like) {
    for (const auto& channel : kChannels) {
        Probe probe = slotProbe(verb, kind, channel);
        probe.state = like.state;
        probe.message = like.message;
        probe.fix = like.fix;
        probes.push_back(std::move(probe));
    }
}

Probe scopeProbe(const Answer& answer, const Kind& kind, const std::string& right) {
    Probe probe{"permission " + std::string(kind.collection) + "." + right, ProbeState::Pass, "",
                ""};
    if (answer.ending == Ending::Done) return probe;
    probe.state = answer.ending == Ending::Later ? ProbeState::Warn : ProbeState::Fail;
    probe.message = answer.reason;
    if (answer.status == 403)
        probe.fix = "give the API access the scope " + std::string(kind.collection) + "." + right +
                    ", and its owner the right to " + (right == "read" ? "see" : "change") +
                    " them";
    return probe;
}

}  // namespace

sdk::Check SellsyConnector::check() {
    sdk::Check check;
    const auto quotas = link_.send({{"GET", "/quotas", {}, ""}}).front();
    check.probes = {reachProbe(quotas, settings_.baseUrl), signInProbe(quotas)};
    check.probes.push_back(sdk::clockProbe(link_.skewMs(), "Sellsy"));
    if (check.probes[0].state == ProbeState::Fail || check.probes[1].state == ProbeState::Fail)
        return check;
    check.probes.push_back(quotaProbe(quotas));
    const auto me = link_.send({{"GET", "/staffs/me", {{"embed[]", "account"}}, ""}}).front();
    check.probes.push_back(tenantProbe(me, check));
    std::vector<Call> calls;
    for (const auto* kind : settings_.kinds)
        calls.push_back(searchPage(settings_, *kind, {std::nullopt, "", 1}));
    const auto pages = link_.send(calls);
    for (std::size_t i = 0; i < pages.size(); ++i)
        probeKind(*settings_.kinds[i], pages[i], check.probes);
    if (settings_.v1) {
        const auto answer = link_.sendV1({v1Probe(settings_)}).front();
        Probe probe{"permission api-v1", ProbeState::Pass, "", ""};
        if (answer.ending != Ending::Done)
            probe = {probe.name, ProbeState::Fail, answer.reason,
                     "give the API access the scope api-v1, or set v1 to false"};
        check.probes.push_back(probe);
    }
    return check;
}

void SellsyConnector::probeKind(const Kind& kind, const Answer& page, std::vector<Probe>& probes) {
    const Probe permission = scopeProbe(page, kind, "read");
    probes.push_back(permission);
    if (permission.state != ProbeState::Pass)
        return addSlotProbes(probes, "read", kind, permission);
    const auto rows = pageOf(page.body, settings_, kind, host_.now());
    if (rows.records.empty()) {
        const Probe none{"", ProbeState::Warn, "there is no record to try it on",
                         "make one in Sellsy and check again"};
        addSlotProbes(probes, "read", kind, none);
        return addSlotProbes(probes, "write", kind, none);
    }
    const auto& record = rows.records.front();
    if (!record.members)
        return addSlotProbes(probes, "read", kind,
                             {"", ProbeState::Fail, "records come without " + std::string(kSet),
                              "ask Sellsy why the field is hidden"});
    addSlotProbes(probes, "read", kind, {"", ProbeState::Pass, "", ""});
    // verify=true: Sellsy only says whether it would; the set is the one just read, in case it
    // does.
    const auto answer =
        link_.send({putSet(kind, record.seen.record.id, *record.members, true)}).front();
    const Probe write = scopeProbe(answer, kind, "write");
    probes.push_back(write);
    addSlotProbes(probes, "write", kind, write);
}

sdk::Discovery SellsyConnector::discover() {
    sdk::Discovery found;
    found.slots = slotsOf(settings_.kinds, settings_.v1);
    for (const auto* kind : settings_.kinds) {
        sdk::DiscoveredField field{std::string(kind->object),
                                   std::string(kSet),
                                   "Marketing campaigns subscriptions",
                                   "set",
                                   true,
                                   {}};
        for (const auto& channel : kChannels) field.values.emplace_back(channel.member);
        found.fields.push_back(std::move(field));
    }
    const auto answer = link_.send({{"GET", "/custom-fields", {{"limit", "100"}}, ""}}).front();
    if (answer.ending != Ending::Done) {
        host_.log("warning", "custom fields could not be listed: " + answer.reason);
        return found;
    }
    const json& rows = member(answer.body, "data");
    if (rows.is_array())
        for (const auto& row : rows) {
            const std::string id = textOf(member(row, "id"));
            if (!id.empty())
                found.fields.push_back({"",
                                        "cf." + id,
                                        textOf(member(row, "name")),
                                        textOf(member(row, "type")),
                                        false,
                                        {}});
        }
    return found;
}

}  // namespace concordat::plugins::sellsy
