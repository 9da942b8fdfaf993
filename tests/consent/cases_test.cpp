// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/consent/case_file.h"
#include "tests/support/check.h"
#include "tests/support/folders.h"

namespace {

namespace fs = std::filesystem;

const std::string kFolder = concordat::tests::sourceFolder() + "/tests/cases";

std::vector<std::string> caseFiles() {
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(kFolder))
        if (entry.path().extension() == ".yaml" && entry.path().filename() != "company.yaml")
            files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

TEST_CASE("every case in tests/cases comes out as it says") {
    std::size_t count = 0;
    for (const auto& file : caseFiles())
        for (const auto& played : concordat::tests::playCases(kFolder + "/company.yaml", file)) {
            ++count;
            for (const auto& difference : played.differences) {
                INFO(file << "\n" << played.name);
                FAIL_CHECK(difference);
            }
        }
    CHECK(count >= 61);
}
