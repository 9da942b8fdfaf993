// SPDX-License-Identifier: Apache-2.0
#pragma once
// The connector's process. The hub starts its own binary again with kChildFlag as the first
// argument; main() then calls connectorChildMain before anything else.

namespace concordat::host {

inline constexpr char kChildFlag[] = "--concordat-connector-child";

/// Descriptors that the process inherits besides 0, 1 and 2.
inline constexpr int kChildSocket = 3;
inline constexpr int kChildLibrary = 4;

/// Locks the process, loads the connector and serves the hub until the socket ends. Gives the exit
/// code.
int connectorChildMain(int argc, char** argv);

}  // namespace concordat::host
