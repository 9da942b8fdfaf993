// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <mutex>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/eudonet/base.h"
#include "tools/simulators/eudonet/knobs.h"
#include "tools/simulators/eudonet/search.h"
#include "tools/simulators/eudonet/sessions.h"
#include "tools/simulators/eudonet/writer.h"
#include "tools/simulators/stage/stage.h"

namespace concordat::simulators::eudonet {

/// What this vendor's command line adds.
struct BaseOptions {
    Layout layout = Layout::ContactFlags;
    bool modifiedOn = true;  ///< tables have the field "Modifié le"
    bool minutePrecision = false;
    Credentials credentials;
};

/// EudoAPI: one customer's base behind the vendor's calls. [any]
class Eudonet : public Vendor {
 public:
    /// The stage must outlive it. Empty until reset().
    Eudonet(Stage& stage, const BaseOptions& options);

    Reply handle(const Request& request, Call& call) override;
    Reply limitReply() override;
    Reply errorReply(int status) override;
    std::vector<std::string> faultKinds() const override;
    nlohmann::json act(const nlohmann::json& order) override;
    nlohmann::json records(const RecordQuery& query) override;
    nlohmann::json summary() override;
    bool set(const std::string& name, const nlohmann::json& value) override;
    nlohmann::json settings() override;
    void expireTokens() override;
    void reset() override;
    void replay(const Write& write) override;

 private:
    using Path = std::vector<std::string>;

    Reply route(const Request& request, const Path& path, Call& call);
    Reply search(const Request& request, const Path& path, Call& call);
    Reply change(const Request& request, const Path& path, Call& call);
    Reply authenticate(const Request& request);
    Reply listTabs() const;
    Reply metaInfos(const Request& request) const;
    Reply file(int tab, int fileId) const;
    Reply page(int tab, const Request& request, Call& call);
    Reply create(int tab, const Request& request);
    Reply update(int tab, int fileId, const Request& request);
    Reply remove(int tab, int fileId);
    Reply catalog(int descId) const;
    Reply annex(const Request& request);

    Knobs knobs() const;
    bool answersEmpty(const SearchQuery& query);
    void checkAllowed(const Changes& changes, int fileId) const;
    std::int64_t quota() const;
    /// Counts a call; gives how many are left, negative when there was none.
    std::int64_t spendCall();
    std::string actor() const { return "api:" + options_.credentials.userLogin; }
    int findRecord(int tab, const nlohmann::json& order) const;

    Stage& stage_;
    BaseOptions options_;
    Base base_;
    Writer writer_;
    Searcher searcher_;
    Sessions sessions_;
    std::atomic<int> annexes_{0};

    mutable std::mutex mutex_;  // guards all below
    Knobs knobs_;
    std::int64_t windowStart_ = 0;
    std::int64_t callsInWindow_ = 0;
    std::unordered_set<std::string> askedBefore_;
    std::mt19937_64 dice_;
};

}  // namespace concordat::simulators::eudonet
