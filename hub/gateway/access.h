// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one system may reach, and how it signs in: values that `app` fills from manifests and
// settings.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <Poco/Exception.h>

#include "hub/gateway/http.h"

namespace concordat::gateway {

/// A system's access is not usable; the message says what to change.
POCO_DECLARE_EXCEPTION(, AccessError, Poco::RuntimeException)

/// A host that may be reached. `host`: "api.example.com", "*.example.com" (below a registrable
/// name), with ":8443" or ":*" for other ports than the scheme's own. `paths`: '*' stands for any
/// characters.
struct HostRule {
    std::string host;
    std::vector<std::string> methods;
    std::vector<std::string> paths;
    std::vector<std::string>
        bodySecrets;  ///< secrets that "{secret:NAME}" may put into a body sent there
};

/// How to sign in; kinds and parameters are documented in auth.md.
struct AuthSettings {
    std::string kind = "none";
    std::string parametersJson = "{}";
};

/// A limit that the vendor counts together; 0 = none declared. Vendor headers correct it while
/// running.
struct LimitPool {
    std::string name;
    int perSecond = 0;
    int perDay = 0;
    int concurrency = 4;
    std::string remainingHeader;  ///< holds what is left of the day
    std::string usageHeader;      ///< "…=used/limit" of the day
};

/// Finds the secret of that name; nothing if there is none. Called on the gateway's thread, for
/// static kinds with each request: it must answer quickly, so a secret from a file is kept in
/// memory.
using SecretSource = std::function<std::optional<std::string>(std::string_view name)>;

/// One system as the gateway knows it.
struct SystemAccess {
    std::string system;
    std::vector<HostRule> hosts;
    bool internal =
        false;  ///< loopback and private addresses, and plain http, are allowed only then
    AuthSettings auth;
    SecretSource secrets;
    std::vector<LimitPool> pools;  ///< the first is the default; empty: 4 at a time
    Milliseconds connectTimeout{5000};
    Milliseconds timeout{30000};  ///< of one attempt, from start to last byte
    std::size_t maxReplyBytes = 16u << 20;
    std::string caFile;  ///< PEM; trusted instead of the machine's own list
};

}  // namespace concordat::gateway
