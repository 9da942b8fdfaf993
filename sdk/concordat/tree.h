// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reading JSON that may be anything: what is not there is null or empty, never an exception. Pure,
// any thread.

#include <optional>
#include <string>
#include <string_view>

#include "sdk/concordat/connector.h"

namespace concordat::sdk {

/// A member of an object, else a null.
const nlohmann::json& member(const nlohmann::json& tree, std::string_view name);
/// Text of a string or whole number, else empty.
std::string textOf(const nlohmann::json& tree);
/// As text; broken UTF-8 is replaced.
std::string written(const nlohmann::json& tree);

/// A setting of the wanted JSON type, or the default where it is absent. Throws CallError that
/// names it, with `path` before it.
template <class T>
T setting(const nlohmann::json& tree,
          const std::string& name,
          T fallback,
          const std::string& path = "") {
    const nlohmann::json& value = member(tree, name);
    if (value.is_null()) return fallback;
    try {
        return value.get<T>();
    } catch (const nlohmann::json::exception&) {
        throw CallError("setting " + path + name +
                        " has the wrong type; see the connector's settings");
    }
}

}  // namespace concordat::sdk
