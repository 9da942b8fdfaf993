// SPDX-License-Identifier: Apache-2.0
#pragma once
// What people really said, and when by a perfect clock; nothing of it comes from the hub.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/company.h"
#include "tests/simulation/oracle.h"

namespace concordat::simulation {

/// One choice of one person.
struct Said {
    enum class State {
        Standing,  ///< a slot shows it; whether the hub saw it is open
        Known,     ///< the hub has it and may never lose it
        Gone       ///< overwritten before anybody could have read it, or taken back by rule 13
    };
    int person = 0;
    EpochMs at = 0;
    bool no = true;
    bool direct = false;     ///< by the person to the hub
    bool overrides = false;  ///< of a yes: proof that counts over a restriction
    Event event{};           ///< scope, purposes, channels, decision
    int system = -1;
    sdk::RecordRef ref{};
    std::string slot{};
    State state = State::Standing;
    bool isHidden = false;  ///< its row is deleted, and the system does not show such rows
};

class Truth {
 public:
    explicit Truth(const consent::Policy& policy) : policy_(policy) {}

    void add(Said said) { all_.push_back(std::move(said)); }
    /// A slot of a row does not show its no any more.
    void overwritten(int system, const sdk::RecordRef& ref, const std::string& slot);
    /// A row goes, or comes back, in a system that does not tell what deleted rows held.
    void hide(int system, const sdk::RecordRef& ref, bool isHidden);
    /// Restrictions of this system are void.
    void forget(int system, EpochMs upTo);
    /// Two people turned out to be one, as far as anybody in the systems says.
    void join(int one, int other);
    void erase(int person, EpochMs at);
    /// Its identity is not clear any more: addresses changed, merges ended.
    void tangle(int person) { tangled_.insert(person); }
    bool isTangled(int person) const;
    bool isErased(int person) const { return erased_.contains(person); }

    /// The no that must be in force for the key; nothing: none must. `slackMs`: how far clocks may
    /// have been wrong. `standing`: also what only a slot shows.
    const Said* mustDeny(int person, const Key& key, std::int64_t slackMs, bool standing) const;
    /// True if the person gave a consent that can be proven for the key, at any time.
    bool mayPermit(int person, const Key& key) const;
    std::vector<Said>& all() { return all_; }

 private:
    std::set<int> joined(int person) const;
    bool names(const Said& said, const Key& key) const;
    bool isExact(const Said& said, const Key& key) const;

    const consent::Policy& policy_;
    std::vector<Said> all_;
    std::map<int, std::set<int>> joins_;
    std::map<int, EpochMs> erased_;
    std::set<int> tangled_;
};

}  // namespace concordat::simulation
