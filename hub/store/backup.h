// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace concordat::store {

class ReadSession;

/// Copies what `source` sees to a new file `path` with mode 0600, durable when it returns. Throws
/// StoreError, and leaves no file then.
void copyTo(const std::string& path,
            ReadSession& source,
            const std::function<void(double)>& progress);

}  // namespace concordat::store
