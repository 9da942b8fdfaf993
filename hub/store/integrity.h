// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace concordat::store {

class ReadSession;

/// One sentence for each thing that is wrong with what `session` sees; empty: sound. Reads
/// everything and opens every seal.
std::vector<std::string> problemsOf(ReadSession& session);

}  // namespace concordat::store
