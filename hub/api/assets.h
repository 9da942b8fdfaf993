// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace concordat::api {

/// openapi.yaml, which was built in.
std::string_view openapiText();

}  // namespace concordat::api
