// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace concordat::host {

/// Confines what this process can open to the system's libraries and the opened file `library`
/// (Landlock), so that a static constructor cannot read what the hub's user can. Before
/// lockProcess(), which takes the calls for it away. False if this kernel does not have Landlock
/// (5.13, and switched on). Throws std::runtime_error.
bool confineReading(int library);

}  // namespace concordat::host
