// SPDX-License-Identifier: Apache-2.0
#pragma once
// The command line: one binary, subcommands, exit codes.

namespace concordat::app {

/// How a command ended; the same for all of them, and listed by --help.
enum class Exit : int {
    Ok = 0,
    Problems = 1,     ///< it ran, and found something wrong
    Usage = 2,        ///< a flag, setting or manifest is wrong
    Store = 3,        ///< the store cannot be used
    Unreachable = 4,  ///< the hub or a system did not answer
    Denied = 5        ///< `may`: at least one identifier may not be addressed
};

/// Runs `concordat` with these arguments. Prints errors as one sentence on standard error. [main]
int runCommandLine(int argc, char** argv);

}  // namespace concordat::app
