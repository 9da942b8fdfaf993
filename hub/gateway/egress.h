// SPDX-License-Identifier: Apache-2.0
#pragma once
// What may leave the hub: only what a rule names. Immutable after construction, any thread.

#include <string>
#include <vector>

#include "hub/gateway/access.h"
#include "hub/gateway/url.h"

namespace concordat::gateway {

/// Which rule allows a request, or one sentence that says why none does.
struct EgressDecision {
    const HostRule* rule = nullptr;
    std::string problem;
};

class EgressRules {
 public:
    /// Throws AccessError if a rule is too wide, unreadable, or names no method or no path.
    EgressRules(std::vector<HostRule> rules, bool internal);

    EgressDecision check(const std::string& method, const Url& url) const;

 private:
    struct Rule {
        HostRule named;
        std::string host;    // lower case, without "*."
        bool below = false;  // "*." stood before it
        int port = 0;        // 0: the scheme's own, -1: any
    };
    static Rule compile(HostRule named);
    std::vector<Rule> rules_;
    bool internal_;
};

/// Where a system's own credential goes; a connector may not write there.
struct CredentialPlace {
    std::string header;  ///< lower case; empty: none
    std::string query;   ///< name of a query member; empty: none
};

/// One sentence if a connector's request says something that only the gateway may say; else empty.
std::string problemWith(const Request& request, const CredentialPlace& place);
std::string problemWithQuery(const Url& url, const CredentialPlace& place);

/// Whether `text` has the form of `pattern`, in which '*' stands for any characters.
bool matchesPattern(std::string_view pattern, std::string_view text);

/// One sentence if "*.`name`" would reach hosts of different owners; else empty.
std::string problemWithWildcard(const std::string& name);

}  // namespace concordat::gateway
