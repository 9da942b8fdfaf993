// SPDX-License-Identifier: Apache-2.0
#include "sdk/concordat/tree.h"

namespace concordat::sdk {

const nlohmann::json& member(const nlohmann::json& tree, std::string_view name) {
    static const nlohmann::json kNull;
    if (!tree.is_object()) return kNull;
    const auto found = tree.find(name);
    return found == tree.end() ? kNull : *found;
}

std::string textOf(const nlohmann::json& tree) {
    if (tree.is_string()) return tree.get<std::string>();
    if (tree.is_number_integer()) return tree.dump();
    return "";
}

std::string written(const nlohmann::json& tree) {
    return tree.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace concordat::sdk
