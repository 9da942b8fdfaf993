// SPDX-License-Identifier: Apache-2.0
#pragma once
// What locks a connector's process. Only for that process: nothing here can be undone.

#include <cstdint>

namespace concordat::host {

/// Before the library is loaded: no new privileges, limits, and only the system calls that loading
/// and running need (no socket, no exec, no fork or thread, no ptrace, opening for reading only).
/// Throws std::runtime_error.
void lockProcess(std::uint64_t memoryBytes);

/// After it is loaded and before it is given anything: no opening at all, no new executable memory.
void lockFiles();

}  // namespace concordat::host
