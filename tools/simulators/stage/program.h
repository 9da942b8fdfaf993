// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tools/simulators/stage/stage.h"

namespace CLI {
class App;
}

namespace concordat::simulators {

/// Adds the flags every simulator has; they are read into `options` by App::parse. [main]
void addCommonFlags(CLI::App& app, Options& options);
/// Serves until SIGTERM or SIGINT: prints "listening http://127.0.0.1:PORT", writes --port-file.
/// Returns the exit code. Call holdStopSignals() before any thread is started. [main]
int serve(Stage& stage, Vendor& vendor);

}  // namespace concordat::simulators
