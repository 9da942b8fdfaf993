// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rules of compliance-rules.csv over the map (D5).

#include <map>
#include <set>
#include <string>
#include <vector>

#include "hub/flowmap/facts.h"
#include "hub/flowmap/graph.h"

namespace concordat::flowmap {

enum class Outcome : std::uint8_t { NotApplicable, Pass, Unknown, Fail };
/// Why it is not known: a manifest says so, no source is connected, or the source did not answer.
enum class Cause : std::uint8_t { None, Said, NoFeed, Failed };

/// One rule held to one thing. Nothing personal is in `values`.
struct Verdict {
    std::string id;  ///< stable over line moves (D26)
    std::string rule;
    Outcome outcome = Outcome::NotApplicable;
    Cause cause = Cause::None;
    std::string scope;    ///< flow/ID, party/ID, activity/ID, system/ID, engagement/FROM/PARTY …
    std::string key;      ///< the offending value: a member, a code, a country
    std::string message;  ///< key of a sentence
    std::map<std::string, std::string> values;  ///< its named parts
    manifest::Position at;
};

/// What one rule found. Passes are counted; the rest is told.
struct RuleReport {
    std::string rule;
    std::size_t passes = 0;
    std::vector<Verdict> verdicts;  ///< fail and unknown, by scope and key
    std::string missingFeed;        ///< what would make it known; empty: nothing is missing

    /// Worst of all it was held to; not applicable if there was nothing.
    Outcome outcome() const;
};

struct RuleContext {
    const manifest::Model& model;
    const manifest::Vocabularies& vocabularies;
    const Graph& graph;
    const Facts& facts;
    manifest::Day today;
    TransferPolicy policy;
};

/// Collects what one rule says.
class Bar {
 public:
    explicit Bar(std::string rule) { report.rule = std::move(rule); }
    void pass() { ++report.passes; }
    void fail(const std::string& scope,
              const std::string& key,
              manifest::Position at,
              std::map<std::string, std::string> values = {});
    /// A manifest is silent on or says `unknown` of what the rule needs.
    void said(const std::string& scope, const std::string& key, manifest::Position at);
    RuleReport report;

 private:
    void add(Verdict verdict, Outcome outcome);

    std::set<std::string> told_;  ///< finding ids
};

using RuleFunction = void (*)(const RuleContext&, Bar&);
/// Every rule that is implemented, by its id in compliance-rules.csv.
const std::map<std::string, RuleFunction>& ruleFunctions();

/// One report for each rule of the list, in its order. A rule that needs a feed nobody connected,
/// or that this version does not implement, is unknown and says what is missing.
std::vector<RuleReport> checkRules(const RuleContext& context);

/// SHA-256 of rule, scope and key, in hex (D26).
std::string findingId(const std::string& rule, const std::string& scope, const std::string& key);

void addTransferRules(std::map<std::string, RuleFunction>& rules);
void addEngagementRules(std::map<std::string, RuleFunction>& rules);
void addActivityRules(std::map<std::string, RuleFunction>& rules);
void addFlowRules(std::map<std::string, RuleFunction>& rules);

}  // namespace concordat::flowmap
