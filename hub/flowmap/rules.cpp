// SPDX-License-Identifier: Apache-2.0
#include "hub/flowmap/rules.h"

#include <algorithm>
#include <tuple>

#include "hub/manifest/digest.h"

namespace concordat::flowmap {

namespace {

/// What a rule needs and nobody connected, in the words of the list; a part it needs is enough.
std::string feedsMissing(const manifest::Rule& rule, const Facts& facts) {
    std::string missing = rule.feedNeeded;
    for (const std::string& feed : rule.feeds) {
        const bool there = feed.rfind("hub:", 0) != 0 ||
                           (feed == "hub:connections" && facts.connections) ||
                           (feed == "hub:connector_schema" && facts.schemaFields) ||
                           (feed == "hub:gateway" && facts.hosts) ||
                           (feed == "hub:propagation" && facts.propagation) ||
                           (feed == "hub:consent_ledger" && facts.ledger);
        if (!there) missing += (missing.empty() ? "" : ", ") + feed;
    }
    return missing;
}

bool hasFailed(const manifest::Rule& rule, const Facts& facts) {
    return std::any_of(rule.feeds.begin(), rule.feeds.end(),
                       [&](const std::string& feed) { return facts.failed.count(feed) > 0; });
}

void addUnknown(Bar& bar, const manifest::Rule& rule, Cause cause, const std::string& missing) {
    Verdict verdict;
    verdict.rule = rule.id;
    verdict.outcome = Outcome::Unknown;
    verdict.cause = cause;
    verdict.scope = "map";
    verdict.key = missing;
    verdict.message = cause == Cause::Failed ? "feed_failed" : "no_feed";
    verdict.values = {{"feed", missing}};
    verdict.id = findingId(rule.id, verdict.scope, verdict.key);
    bar.report.verdicts.push_back(std::move(verdict));
    bar.report.missingFeed = missing;
}

RuleReport check(const manifest::Rule& rule, const RuleContext& context) {
    Bar bar(rule.id);
    const std::string missing = feedsMissing(rule, context.facts);
    const auto function = ruleFunctions().find(rule.id);
    if (function != ruleFunctions().end()) function->second(context, bar);
    if (hasFailed(rule, context.facts))
        addUnknown(bar, rule, Cause::Failed, missing);
    else if (!missing.empty())
        addUnknown(bar, rule, Cause::NoFeed, missing);
    else if (function == ruleFunctions().end())
        addUnknown(bar, rule, Cause::NoFeed, "this version does not check " + rule.id);
    std::sort(bar.report.verdicts.begin(), bar.report.verdicts.end(),
              [](const Verdict& one, const Verdict& other) {
                  return std::tie(one.scope, one.key) < std::tie(other.scope, other.key);
              });
    return std::move(bar.report);
}

}  // namespace

std::string findingId(const std::string& rule, const std::string& scope, const std::string& key) {
    return manifest::sha256Hex(rule + '\n' + scope + '\n' + key);
}

Outcome RuleReport::outcome() const {
    Outcome all = passes > 0 ? Outcome::Pass : Outcome::NotApplicable;
    for (const Verdict& one : verdicts) all = std::max(all, one.outcome);
    return all;
}

void Bar::add(Verdict verdict, Outcome outcome) {
    verdict.rule = report.rule;
    verdict.outcome = outcome;
    verdict.id = findingId(verdict.rule, verdict.scope, verdict.key);
    verdict.message = verdict.rule;
    if (told_.insert(verdict.id).second) report.verdicts.push_back(std::move(verdict));
}

void Bar::fail(const std::string& scope,
               const std::string& key,
               manifest::Position at,
               std::map<std::string, std::string> values) {
    Verdict verdict;
    verdict.scope = scope;
    verdict.key = key;
    verdict.at = at;
    verdict.values = std::move(values);
    add(std::move(verdict), Outcome::Fail);
}

void Bar::said(const std::string& scope, const std::string& key, manifest::Position at) {
    Verdict verdict;
    verdict.scope = scope;
    verdict.key = key;
    verdict.at = at;
    verdict.cause = Cause::Said;
    add(std::move(verdict), Outcome::Unknown);
}

const std::map<std::string, RuleFunction>& ruleFunctions() {
    static const std::map<std::string, RuleFunction> kRules = [] {
        std::map<std::string, RuleFunction> rules;
        addTransferRules(rules);
        addEngagementRules(rules);
        addActivityRules(rules);
        addFlowRules(rules);
        return rules;
    }();
    return kRules;
}

std::vector<RuleReport> checkRules(const RuleContext& context) {
    std::vector<RuleReport> reports;
    for (const manifest::Rule& rule : context.vocabularies.rules)
        reports.push_back(check(rule, context));
    return reports;
}

}  // namespace concordat::flowmap
