// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "hub/flowmap/rules.h"

namespace concordat::flowmap {

using manifest::Activity;
using manifest::Date;

namespace {

constexpr int kYear = 12;
constexpr int kHalfYear = 6;

std::string scopeOf(const Activity& one) { return "activity/" + one.id; }

bool names(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

/// Passes for what is said, is unknown for `unknown`, and fails for silence.
template <typename T>
void needs(const manifest::Stated<T>& value,
           const std::string& scope,
           const std::string& key,
           manifest::Position at,
           Bar& bar) {
    if (value.isKnown())
        bar.pass();
    else if (value.isUnknown())
        bar.said(scope, key, at);
    else
        bar.fail(scope, key, at);
}

void needsFresh(const Date& date,
                int months,
                const std::string& scope,
                const std::string& key,
                manifest::Position at,
                const RuleContext& context,
                Bar& bar) {
    if (!date.isKnown()) return needs(date, scope, key, at, bar);
    isFresh(date, months, context.today) ? bar.pass() : bar.fail(scope, key, at);
}

bool runs(const Activity& activity, const manifest::System& system, const std::string& purpose) {
    return names(activity.purposes, purpose) &&
           std::any_of(activity.controllers.begin(), activity.controllers.end(),
                       [&](const auto& one) { return names(system.controllers, one); });
}

void purposeHasActivity(const RuleContext& context, Bar& bar) {
    for (const manifest::System& system : context.model.systems)
        for (const manifest::PurposeUse& use : system.purposes) {
            const auto& all = context.model.activities;
            std::any_of(all.begin(), all.end(),
                        [&](const Activity& one) { return runs(one, system, use.purpose); })
                ? bar.pass()
                : bar.fail("system/" + system.id, use.purpose, use.at);
        }
}

void registerIsReviewed(const RuleContext& context, Bar& bar) {
    for (const Activity& one : context.model.activities)
        needsFresh(one.updated, kYear, scopeOf(one), "updated", one.at, context, bar);
}

/// Purposes of the activity that some flow or system bases on legitimate interest.
std::vector<std::string> interests(const RuleContext& context, const Activity& activity) {
    std::vector<std::string> found;
    const auto add = [&](const std::string& purpose, const manifest::Text& basis) {
        if (basis.isKnown() && basis.value == "LEGITIMATE_INTEREST" &&
            names(activity.purposes, purpose) && !names(found, purpose))
            found.push_back(purpose);
    };
    for (const manifest::System& system : context.model.systems)
        for (const auto& use : system.purposes) add(use.purpose, use.basis);
    for (const Edge& edge : context.graph.edges)
        if (edge.flow != nullptr)
            for (const auto& term : edge.flow->terms) add(term.purpose, term.basis);
    return found;
}

void interestIsDocumented(const RuleContext& context, Bar& bar) {
    for (const Activity& one : context.model.activities)
        for (const std::string& purpose : interests(context, one)) {
            const bool weighed =
                std::any_of(one.lias.begin(), one.lias.end(), [&](const manifest::Lia& lia) {
                    return lia.ref.isKnown() &&
                           (lia.purposes.empty() || names(lia.purposes, purpose));
                });
            const bool told = std::any_of(
                one.notices.begin(), one.notices.end(), [](const manifest::PrivacyNotice& notice) {
                    return notice.interestStated.isKnown() && notice.interestStated.value;
                });
            if (weighed && told)
                bar.pass();
            else
                bar.fail(scopeOf(one), purpose + (weighed ? "/notice" : "/lia"), one.at);
        }
}

bool dpiaIsAsked(const manifest::Dpia& dpia) { return dpia.criteria.size() >= 2; }

void dpiaIsScreened(const RuleContext& context, Bar& bar) {
    for (const Activity& one : context.model.activities) {
        if (!one.dpia || !one.dpia->screened.isKnown() || !one.dpia->screened.value) {
            const bool unknown = one.dpia && one.dpia->screened.isUnknown();
            unknown ? bar.said(scopeOf(one), "dpia", one.at)
                    : bar.fail(scopeOf(one), "dpia", one.at);
            continue;
        }
        const bool held = one.dpia->ref.isKnown() || one.dpia->notNeededBecause.isKnown();
        !dpiaIsAsked(*one.dpia) || held ? bar.pass()
                                        : bar.fail(scopeOf(one), "dpia/result", one.dpia->at);
    }
}

void jointArrangement(const RuleContext& context, Bar& bar) {
    for (const Activity& one : context.model.activities) {
        if (one.controllers.size() < 2) continue;
        if (!one.arrangement) {
            bar.fail(scopeOf(one), "arrangement", one.at);
            continue;
        }
        needs(one.arrangement->ref, scopeOf(one), "arrangement/ref", one.at, bar);
        needs(one.arrangement->signedOn, scopeOf(one), "arrangement/signed", one.at, bar);
        names(one.controllers, one.arrangement->answers)
            ? bar.pass()
            : bar.fail(scopeOf(one), "arrangement/answers", one.at);
        const manifest::Flag& published = one.arrangement->essencePublished;
        if (published.isKnown() && !published.value)
            bar.fail(scopeOf(one), "essence_published", one.at);
        else
            needs(published, scopeOf(one), "essence_published", one.at, bar);
    }
}

void breachProcedure(const RuleContext& context, Bar& bar) {
    const auto& breach = context.model.organisation.breach;
    const manifest::Position at = context.model.organisation.at;
    if (!breach) return bar.fail("organisation", "breach", at);
    breach->owner.empty() ? bar.fail("organisation", "breach/owner", breach->at) : bar.pass();
    breach->authority.empty() ? bar.fail("organisation", "breach/authority", breach->at)
                              : bar.pass();
    if (breach->templates.isKnown() && !breach->templates.value)
        bar.fail("organisation", "breach/templates", breach->at);
    else
        needs(breach->templates, "organisation", "breach/templates", breach->at, bar);
    needsFresh(breach->lastTest, kYear, "organisation", "breach/last_test", breach->at, context,
               bar);
}

void rightsChannel(const RuleContext& context, Bar& bar) {
    const auto& rights = context.model.organisation.rights;
    if (!rights) return bar.fail("organisation", "rights", context.model.organisation.at);
    needs(rights->contact, "organisation", "rights/contact", rights->at, bar);
    if (rights->inNotice.isKnown() && !rights->inNotice.value)
        bar.fail("organisation", "rights/in_notice", rights->at);
    else
        needs(rights->inNotice, "organisation", "rights/in_notice", rights->at, bar);
    needsFresh(rights->lastTest, kHalfYear, "organisation", "rights/last_test", rights->at, context,
               bar);
}

}  // namespace

void addActivityRules(std::map<std::string, RuleFunction>& rules) {
    rules["REG-001"] = purposeHasActivity;
    rules["REG-004"] = registerIsReviewed;
    rules["LB-002"] = interestIsDocumented;
    rules["DPI-001"] = dpiaIsScreened;
    rules["JOI-001"] = jointArrangement;
    rules["BRE-001"] = breachProcedure;
    rules["DSR-001"] = rightsChannel;
}

}  // namespace concordat::flowmap
