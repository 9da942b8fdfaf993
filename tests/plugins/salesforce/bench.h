// SPDX-License-Identifier: Apache-2.0
#pragma once
// A connector, the hub around it and the org behind it.

#include <memory>

#include "plugins/salesforce/connector.h"
#include "tests/plugins/salesforce/org.h"

namespace concordat::plugins::testing {

inline constexpr sdk::EpochMs kOld = 1'790'000'000'000;

struct Bench {
    explicit Bench(std::vector<std::string> objects = {"Contact", "Lead"},
                   json more = json::object()) {
        host.answer = [this](const sdk::HttpRequest& request) { return org(request); };
        json settings = {{"my_domain_url", "https://acme.my.salesforce.com"},
                         {"client_id", "id"},
                         {"objects", std::move(objects)}};
        settings.update(more);
        connector = std::make_unique<salesforce::SalesforceConnector>(host, settings);
    }
    void pass(sdk::EpochMs ms) { host.clock += ms, org.clock += ms; }
    /// Ids of all pages to the end, in order; `cursor` is where it ended.
    std::vector<std::string> pullAll(std::string& cursor, int size = 0) {
        std::vector<std::string> ids;
        for (bool more = true; more;) {
            const auto page = connector->pull({cursor, size});
            for (const auto& seen : page.observations) ids.push_back(seen.record.id);
            cursor = page.cursor;
            more = page.more;
        }
        return ids;
    }
    ScriptedHost host;
    Org org;
    std::unique_ptr<salesforce::SalesforceConnector> connector;
};

inline sdk::ApplyItem itemFor(const std::string& object,
                              int number,
                              const std::string& slot,
                              bool permit) {
    sdk::ApplyItem made;
    made.record = {object, idOf(object, number)};
    made.writes = {{slot, permit, std::nullopt}};
    return made;
}

/// applied (a), unchanged (u), conflict (n), not found (c), rejected (r), retry (t), pending (p),
/// unknown (X)
inline std::string kindsOf(const sdk::ApplyReply& reply) {
    std::string text;
    for (const auto& outcome : reply.outcomes)
        text += "auncrtpX"[static_cast<std::size_t>(outcome.kind)];
    return text;
}

}  // namespace concordat::plugins::testing
