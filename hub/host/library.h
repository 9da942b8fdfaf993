// SPDX-License-Identifier: Apache-2.0
#pragma once
// A connector's file: checked and copied before anything of it runs.

#include <cstdint>
#include <string>

namespace concordat::host {

/// A private copy of a connector, named after its content, so that replacing the original changes
/// nothing that runs.
struct Library {
    std::string path;    ///< of the copy, mode 0500
    std::string origin;  ///< where it came from, for messages
    std::string sha256;  ///< lower case hex
    std::uint64_t size = 0;
};

/// Checks `file` (regular, at most 64 MiB, owned by root or us, not writable by group or others, a
/// shared library of this machine, and of `expectedSha256` unless that is empty) and copies it into
/// `cacheDir`, which is made private to us. Throws PluginError with one sentence. Runs nothing of
/// it. [any]
Library keepLibrary(const std::string& file,
                    const std::string& cacheDir,
                    const std::string& expectedSha256 = "");

}  // namespace concordat::host
