// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/api/router.h"

namespace concordat::api {

/// Sessions, users and tokens. `accounts` must outlive the routes.
std::vector<Route> accountRoutes(Accounts& accounts, bool secureCookies);

}  // namespace concordat::api
