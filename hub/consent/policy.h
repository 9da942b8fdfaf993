// SPDX-License-Identifier: Apache-2.0
#pragma once
// The company's vocabulary and choices that the rules depend on. Values; made from the manifests by
// hub/app.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hub/consent/event.h"

namespace concordat::consent {

struct Purpose {
    std::string code;
    std::string parent;
    bool directMarketing = false;
    bool channelNone = false;  ///< profiling, sharing …: its only channel is "none"
    std::string version = "1";
    std::set<std::string> accepts;             ///< older versions whose grants still count
    bool doubleOptIn = false;                  ///< a grant needs both times
    std::optional<std::int64_t> maximumAgeMs;  ///< after the last active contact
};

enum class Spread { Own, Group };

/// One controller, or several acting as one.
struct Scope {
    std::string name;
    Spread spread = Spread::Own;
    std::string group;
};

struct Policy {
    std::string version = "1";
    std::map<std::string, Purpose> purposes;
    std::set<std::string> channels;
    std::map<std::string, Scope> scopes;
    std::set<std::string> notices;  ///< notice ids known to the manifests
    /// Every key of a scope that can be asked: purposes x channels, "none" where the purpose says
    /// so.
    std::vector<Key> keys(const std::string& scope) const;
    /// Nothing if `code` is not in the vocabulary. Borrowed from this policy.
    const Purpose* purpose(const std::string& code) const;
    /// `code` and everything below it, sorted.
    std::vector<std::string> withChildren(const std::string& code) const;
    /// One sentence for each thing that is wrong: a key that can be written in two ways, a parent
    /// that is not there, a circle of parents. Empty: may be used.
    std::vector<std::string> problems() const;
};

/// "code@version" of a grant that names no version: the current one. Others come back unchanged.
std::string versioned(const std::string& purpose, const Policy& policy);

}  // namespace concordat::consent
