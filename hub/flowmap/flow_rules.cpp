// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "hub/flowmap/rules.h"

namespace concordat::flowmap {

using manifest::Flow;
using manifest::Term;

namespace {

template <typename Hear>
void eachFlow(const RuleContext& context, const Hear& hear) {
    for (const Edge& edge : context.graph.edges)
        if (edge.flow != nullptr) hear(edge, *edge.flow);
}

std::string keyOf(const Term& term) {
    std::string key = term.purpose + "/" + term.channel + "/" + term.audience;
    for (const std::string& country : term.countries) key += "/" + country;
    return key;
}

bool isOf(const RuleContext& context, const manifest::Text& code, const char* family) {
    const manifest::LegalBasis* basis =
        code.isKnown() ? context.vocabularies.basis(code.value) : nullptr;
    return basis != nullptr && basis->family == family;
}

/// Two terms for the same people and purpose with other bases.
bool isContradicted(const Flow& flow, const Term& term) {
    return std::any_of(flow.terms.begin(), flow.terms.end(), [&](const Term& other) {
        return keyOf(other) == keyOf(term) && other.basis.value != term.basis.value;
    });
}

void judgeBasis(
    const RuleContext& context, const Edge& edge, const Flow& flow, const Term& term, Bar& bar) {
    const bool softOptIn =
        term.eprivacyBasis.isKnown() && term.eprivacyBasis.value == "EPRIVACY_SOFT_OPTIN";
    const bool eprivacy =
        term.eprivacyBasis.isAbsent() || isOf(context, term.eprivacyBasis, "eprivacy");
    if (term.basis.isUnknown() || term.eprivacyBasis.isUnknown())
        return bar.said(edge.id, keyOf(term), term.at);
    const bool art6 = isOf(context, term.basis, "art6") || (term.basis.isAbsent() && softOptIn);
    art6&& eprivacy && !isContradicted(flow, term) ? bar.pass()
                                                   : bar.fail(edge.id, keyOf(term), term.at);
}

void oneBasisEach(const RuleContext& context, Bar& bar) {
    eachFlow(context, [&](const Edge& edge, const Flow& flow) {
        if (flow.terms.empty()) bar.fail(edge.id, "terms", flow.at);
        for (const Term& term : flow.terms) judgeBasis(context, edge, flow, term, bar);
    });
}

bool isSpecial(const std::string& category) {
    return category.rfind("SPECIAL", 0) == 0 || category == "CRIMINAL";
}

void specialHasCondition(const RuleContext& context, Bar& bar) {
    eachFlow(context, [&](const Edge& edge, const Flow& flow) {
        for (const std::string& category : flow.categories) {
            if (!isSpecial(category)) continue;
            const char* family = category == "CRIMINAL" ? "art10" : "art9";
            const bool unknown =
                std::any_of(flow.terms.begin(), flow.terms.end(),
                            [](const Term& term) { return term.art9.isUnknown(); });
            const bool all = !flow.terms.empty() &&
                             std::all_of(flow.terms.begin(), flow.terms.end(), [&](const Term& t) {
                                 return isOf(context, t.art9, family);
                             });
            if (all)
                bar.pass();
            else if (unknown)
                bar.said(edge.id, category, flow.at);
            else
                bar.fail(edge.id, category, flow.at);
        }
    });
}

bool fits(const std::string& pattern, const std::string& code) {
    return pattern == "*" || pattern == code || code.rfind(pattern + ".", 0) == 0;
}

void judgeRetention(const Edge& edge,
                    const Flow& flow,
                    const std::string& category,
                    const std::string& purpose,
                    Bar& bar) {
    const std::string key = category + "/" + purpose;
    const auto found = std::find_if(
        flow.retention.begin(), flow.retention.end(), [&](const manifest::Retention& one) {
            return fits(one.category, category) && fits(one.purpose, purpose);
        });
    if (found == flow.retention.end()) return bar.fail(edge.id, key, flow.at);
    if (found->duration.isUnknown() || found->start.isUnknown())
        return bar.said(edge.id, key, found->at);
    found->duration.isKnown() && found->start.isKnown() ? bar.pass()
                                                        : bar.fail(edge.id, key, found->at);
}

/// What the hub carries by itself keeps the term of the system it comes from.
void retentionIsDefined(const RuleContext& context, Bar& bar) {
    eachFlow(context, [&](const Edge& edge, const Flow& flow) {
        if (flow.derived) return;
        for (const std::string& category : edge.categories)
            for (const std::string& purpose : edge.purposes)
                judgeRetention(edge, flow, category, purpose, bar);
    });
}

/// What an engagement may be used for, against what arrives at the party above it (D18).
void purposesStayWithin(const RuleContext& context, Bar& bar) {
    for (const Edge& edge : context.graph.edges) {
        if (edge.engagement == nullptr || edge.purposes.empty()) continue;
        for (const std::string& purpose : edge.purposes) {
            const bool given = std::any_of(
                context.graph.edges.begin(), context.graph.edges.end(), [&](const Edge& above) {
                    return above.to == edge.from &&
                           std::find(above.purposes.begin(), above.purposes.end(), purpose) !=
                               above.purposes.end();
                });
            given ? bar.pass() : bar.fail(edge.id, purpose, edge.at);
        }
    }
}

}  // namespace

void addFlowRules(std::map<std::string, RuleFunction>& rules) {
    rules["LB-001"] = oneBasisEach;
    rules["LB-003"] = specialHasCondition;
    rules["RET-001"] = retentionIsDefined;
    rules["PUR-001"] = purposesStayWithin;
}

}  // namespace concordat::flowmap
