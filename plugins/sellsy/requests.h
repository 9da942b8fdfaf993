// SPDX-License-Identifier: Apache-2.0
#pragma once
// What we ask Sellsy. Pure functions, any thread; every value from outside goes through a JSON
// writer or a percent encoder, so no identifier can end a string, a line of a batch, or a path.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plugins/sellsy/vocabulary.h"

namespace concordat::plugins::sellsy {

/// One call of API v2, before it is sent alone or inside a batch request. `body` is JSON, empty for
/// none.
struct Call {
    std::string method;
    std::string path;  ///< below /v2
    std::vector<std::pair<std::string, std::string>> query;
    std::string body;
};

/// A search's page: those changed since `from` (all without it), in the order of ids, after
/// `offset`.
struct PageWish {
    std::optional<sdk::EpochMs> from;
    std::string offset;  ///< the vendor's seek cursor; empty at the start
    int limit = kPageSize;
};

Call searchPage(const Settings& settings, const Kind& kind, const PageWish& wish);
/// At most kPageSize ids, each of digits only.
Call searchIds(const Settings& settings, const Kind& kind, const std::vector<std::string>& ids);
/// Records whose `filter` ("email", "mobile_number", "reference" …) is exactly `value`.
Call searchValue(const Settings& settings,
                 const Kind& kind,
                 const std::string& filter,
                 const std::string& value);
Call getRecord(const Settings& settings, const Kind& kind, const std::string& id);
/// Replaces the whole set. `verify`: the vendor only says whether it would.
Call putSet(const Kind& kind,
            const std::string& id,
            const std::vector<std::string>& members,
            bool verify = false);
Call postComment(const Kind& kind, const std::string& id, const std::string& text);
/// `body` names the signing key for the gateway to fill.
std::string webhookBody(const std::string& address, const std::vector<const Kind*>& kinds);

/// True if a repetition can do no harm.
bool isRead(const Call& call);

sdk::HttpRequest direct(const Settings& settings, const Call& call);
sdk::HttpRequest batch(const Settings& settings, const std::vector<Call>& calls);
/// One record's opt-out flags by API v1; `permit` per channel.
sdk::HttpRequest v1Update(const Settings& settings,
                          const Kind& kind,
                          const std::string& id,
                          const std::map<const Channel*, bool>& permit);

/// A call of API v1 that changes nothing.
sdk::HttpRequest v1Probe(const Settings& settings);

/// Digits only, as every id of Sellsy.
bool isId(const std::string& id);

}  // namespace concordat::plugins::sellsy
