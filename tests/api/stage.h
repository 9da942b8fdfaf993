// SPDX-License-Identifier: Apache-2.0
#pragma once
// A hub's API on a free port, over a store on disk and a model of one CRM.

#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "hub/api/api.h"
#include "hub/sync/system_sync.h"
#include "tests/store/scratch.h"
#include "tests/sync/model_system.h"

namespace concordat::api::test {

using Json = nlohmann::json;
using Headers = std::map<std::string, std::string>;

/// What came back.
struct Answer {
    int status = 0;
    std::string type;
    Headers headers;  ///< names in lower case
    std::string text;

    Json json() const { return Json::parse(text, nullptr, false); }
    std::string detail() const { return json().value("detail", ""); }
};

/// One call over a connection of its own.
Answer call(std::uint16_t port,
            const std::string& method,
            const std::string& path,
            const std::string& body = "",
            Headers headers = {});

class Stage {
 public:
    explicit Stage(const ApiOptions& options = {});
    ~Stage();

    /// As the token of an administrator who may grant.
    Answer get(const std::string& path, const std::string& token = "");
    Answer post(const std::string& path, const Json& body, const std::string& token = "");
    Answer send(const std::string& method,
                const std::string& path,
                const std::string& body = "",
                const Headers& headers = {});
    std::string token(Role role, const std::set<std::string>& scopes = {});

    /// Lets the lanes work until nothing is left to do.
    void settle();
    void add(const store::InboxItem& item);
    void add(const store::Incident& incident);
    std::string subjectOf(const std::string& record);

    store::Scratch scratch;
    std::unique_ptr<store::SqliteStore> store;
    sync::test::FakeClock clock;
    sync::test::FakeRandom random{7};
    sync::Plan plan;
    sync::test::ModelSystem crm{"sellsy", clock, 7};
    std::vector<sync::LaneHealth> lanes;          ///< what the lanes say of themselves
    std::optional<gateway::SystemState> gateway;  ///< and the gateway
    Services services;
    std::unique_ptr<sync::Service> service;
    std::unique_ptr<Accounts> accounts;
    std::unique_ptr<Api> api;

 private:
    void makePlan();
    void makeServices();

    std::string admin_;
    std::unique_ptr<sync::ReadLane> reads_;
    std::unique_ptr<sync::WriteLane> writes_;
};

}  // namespace concordat::api::test
