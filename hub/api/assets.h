// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace concordat::api {

/// A file that was built in: openapi.yaml, page.html, page.css, page.js.
std::string_view asset(std::string_view name);

}  // namespace concordat::api
