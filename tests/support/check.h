// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one place that includes Catch2 (2.13 on Debian 12). Its assertions are for the main thread
// only.
#include <catch2/catch.hpp>
