// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/sellsy/problem.h"

#include <nlohmann/json.hpp>

namespace concordat::simulators::sellsy {

Problem badField(const std::string& field, const std::string& why) {
    return {400,
            "Le contenu de la requête est invalide: le champ '" + field + "' : " + why,
            {{field, why}}};
}

Reply problemReply(const Problem& problem) {
    using nlohmann::json;
    json details = json::array();
    if (!problem.details().empty()) details = json::object();
    for (const auto& [field, message] : problem.details()) details[field] = message;
    const json body = {{"error",
                        {{"code", problem.status()},
                         {"message", problem.what()},
                         {"details", details},
                         {"context", nullptr}}}};
    return jsonReply(body, problem.status());
}

Reply jsonReply(const nlohmann::json& body, int status) {
    Reply reply;
    reply.status = status;
    reply.type = "application/json";
    reply.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return reply;
}

}  // namespace concordat::simulators::sellsy
