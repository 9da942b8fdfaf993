// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "hub/flowmap/rules.h"

namespace concordat::flowmap {

using manifest::Engagement;
using manifest::Role;

namespace {

std::string scopeOf(const Engagement& one) { return "engagement/" + one.from + "/" + one.party; }

bool isProcessor(const Engagement& one) {
    return one.role.isKnown() && one.role.value == Role::Processor;
}

bool isSubProcessor(const Engagement& one) {
    return one.role.isKnown() && one.role.value == Role::SubProcessor;
}

/// Whether the contract is of the role's type is for the rules of contracts.
void roleIsDeclared(const RuleContext& context, Bar& bar) {
    for (const Engagement& one : context.graph.engagements) {
        if (one.role.isKnown())
            bar.pass();
        else if (one.role.isUnknown())
            bar.said(scopeOf(one), "role", one.at);
        else
            bar.fail(scopeOf(one), "role", one.at);
    }
}

void holdContract(const Engagement& one, manifest::Day today, Bar& bar) {
    static const std::vector<std::string> kItems{
        "a", "b", "c", "d", "e", "f", "g", "h", "subject", "duration", "nature", "data", "persons"};
    const manifest::Contract& contract = *one.contract;
    bool good = true;
    const auto fail = [&](const std::string& key) {
        good = false;
        bar.fail(scopeOf(one), key, contract.at);
    };
    if (contract.signedOn.isUnknown() || contract.ends.isUnknown()) {
        bar.said(scopeOf(one), "contract dates", contract.at);
        good = false;
    } else {
        if (contract.signedOn.isAbsent() || contract.signedOn.value > today) fail("signed");
        if (contract.ends.isKnown() && contract.ends.value <= today) fail("ends");
    }
    for (const std::string& item : kItems)
        if (std::find(contract.items.begin(), contract.items.end(), item) == contract.items.end())
            fail("items." + item);
    if (good) bar.pass();
}

void contractHasAllItems(const RuleContext& context, Bar& bar) {
    for (const Engagement& one : context.graph.engagements) {
        if (!isProcessor(one)) continue;
        if (one.contract)
            holdContract(one, context.today, bar);
        else
            bar.fail(scopeOf(one), "contract", one.at);
    }
}

void failUnlessKnown(const manifest::Text& text,
                     const std::string& key,
                     const Engagement& one,
                     Bar& bar) {
    if (text.isKnown())
        bar.pass();
    else if (text.isUnknown())
        bar.said(scopeOf(one), key, one.at);
    else
        bar.fail(scopeOf(one), key, one.at);
}

void listIsComplete(const RuleContext& context, Bar& bar) {
    for (const Engagement& one : context.graph.engagements) {
        const manifest::Party* party = context.model.party(one.party);
        if (!isSubProcessor(one)) continue;
        if (party == nullptr) {
            bar.fail(scopeOf(one), "party", one.at);
            continue;
        }
        failUnlessKnown(party->legalName, "legal_name", one, bar);
        failUnlessKnown(party->address, "address", one, bar);
        failUnlessKnown(party->privacyContact, "privacy_contact", one, bar);
        failUnlessKnown(party->country, "country", one, bar);
        one.service.empty() ? bar.fail(scopeOf(one), "service", one.at) : bar.pass();
    }
}

void judgeNotice(const Engagement& one,
                 const manifest::SubProcessorNotice& notice,
                 manifest::Day today,
                 Bar& bar) {
    const std::string key = "notice." + notice.party;
    const bool decided =
        notice.decision.isKnown() && notice.decision.value != manifest::NoticeDecision::Pending;
    if (!notice.seen.isKnown() || !notice.objectionUntil.isKnown())
        return bar.said(scopeOf(one), key, notice.at);
    if (decided && !notice.decidedOn.isKnown()) return bar.said(scopeOf(one), key, notice.at);
    const manifest::Day day = decided ? notice.decidedOn.value : today;
    day <= notice.objectionUntil.value ? bar.pass() : bar.fail(scopeOf(one), key, notice.at);
}

void changeIsHandled(const RuleContext& context, Bar& bar) {
    for (const Engagement& one : context.graph.engagements) {
        if (!one.authorisation.isKnown() ||
            one.authorisation.value != manifest::Authorisation::General)
            continue;
        for (const auto& notice : one.notices) judgeNotice(one, notice, context.today, bar);
    }
}

void obligationsFlowDown(const RuleContext& context, Bar& bar) {
    for (const Engagement& one : context.graph.engagements) {
        if (!isSubProcessor(one)) continue;
        const bool held =
            one.contract && (one.contract->flowDown.isKnown() || one.contract->ref.isKnown());
        if (held)
            bar.pass();
        else if (one.contract && one.contract->flowDown.isUnknown())
            bar.said(scopeOf(one), "flow_down", one.at);
        else
            bar.fail(scopeOf(one), "flow_down", one.at);
    }
}

void alertChannelIsKnown(const RuleContext& context, Bar& bar) {
    for (const Engagement& one : context.graph.engagements) {
        if (!isProcessor(one)) continue;
        const bool unknown = one.breachContact.isUnknown() || one.breachHours.isUnknown();
        if (one.breachContact.isKnown() && one.breachHours.isKnown())
            bar.pass();
        else
            unknown ? bar.said(scopeOf(one), "breach", one.at)
                    : bar.fail(scopeOf(one), "breach", one.at);
    }
}

void contractHasNotEnded(const RuleContext& context, Bar& bar) {
    for (const Engagement& one : context.graph.engagements) {
        if (!one.contract) continue;
        const manifest::Date& ends = one.contract->ends;
        if (ends.isUnknown())
            bar.said(scopeOf(one), "ends", one.contract->at);
        else if (ends.isKnown() && ends.value <= context.today)
            bar.fail(scopeOf(one), "ends", one.contract->at);
        else
            bar.pass();
    }
}

void sharingHasTerms(const RuleContext& context, Bar& bar) {
    for (const Engagement& one : context.graph.engagements)
        if (one.role.isKnown() && one.role.value == Role::Controller)
            failUnlessKnown(one.sharingTerms, "sharing_terms", one, bar);
}

}  // namespace

void addEngagementRules(std::map<std::string, RuleFunction>& rules) {
    rules["INV-013"] = roleIsDeclared;
    rules["SUB-001"] = contractHasAllItems;
    rules["SUB-002"] = listIsComplete;
    rules["SUB-003"] = changeIsHandled;
    rules["SUB-004"] = obligationsFlowDown;
    rules["CTR-001"] = contractHasNotEnded;
    rules["SHR-001"] = sharingHasTerms;
    rules["BRE-004"] = alertChannelIsKnown;
}

}  // namespace concordat::flowmap
