// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/salesforce/auth.h"
#include "tools/simulators/salesforce/bulk.h"
#include "tools/simulators/salesforce/cursors.h"
#include "tools/simulators/salesforce/org.h"
#include "tools/simulators/salesforce/ui.h"
#include "tools/simulators/stage/stage.h"

namespace concordat::simulators::salesforce {

/// The Salesforce org: REST data API v58.0 to v66.0, Bulk API 2.0, OAuth. [any]
class Salesforce : public Vendor {
 public:
    Salesforce(Stage& stage, Credentials credentials);

    Reply handle(const Request& request, Call& call) override;
    Reply limitReply() override;
    Reply errorReply(int status) override;
    std::vector<std::string> faultKinds() const override;
    nlohmann::json act(const nlohmann::json& order) override;
    nlohmann::json records(const RecordQuery& query) override;
    nlohmann::json summary() override;
    bool set(const std::string& name, const nlohmann::json& value) override;
    nlohmann::json settings() override;
    void expireTokens() override { auth_.expireAll(); }
    void reset() override;
    void replay(const Write& write) override;

 private:
    Reply versions() const;
    Reply data(const Request& request, Call& call);
    Reply metered(const Request& request, const std::string& client, Call& call);
    Reply work(const Request& request, const std::string& client, Call& call);

    Org org_;
    Auth auth_;
    Cursors cursors_;
    Jobs jobs_;
    Ui ui_;
};

}  // namespace concordat::simulators::salesforce
