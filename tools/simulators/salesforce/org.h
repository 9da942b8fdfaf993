// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tools/simulators/salesforce/database.h"
#include "tools/simulators/stage/stage.h"

namespace concordat::simulators::salesforce {

inline constexpr std::string_view kOrgId = "00D5e000000001IEAQ";

/// Flags of the simulator's own.
struct Credentials {
    std::string client_id = "demo-client";
    std::string client_secret = "demo-secret";
    std::string username = "integration@concordat.example";
    std::string jwt_public_key;  ///< file with a PEM certificate or public key; "": JWT refused
};

/// A refusal in the vendor's words.
struct ApiError : std::runtime_error {
    ApiError(int httpStatus,
             std::string errorCode,
             const std::string& message,
             std::vector<std::string> errorFields = {})
        : std::runtime_error(message),
          status(httpStatus),
          code(std::move(errorCode)),
          fields(std::move(errorFields)) {}
    int status;
    std::string code;
    std::vector<std::string> fields;
    std::string extra;  ///< further JSON members of the error object, eg: "\"duplicateResut\":{…}"
};

/// What an admin of the org has set up. Guarded by Org::mutex.
struct OrgRules {
    std::set<std::string> hidden;        ///< "Contact.HasOptedOutOfEmail": no field-level security
    std::set<std::string> read_only;     ///< same notation
    std::string duplicate_rule = "off";  ///< off, alert, block
    struct Flow {
        std::string object, when, then;
        bool invert = false;
    };
    std::optional<Flow> flow;  ///< a changed `when` sets `then` in the same transaction
    struct Validation {
        std::string object, field, message;
    };
    std::optional<Validation> validation;
};

/// The state all handlers share. Whoever touches `database` or `rules` holds `mutex`.
struct Org {
    Org(Stage& shared, Credentials chosen)
        : stage(shared), credentials(std::move(chosen)), database(shared.world) {}

    Stage& stage;
    const Credentials credentials;
    std::shared_mutex mutex;  // guards database, rules, open
    Database database;
    OrgRules rules;
    /// Starts of transactions that will commit later (UTC ms).
    std::multiset<std::int64_t> open;

    std::atomic<std::int64_t> usage{0};              ///< metered calls
    std::atomic<bool> login_host{false};             ///< this host plays login.salesforce.com
    std::atomic<int> bulk_polls{2};                  ///< polls until a job is complete
    std::atomic<std::int64_t> bulk_batches{15'000};  ///< left today, of 10,000 rows each
    std::atomic<int> short_pages{0};                 ///< rows a query page has fewer than asked for
    std::atomic<int> locator_lifetime_s{172800};

    std::int64_t quota() const {
        const auto set = stage.settings.quota.load();
        return set < 0 ? 100000 : set;
    }
    bool visible(const ObjectType& type, const Field& field) const {
        return rules.hidden.empty() || rules.hidden.count(type.name() + "." + field.name) == 0;
    }
    bool writable(const ObjectType& type, const Field& field) const {
        return rules.read_only.count(type.name() + "." + field.name) == 0;
    }
    /// Up to when every change has been committed: what getUpdated calls latestDateCovered.
    std::int64_t safeTime() const;
};

}  // namespace concordat::simulators::salesforce
