// SPDX-License-Identifier: Apache-2.0
#pragma once
// A connector in a process of its own: the default.

#include <memory>

#include "hub/host/host_calls.h"
#include "hub/host/library.h"

namespace concordat::host {

struct IsolatedOptions {
    std::string program;                   ///< concordat-connector
    std::uint64_t memoryBytes = 1u << 30;  ///< address space of the process
};

/// One instance of a system's connector. The process starts with the first call, on that call's
/// thread, and dies with that thread; after a crash it starts again with the next call that comes
/// late enough. `settingsJson` has been validated.
std::unique_ptr<Connector> isolatedConnector(std::string system,
                                             Library library,
                                             std::string settingsJson,
                                             Services services,
                                             IsolatedOptions options);

/// What a library says it is, asked in a locked process that ends afterwards. Throws PluginError.
sdk::Description describeIsolated(const Library& library, const IsolatedOptions& options);

}  // namespace concordat::host
