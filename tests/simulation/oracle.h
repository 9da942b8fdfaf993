// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rules of consent-rules.md once more, written from that page alone: the simulator's judge.
// Uses the values of hub/consent, and none of its functions; its own test links without that room.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "hub/consent/event.h"
#include "hub/consent/policy.h"

namespace concordat::simulation {

using consent::EpochMs;
using consent::Event;
using consent::Key;

/// What the rules may look at: every event there is, and who holds which address.
struct Ledger {
    std::map<std::string, std::vector<Event>> events;                     ///< by subject
    std::map<std::string, std::set<std::string>> points;                  ///< held, by subject
    std::map<std::pair<std::string, sdk::RecordRef>, std::string> owner;  ///< of each record
    std::map<std::string, EpochMs> tombstones;                            ///< by point
};

enum class Verdict { Permit, Deny, Unknown };
std::string toString(Verdict verdict);

struct Judgement {
    Verdict verdict = Verdict::Unknown;
    int rule = 6;
    std::string event;  ///< that decided
    std::string why;
};

/// True if `a` is later than `b` by more than their margin (section 2).
bool isLaterForSure(const consent::EventTime& a, const consent::EventTime& b);

/// The keys that a cover names in one scope, "any" written out. Children of its purposes are
/// reached by its restrictions and not named by it.
std::set<Key> keysOf(const consent::Policy& policy,
                     const std::string& scope,
                     const std::vector<std::string>& purposes,
                     const std::vector<std::string>& channels);

/// True if a restriction of these purposes and channels counts for `key`. `objection`: reaches all
/// direct marketing if one of its purposes is of that kind.
bool reaches(const consent::Policy& policy, const Event& restriction, const Key& key);

/// One look at the ledger. Borrowed: policy and ledger must live as long.
class Rules {
 public:
    Rules(const consent::Policy& policy, const Ledger& ledger) : policy_(policy), ledger_(ledger) {}

    Judgement judge(const std::string& subject, const Key& key, EpochMs now) const;
    std::map<Key, Judgement> judgeAll(const std::string& subject,
                                      const std::vector<Key>& keys,
                                      EpochMs now) const;
    /// The subjects that merges join to this one, itself included.
    std::set<std::string> joined(const std::string& subject) const;
    bool wasParted(const std::string& subject) const;

    /// True if the grant would permit the key at `now` where nothing restricts it.
    bool isProven(const Event& grant, const Key& key) const;
    /// The grant names the key, in this or an older version of the purpose.
    bool names(const Event& grant, const Key& key) const;
    /// … in a version that counts.
    bool namesNow(const Event& grant, const Key& key) const;

 private:
    struct Edge {
        std::string one, other;
        bool confirmed = false;
        consent::EventTime at;
    };
    struct Bar {
        const Event* event = nullptr;
        std::string side;      ///< whose it is
        bool byPoint = false;  ///< of somebody else, through an address
        std::vector<std::string> points{};
    };
    using Sided = std::pair<const Event*, std::string>;  // an event with the side it counts for
    /// All that concerns one subject; `bars` and `grants` are those of one key.
    struct Case {
        std::string subject;
        std::set<std::string> group;
        std::vector<Edge> edges;
        std::vector<Sided> own;
        std::vector<const Event*> foreign;  ///< restrictions that name an address it holds
        EpochMs erasedAt = -1;
        std::vector<Bar> bars;
        std::vector<Sided> grants;
    };

    std::vector<Edge> edges() const;
    bool wasErased(const std::string& subject, EpochMs by) const;
    const Event* partingOf(const std::string& one, const std::string& other) const;
    std::vector<std::string> sidesOf(const Event& event) const;
    bool isVoided(const Event& event) const;
    /// The addresses it names are those the subject still has.
    bool reachesSubject(const Case& all, const Event& grant, const Key& key) const;
    bool counts(const Case& all, const Sided& grant, const Key& key, EpochMs now) const;
    EpochMs lastContact(const Case& all,
                        const consent::Event& grant,
                        const std::string& side,
                        const Key& key) const;
    bool hadBegun(const Case& all, const Sided& grant, const Key& key, EpochMs now) const;
    Case caseOf(const std::string& subject) const;
    void pick(Case& all, const Key& key) const;
    Judgement judge(Case& all, const Key& key, EpochMs now) const;
    bool mayCross(const Case& all,
                  const std::string& from,
                  const std::string& to,
                  const std::optional<consent::EventTime>& time) const;
    bool overrides(const Case& all,
                   const Event& grant,
                   const std::string& side,
                   const Bar& bar,
                   const Key& key) const;
    bool isLive(const Case& all,
                const Event& grant,
                const std::string& side,
                const Key& key,
                EpochMs now) const;
    Judgement withoutBars(const Case& all, const Key& key, EpochMs now) const;

    const consent::Policy& policy_;
    const Ledger& ledger_;
};

}  // namespace concordat::simulation
