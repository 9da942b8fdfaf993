// SPDX-License-Identifier: Apache-2.0
#include "tests/flowmap/lists.h"

#include "tests/support/check.h"

namespace concordat::flowmap::testing {

const manifest::Vocabularies& lists() {
    static const manifest::Vocabularies kLists = [] {
        std::vector<manifest::Problem> problems;
        auto all = manifest::readVocabularies("manifests/vocabularies", problems);
        if (!problems.empty()) FAIL(problems.front().message);
        return all;
    }();
    return kLists;
}

manifest::Day day(const char* text) {
    manifest::Day value{};
    REQUIRE(manifest::dayFrom(text, value));
    return value;
}

manifest::Date on(const char* text) { return known(day(text)); }

manifest::Text text(const char* value) { return known(std::string(value)); }

}  // namespace concordat::flowmap::testing
