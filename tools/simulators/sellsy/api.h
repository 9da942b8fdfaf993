// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/sellsy/account.h"
#include "tools/simulators/sellsy/listing.h"
#include "tools/simulators/sellsy/oauth.h"
#include "tools/simulators/sellsy/quota.h"
#include "tools/simulators/stage/stage.h"

namespace concordat::simulators::sellsy {

/// The vendor's log-in host, API v2 and API v1 on one port. [any]
class Sellsy : public Vendor {
 public:
    /// The stage must outlive it. Empty until reset().
    Sellsy(Stage& stage, Client client);

    Reply handle(const Request& request, Call& call) override;
    Reply limitReply() override;
    Reply errorReply(int status) override;
    nlohmann::json act(const nlohmann::json& order) override;
    nlohmann::json records(const RecordQuery& query) override;
    nlohmann::json summary() override;
    bool set(const std::string& name, const nlohmann::json& value) override;
    nlohmann::json settings() override;
    void expireTokens() override { oauth_.expireAll(); }
    void reset() override { account_.reset(); }
    void replay(const Write& write) override { account_.replay(write); }

 private:
    /// One API v2 call under way: its path behind /v2 and what its token may do.
    struct Visit {
        const Request& request;
        std::vector<std::string> path;
        std::string scopes;
        Call& call;

        /// Throws Problem 403 unless the token has this scope.
        void need(const std::string& scope) const;
        bool is(const char* method, std::size_t parts) const;
        std::int64_t id(std::size_t part) const;
    };

    Reply answerV2(const Request& request, Call& call);
    Reply route(const Visit& visit);
    Reply parties(const Visit& visit, Kind kind);
    Reply partOf(const Visit& visit, Kind kind);
    Reply list(const Visit& visit, Kind kind, const nlohmann::json& filters);
    Reply related(const Visit& visit, Kind kind);
    Reply linkContact(const Visit& visit, Kind kind);
    Reply create(const Visit& visit, Kind kind);
    Reply read(const Visit& visit, Kind kind);
    Reply update(const Visit& visit, Kind kind);
    Reply remove(const Visit& visit, Kind kind);
    Reply customFieldValues(const Visit& visit, Kind kind);
    Reply smartTags(const Visit& visit, Kind kind);
    Reply customFields(const Visit& visit);
    Reply comments(const Visit& visit);
    Reply quotas(const Visit& visit);
    Reply staff();
    Reply search(const Visit& visit);
    Reply webhooks(const Visit& visit);
    Reply batch(const Visit& visit);
    Reply answerV1(const Request& request, Call& call);

    std::string withEmbeds(const Party& party, const View& view) const;
    std::string dataOf(Kind kind, const std::vector<std::int64_t>& ids, const View& view) const;
    Doer doer(const Visit& visit) const;
    std::int64_t findRecord(Kind kind, const nlohmann::json& order) const;

    Stage& stage_;
    const std::string clientId_;
    OAuth oauth_;
    Quota quota_;
    Account account_;
    Lister lister_;
    std::atomic<bool> putGivesObject_{true};
    std::atomic<bool> v1_{true};
    std::atomic<int> batchMax_{100};
};

}  // namespace concordat::simulators::sellsy
