// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/vocabularies.h"

#include <set>

#include "hub/manifest/csv.h"
#include "hub/manifest/model.h"
#include "tests/support/check.h"
#include "tests/support/folders.h"

using namespace concordat::manifest;

namespace {

const Vocabularies& shipped() {
    static std::vector<Problem> problems;
    static const Vocabularies all =
        readVocabularies(concordat::tests::sourceFolder() + "/manifests/vocabularies", problems);
    for (const Problem& problem : problems) FAIL(toString(problem));
    return all;
}

Day day(const char* text) {
    Day day;
    REQUIRE(dayFrom(text, day));
    return day;
}

}  // namespace

TEST_CASE("the shipped vocabularies are read whole") {
    CHECK(shipped().countries.size() == 250);
    CHECK(shipped().adequacies.size() == 17);
    CHECK(shipped().mechanisms.size() == 30);
    CHECK(shipped().rules.size() >= 109);
    CHECK(shipped().version.size() == 64);
    CHECK(shipped().country("IT")->name.in("fr") == "Italie");
    CHECK(shipped().category("SPECIAL.HEALTH")->special == "art9");
}

TEST_CASE("adequacy is looked up by place, law of the exporter and day") {
    CHECK(shipped().adequacy("GB", "EU", day("2026-11-24")) != nullptr);
    CHECK(shipped().adequacy("GB", "EU", day("2031-12-27")) == nullptr);
    CHECK(shipped().adequacy("BR", "EU", day("2026-11-24")) != nullptr);
    CHECK(shipped().adequacy("BR", "EU", day("2025-12-31")) == nullptr);
    CHECK(shipped().adequacy("BR", "EEA-EFTA", day("2026-11-24")) == nullptr);
    CHECK(shipped().adequacy("EPO", "EU", day("2026-11-24"))->organisation);
    CHECK(shipped().adequacy("IN", "EU", day("2026-11-24")) == nullptr);
    CHECK(shipped().adequacy("CH", "UK", day("2026-11-24")) == nullptr);
}

TEST_CASE("the law of an exporter follows its country") {
    CHECK(lawOf("FR", shipped()) == ExporterLaw::EuGdpr);
    CHECK(lawOf("NO", shipped()) == ExporterLaw::EeaEfta);
    CHECK(lawOf("GB", shipped()) == ExporterLaw::Uk);
    CHECK(lawOf("IN", shipped()) == ExporterLaw::Other);
}

TEST_CASE("every rule says what it looks at, and its title in three languages") {
    const std::set<std::string> scopes{"organisation", "activity", "system",    "party",
                                       "flow",         "hop",      "engagement"};
    const std::set<std::string> severities{"blocker", "high", "medium", "low"};
    for (const Rule& rule : shipped().rules) {
        INFO(rule.id);
        CHECK(scopes.contains(rule.scope));
        CHECK(severities.contains(rule.severity));
        CHECK((rule.tense == "state" || rule.tense == "event"));
        CHECK_FALSE(rule.feeds.empty());
        for (const Localised* text : {&rule.title, &rule.why, &rule.fix}) {
            CHECK_FALSE(text->en.empty());
            CHECK_FALSE(text->fr.empty());
            CHECK_FALSE(text->it.empty());
        }
    }
}

TEST_CASE("a vocabulary's cells may hold commas, quotes and line breaks") {
    std::vector<Problem> problems;
    const Table table = parseTable("x.csv", "code,label\nA,\"a, \"\"b\"\"\nc\"\nB,\n", problems);
    REQUIRE(problems.empty());
    CHECK(table.cell(0, "label") == "a, \"b\"\nc");
    CHECK(table.cell(1, "label").empty());
    CHECK(table.lines[1] == 4);
}

TEST_CASE("a vocabulary's broken row is told with its line") {
    std::vector<Problem> problems;
    parseTable("x.csv", "code,label\nA,b\nA,c\nB\n", problems);
    REQUIRE(problems.size() == 2);
    CHECK(toString(problems[0]) == "x.csv:3:1: the code 'A' stands twice: keep one row");
    CHECK(toString(problems[1]).find("x.csv:4:1: 1 cells where the header has 2") == 0);
}
