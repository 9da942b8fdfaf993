// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sdk/concordat/connector.h"

namespace concordat::hostile {

/// Tries what `name` says and tells what came of it: "done", or the system's refusal.
std::string attempt(const std::string& name, sdk::Host& host);

/// What an attempt to read a file from a static constructor, before create(), came to.
const std::string& earlyAttempt();

}  // namespace concordat::hostile
