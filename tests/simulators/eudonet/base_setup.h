// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "tools/simulators/eudonet/api.h"
#include "tools/simulators/stage/entrance.h"
#include "tools/simulators/stage/stage.h"

namespace concordat::simulators::eudonet {

/// A base with 300 people behind its entrance, and a client that has logged in.
class Bench {
 public:
    explicit Bench(Layout layout = Layout::ContactFlags, bool minutePrecision = false);

    /// A call with the client's token; the whole reply.
    Reply send(const std::string& method, const std::string& path, const std::string& body = "");
    /// The same, its JSON.
    nlohmann::json call(const std::string& method,
                        const std::string& path,
                        const nlohmann::json& body = nullptr);
    /// ErrorNumber of a call.
    int error(const std::string& method,
              const std::string& path,
              const nlohmann::json& body = nullptr);
    /// A search with one leaf.
    nlohmann::json find(int tab, int field, int op, const std::string& value, int column);
    /// File ids of a search reply.
    static std::vector<int> ids(const nlohmann::json& reply);
    nlohmann::json admin(const std::string& method,
                         const std::string& what,
                         const nlohmann::json& body = nullptr);
    void logIn();

    Stage stage;
    Eudonet vendor;
    Entrance entrance;
    std::string token;
};

/// A leaf of WhereCustom.
nlohmann::json leaf(int field, int op, const std::string& value, int inter = 0);
/// The cell of `descId` in the first row.
nlohmann::json cell(const nlohmann::json& reply, int descId);

}  // namespace concordat::simulators::eudonet
