// SPDX-License-Identifier: Apache-2.0
// check and discover.

#include "plugins/salesforce/connector.h"

namespace concordat::plugins::salesforce {
namespace {

using sdk::Probe;
using sdk::ProbeState;

Probe reachProbe(const Answer& answer) {
    const bool reached = answer.ending == Ending::Done || answer.ending == Ending::SignIn ||
                         (answer.status >= 400 && answer.status < 500);
    if (reached) return {"reach", ProbeState::Pass, "the org answers", ""};
    return {"reach", ProbeState::Fail, answer.reason, "check my_domain_url and the network"};
}

Probe signInProbe(const Answer& answer) {
    if (answer.ending != Ending::SignIn) return {"credentials", ProbeState::Pass, "signed in", ""};
    return {
        "credentials", ProbeState::Fail, answer.reason,
        "check client_id and its secret, that the app has the flow switched on and a user to run "
        "as, and that my_domain_url is the org's own host"};
}

Probe apiProbe(const Answer& answer) {
    if (answer.ending == Ending::Done) return {"api", ProbeState::Pass, "the API is open", ""};
    return {"api", answer.ending == Ending::Later ? ProbeState::Warn : ProbeState::Fail,
            answer.reason,
            "give the user the permission API Enabled, and rights on the objects of the settings"};
}

Probe quotaProbe(const Link& link) {
    const auto left = link.quotaLeft().find("day");
    if (left == link.quotaLeft().end())
        return {"quota", ProbeState::Warn, "Salesforce did not say how many calls are left", ""};
    if (left->second > 1'000) return {"quota", ProbeState::Pass, link.quotaText(), ""};
    return {"quota", ProbeState::Warn, link.quotaText(),
            "the org has used up most of its API calls; see who uses them, or buy more"};
}

Probe slotProbe(const char* verb, const Flag& flag, bool good) {
    Probe probe{std::string(verb) + " " + std::string(flag.slot), ProbeState::Pass, "", ""};
    if (good) return probe;
    const std::string field = std::string(flag.object) + "." + std::string(flag.field);
    probe.state = ProbeState::Fail;
    probe.message = field + " is not " + (probe.name.starts_with("read") ? "visible" : "editable") +
                    " for the user";
    probe.fix = "give the user's permission set field-level security (FLS) for " + field +
                ", or take the slot out of the integration";
    return probe;
}

}  // namespace

sdk::Check SalesforceConnector::check() {
    sdk::Check check;
    const auto versions = link_.askVersions();
    check.probes = {reachProbe(versions)};
    if (check.probes.front().state == ProbeState::Fail) return check;
    link_.forgetShapes();
    const auto ready = link_.prepare(settings_.kinds);
    check.probes.push_back(signInProbe(versions.ending == Ending::SignIn ? versions : ready));
    check.probes.push_back(sdk::clockProbe(link_.skewMs(), "Salesforce"));
    if (check.probes[1].state == ProbeState::Fail) return check;
    check.probes.push_back(apiProbe(ready));
    if (ready.ending != Ending::Done) return check;
    check.probes.push_back(tenantProbe(check));
    check.probes.push_back(quotaProbe(link_));
    for (const auto* kind : settings_.kinds) probeKind(*kind, check.probes);
    return check;
}

sdk::Probe SalesforceConnector::tenantProbe(sdk::Check& check) {
    const auto answer = link_.send(query("SELECT Id,Name FROM Organization LIMIT 1"));
    const auto rows = rowsOf(answer);
    check.tenantId = link_.orgId();
    if (rows && !rows->empty()) {
        if (check.tenantId.empty()) check.tenantId = fullId(textOf(member(rows->front(), "Id")));
        check.tenantName = textOf(member(rows->front(), "Name"));
    }
    if (!check.tenantId.empty()) return {"tenant", ProbeState::Pass, "org " + check.tenantId, ""};
    return {"tenant", ProbeState::Warn, "the org's id could not be read",
            "give the user the right to read Organization"};
}

void SalesforceConnector::probeKind(const Kind& kind, std::vector<Probe>& probes) {
    const auto& shape = link_.shape(kind);
    const std::string object(kind.object);
    const auto soql = selecting(link_.fields(kind), object) + " LIMIT 1";
    const auto answer = link_.send(query(soql));
    Probe probe{"permission " + object, ProbeState::Pass, "", ""};
    if (!rowsOf(answer))
        probe = {probe.name, answer.ending == Ending::Later ? ProbeState::Warn : ProbeState::Fail,
                 answer.reason, "give the user Read and View All on " + object};
    probes.push_back(probe);
    for (const auto& flag : kFlags) {
        if (flag.object != object) continue;
        const auto field = shape.fields.find(flag.field);
        probes.push_back(slotProbe("read", flag, field != shape.fields.end()));
        probes.push_back(
            slotProbe("write", flag, field != shape.fields.end() && field->second.updateable));
    }
    for (const auto& [name, field] : settings_.externalIds)
        if (&kind != &kIndividual && &kind != &kConsent && !shape.has(field))
            probes.push_back({"external id " + name + " on " + object, ProbeState::Warn,
                              object + "." + field + " is not visible for the user",
                              "check its API name and field-level security (FLS)"});
}

sdk::Discovery SalesforceConnector::discover() {
    mustBeDone(link_.prepare(settings_.kinds), "looking at Salesforce's objects");
    sdk::Discovery found;
    std::set<std::string> visible;
    for (const auto* kind : settings_.kinds) {
        const std::string object(kind->object);
        for (const auto& [name, field] : link_.shape(*kind).fields)
            found.fields.push_back(
                {object, name, field.label, field.type, field.updateable, field.values});
        for (const auto& flag : kFlags)
            if (flag.object == object && link_.shape(*kind).has(flag.field))
                visible.emplace(flag.slot);
        if (kind == &kConsent)
            for (const auto& point : kPointTypes) visible.emplace(point.slot);
    }
    for (auto& slot : slotsOf(settings_.kinds))
        if (visible.contains(slot.id)) found.slots.push_back(std::move(slot));
    return found;
}

}  // namespace concordat::plugins::salesforce
