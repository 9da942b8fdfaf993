// SPDX-License-Identifier: Apache-2.0
// The parts of the connector that look at the base instead of at people: check and discover.
#include <algorithm>

#include "plugins/eudonet/connector.h"
#include "sdk/concordat/text.h"

namespace concordat::plugins::eudonet {
namespace {

using sdk::Probe;
using sdk::ProbeState;

Probe probe(std::string name, ProbeState state, std::string message = "", std::string fix = "") {
    return {std::move(name), state, std::move(message), std::move(fix)};
}

Probe reachProbe(const Answer& answer, const std::string& url) {
    const bool trouble = answer.status == 0 && answer.ending != Ending::SignIn;
    if (trouble || answer.status >= 500 || answer.ending == Ending::NotFound ||
        answer.ending == Ending::Unclear || (answer.ending == Ending::Later && answer.code.empty()))
        return probe("reach", ProbeState::Fail, answer.reason,
                     "check base_url and the network: " + url);
    return probe("reach", ProbeState::Pass, url + " answers");
}

Probe signInProbe(const Answer& answer) {
    if (answer.ending != Ending::SignIn) return probe("credentials", ProbeState::Pass, "signed in");
    return probe("credentials", ProbeState::Fail, answer.reason,
                 "check both logins and passwords and base_name; ask Eudonet that the API is part "
                 "of the contract");
}

Probe quotaProbe(const std::map<std::string, std::int64_t>& left) {
    const auto found = left.find("x-call-remain");
    if (found == left.end())
        return probe("quota", ProbeState::Warn, "no reply told how many calls are left");
    const std::string text = std::to_string(found->second) + " calls left";
    if (found->second > 100) return probe("quota", ProbeState::Pass, text);
    return probe("quota", ProbeState::Warn, text, "ask Eudonet for a larger quota");
}

/// A slot is as readable and writable as its field.
void addSlotProbes(std::vector<Probe>& probes,
                   const std::string& slot,
                   const BaseInfo& base,
                   int field) {
    const auto found = base.fields.find(field);
    const bool known = found != base.fields.end();
    const std::string number = "field " + std::to_string(field);
    if (!known || !found->second.visible)
        probes.push_back(
            probe("read " + slot, ProbeState::Fail,
                  number + (known ? " is hidden from the API user" : " does not exist"),
                  "give the API user's group the right to see it, or correct the settings"));
    else
        probes.push_back(
            probe("read " + slot, ProbeState::Pass, number + ", " + found->second.label));
    if (known && found->second.writable)
        probes.push_back(probe("write " + slot, ProbeState::Pass));
    else
        probes.push_back(probe("write " + slot, ProbeState::Fail,
                               number + " may not be changed by the API user",
                               "give the API user's group the right to change it"));
}

std::string hostOf(const std::string& url) {
    const auto begin = url.find("://") + 3;
    return sdk::lowered(url.substr(begin, url.find('/', begin) - begin));
}

std::vector<int> tabsOf(const Settings& settings) {
    std::vector<int> tabs = {settings.records().tab};
    if (settings.layout == Layout::ConsentTable) tabs.push_back(settings.consents.tab);
    return tabs;
}

}  // namespace

sdk::Check EudonetConnector::check() {
    sdk::Check check;
    const auto answer = link_.send({metaInfos(settings_, tabsOf(settings_))}).front();
    check.probes = {reachProbe(answer, settings_.baseUrl), signInProbe(answer)};
    check.probes.push_back(sdk::clockProbe(link_.skewMs(), "Eudonet"));
    check.probes.push_back(quotaProbe(link_.quotaLeft()));
    check.tenantId = sdk::lowered(settings_.baseName) + "@" + hostOf(settings_.baseUrl);
    check.tenantName = settings_.baseName;
    if (answer.ending != Ending::Done) {
        check.probes.push_back(probe("permission", ProbeState::Fail, answer.reason,
                                     "give the API user the right to read the base's description"));
        return check;
    }
    const auto base = baseOf(answer.body);
    try {
        resolve(namesOf(settings_), base);
        learned_ = true;
    } catch (const sdk::CallError& error) {
        check.probes.push_back(
            probe("fields", ProbeState::Fail, error.what(),
                  "correct the setting, or give the API user's group the right to see the field"));
        return check;
    }
    probeTables(base, check.probes);
    return check;
}

void EudonetConnector::probeTables(const BaseInfo& base, std::vector<Probe>& probes) {
    const People& people = settings_.records();
    for (const auto& stream : streams()) {
        SearchWish wish = nextPage(stream, Round{});
        wish.rows = 1;
        const auto answer = link_.send({search(settings_, wish)}).front();
        const std::string name = "permission table " + std::to_string(stream.tab);
        if (pageOf(answer))
            probes.push_back(probe(name, ProbeState::Pass));
        else
            probes.push_back(probe(name, ProbeState::Fail, answer.reason,
                                   "give the API user's group the right to see the table"));
    }
    if (people.modified.descId == 0)
        probes.push_back(probe("modification date", ProbeState::Warn,
                               "changes can only be found by reading the whole table",
                               "name the field in setting " + people.object + ".modified"));
    if (people.email.descId == 0)
        probes.push_back(probe("e-mail", ProbeState::Warn,
                               "people can only be found by other identifiers",
                               "name the field in setting " + people.object + ".email"));
    for (const auto& flag : settings_.flags)
        addSlotProbes(probes, flag.slot, base, flag.field.descId);
    if (settings_.layout != Layout::ConsentTable) return;
    for (const auto& [channel, values] : settings_.consents.channels)
        addSlotProbes(probes, "consent." + channel, base, settings_.consents.status.descId);
    const auto add = base.addAllowed.find(settings_.consents.tab);
    if (add != base.addAllowed.end() && !add->second)
        probes.push_back(probe("permission new rows", ProbeState::Fail,
                               "the API user may not add rows to the consent table",
                               "give its group the right to"));
}

sdk::Discovery EudonetConnector::discover() {
    const auto answer = link_.send({metaInfos(settings_, tabsOf(settings_))}).front();
    if (answer.ending != Ending::Done)
        throw sdk::CallError("reading the base's description failed: " + answer.reason);
    const auto base = baseOf(answer.body);
    resolve(namesOf(settings_), base);
    learned_ = true;
    sdk::Discovery found;
    for (const auto& [descId, field] : base.fields) {
        const std::string object =
            field.tab == settings_.records().tab ? settings_.records().object : "consent";
        found.fields.push_back(
            {object, std::to_string(descId), field.label, field.type, field.writable, {}});
    }
    found.slots = slotsOf(settings_);
    return found;
}

}  // namespace concordat::plugins::eudonet
