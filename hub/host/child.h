// SPDX-License-Identifier: Apache-2.0
#pragma once
// The connector's process: the program concordat-connector, which has little but this.

namespace concordat::host {

/// Descriptors that the process inherits besides 0, 1 and 2.
inline constexpr int kChildSocket = 3;
inline constexpr int kChildLibrary = 4;

/// Locks the process, loads the connector and serves the hub until the socket ends. `hub`: the
/// process it dies with; `memoryBytes`: its address space. Gives the exit code.
int connectorChildMain(const char* hub, const char* memoryBytes);

}  // namespace concordat::host
