// SPDX-License-Identifier: Apache-2.0
#include "tests/manifest/published.h"

#include "hub/manifest/schema.h"

namespace concordat::tests {

namespace {

using namespace concordat::manifest;

std::string cell(std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
        text.insert(at, "\\");
    return text;
}

/// Rule, where its inputs are, and what it lacks (D16).
std::string ruleTable(const Vocabularies& vocabularies) {
    std::string text =
        "# Where each rule finds its inputs\n\n"
        "Written by `write_schemas` from `vocabularies/compliance-rules.csv`; a test holds it "
        "against the files. `manifest:` names a kind or part of the schemas in `schemas/`, `hub:` "
        "a "
        "live feed, `data:` a vocabulary, `none` that there is no feed: the rule is *not "
        "checked*.\n\n"
        "| rule | scope | severity | inputs | feed | missing |\n|---|---|---|---|---|---|\n";
    for (const Rule& rule : vocabularies.rules) {
        std::string feeds;
        for (const std::string& feed : rule.feeds) feeds += (feeds.empty() ? "" : "; ") + feed;
        text += "| " + rule.id + " | " + rule.scope + " | " + rule.severity + " | " +
                cell(rule.inputs) + " | " + cell(feeds) + " | " + cell(rule.feedNeeded) + " |\n";
    }
    return text;
}

}  // namespace

std::map<std::string, std::string> published(const std::string& root) {
    std::vector<Problem> problems;
    const Vocabularies vocabularies = readVocabularies(root + "/manifests/vocabularies", problems);
    const CodeBook codes(vocabularies, {});
    std::map<std::string, std::string> files;
    for (const std::string& kind : manifestKinds())
        files["manifests/schemas/" + kind + ".json"] = schemaOf(kind, codes);
    files["manifests/RULES.md"] = ruleTable(vocabularies);
    return files;
}

}  // namespace concordat::tests
