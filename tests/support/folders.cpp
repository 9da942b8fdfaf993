// SPDX-License-Identifier: Apache-2.0
#include "tests/support/folders.h"

namespace concordat::tests {

std::string sourceFolder() { return CONCORDAT_SOURCE_DIR; }

std::string buildFolder() { return CONCORDAT_BINARY_DIR; }

}  // namespace concordat::tests
