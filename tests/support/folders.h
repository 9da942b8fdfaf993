// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace concordat::tests {

/// The checkout, without a slash at its end. [any]
std::string sourceFolder();
/// The build that this test belongs to; programs lie in its `bin`, connectors in its `plugins`.
/// [any]
std::string buildFolder();

}  // namespace concordat::tests
