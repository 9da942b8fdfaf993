// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/document.h"

#include "hub/manifest/fields.h"
#include "tests/support/check.h"

using namespace concordat::manifest;

namespace {

std::string firstProblem(const std::string& text) {
    const auto [root, problems] = parse("x.yaml", text);
    return problems.empty() ? "" : toString(problems.front());
}

std::string nested(int depth) {
    std::string text = "a: ";
    for (int i = 0; i < depth; ++i) text += '[';
    for (int i = 0; i < depth; ++i) text += ']';
    return text;
}

}  // namespace

TEST_CASE("every value knows its line and column") {
    const auto [root, problems] = parse("x.yaml", "kind: company\nconsent:\n  purposes: [A, B]\n");
    REQUIRE(problems.empty());
    const Node* purposes = root.find("consent")->find("purposes");
    CHECK(purposes->line == 3);
    CHECK(purposes->column == 13);
    CHECK(purposes->items.at(1).text == "B");
}

TEST_CASE("a key that stands twice is refused where it stands") {
    CHECK(firstProblem("a: 1\nb: 2\na: 3\n") ==
          "x.yaml:3:1: the key 'a' stands twice: keep one of them");
}

TEST_CASE("an alias is refused before it is followed") {
    CHECK(firstProblem("a: &x [1, 2]\nb: [*x, *x]\n").find("x.yaml:2:5: aliases") == 0);
}

TEST_CASE("text nested too deep is refused") {
    CHECK(firstProblem(nested(60)).empty());
    CHECK(firstProblem(nested(70)).find("more than 64 levels") != std::string::npos);
    CHECK_FALSE(firstProblem(nested(20'000)).empty());
}

TEST_CASE("a document that is too large is refused unread") {
    CHECK(firstProblem(std::string(5U << 20U, 'a')) ==
          "x.yaml: larger than 4 MiB: a manifest holds facts, not data; split it");
}

TEST_CASE("text that is not UTF-8 is refused") {
    CHECK(firstProblem("a: \xff\xfe\n") == "x.yaml: not UTF-8: save the file as UTF-8");
}

TEST_CASE("broken YAML names the place") {
    CHECK(firstProblem("a: [1, 2\nb: 3\n").find("x.yaml:2:") == 0);
}

TEST_CASE("a second document is refused") {
    CHECK(firstProblem("a: 1\n---\nb: 2\n").find("more than one document") != std::string::npos);
}

TEST_CASE("numbers and truth values stay what they are in JSON, and quoted ones stay text") {
    const auto [root, problems] =
        parse("x.yaml", "a: 1\nb: \"1\"\nc: true\nd: 1.5\ne: ~\nf: [x]\n");
    CHECK(toJson(root) == R"({"a":1,"b":"1","c":true,"d":1.5,"e":null,"f":["x"]})");
}

TEST_CASE("an unknown key is refused with the nearest known one") {
    const auto [root, ignored] = parse("x.yaml", "purpose: [A]\n");
    std::vector<Problem> problems;
    Fields fields("x.yaml", root, problems);
    fields.texts("purposes");
    fields.finish();
    REQUIRE(problems.size() == 1);
    CHECK(toString(problems[0]) == "x.yaml:1:1: unknown key 'purpose': did you mean 'purposes'?");
}

TEST_CASE("durations have a unit") {
    CHECK(durationFrom("5s") == 5'000);
    CHECK(durationFrom("250ms") == 250);
    CHECK(durationFrom("2h") == 7'200'000);
    CHECK_FALSE(durationFrom("5"));
    CHECK_FALSE(durationFrom("s"));
    CHECK_FALSE(durationFrom("5 s"));
    CHECK_FALSE(durationFrom("99999999999999999999s"));
}
