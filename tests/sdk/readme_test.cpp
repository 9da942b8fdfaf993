// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iterator>

#include "tests/support/check.h"
#include "tests/support/folders.h"

namespace {

std::string textOf(const std::string& file) {
    std::ifstream stream(concordat::tests::sourceFolder() + "/" + file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("the connector that sdk/README.md shows is the one that is built") {
    const auto hello = textOf("plugins/hello/connector.cpp");
    const auto code = hello.substr(hello.find("#include"));
    REQUIRE(code.size() > 500);
    CHECK(textOf("sdk/README.md").find("```cpp\n" + code + "```") != std::string::npos);
}
