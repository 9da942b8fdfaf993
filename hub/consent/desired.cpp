// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/desired.h"

#include <algorithm>

#include "hub/consent/covers.h"
#include "hub/consent/proof.h"
#include "hub/consent/reading.h"
#include "hub/consent/time.h"

namespace concordat::consent {
namespace {

const Event* find(const History& history, const std::string& id) {
    for (const auto* list : {&history.events, &history.pointEvents})
        for (const auto& event : *list)
            if (event.id == id) return &event;
    return nullptr;
}

const Effective& answerFor(const Key& key, const std::vector<KeyAnswer>& answers) {
    static const Effective kUnknown;
    for (const auto& answer : answers)
        if (answer.key == key) return answer.effective;
    return kUnknown;
}

/// Decides one slot; borrows everything.
class Wisher {
 public:
    Wisher(const SlotPlace& place,
           const std::vector<KeyAnswer>& answers,
           const History& history,
           const Policy& policy)
        : place_(place),
          history_(history),
          policy_(policy),
          keys_(coveredKeys(place.rules, policy)) {
        for (const auto& key : keys_) answers_.push_back(&answerFor(key, answers));
    }

    Desired wish() {
        if (keys_.empty() || !place_.rules.slot.writable)
            return untouched("the slot is not mapped or can not be written");
        if (mustDeny()) return deny();
        if (all(Answer::Permit)) return permit();
        if (isOurPermit()) return takeBack();
        return untouched("not every covered key is permitted, and none must be denied here");
    }

 private:
    bool all(Answer answer) const {
        return std::all_of(answers_.begin(), answers_.end(),
                           [&](const Effective* effective) { return effective->answer == answer; });
    }

    /// A covered key is denied, and this slot is where that must show.
    bool mustDeny() const {
        for (std::size_t i = 0; i < keys_.size(); ++i) {
            if (answers_[i]->answer != Answer::Deny) continue;
            if (!hasNarrowerSlot(keys_[i]) || isAsWideAsTheSlot(*answers_[i])) return true;
        }
        return false;
    }

    bool hasNarrowerSlot(const Key& key) const {
        return std::any_of(place_.others.begin(), place_.others.end(), [&](const SlotRules& other) {
            if (!other.slot.writable || other.slot.id == place_.rules.slot.id) return false;
            const auto keys = coveredKeys(other, policy_);
            return keys.size() < keys_.size() &&
                   std::find(keys.begin(), keys.end(), key) != keys.end() &&
                   std::includes(keys_.begin(), keys_.end(), keys.begin(), keys.end());
        });
    }

    /// One of the restrictions behind this deny covers everything that the slot covers.
    bool isAsWideAsTheSlot(const Effective& denied) const {
        if (denied.rule == 11) return true;
        return std::any_of(denied.deciding.begin(), denied.deciding.end(),
                           [&](const std::string& id) {
                               const Event* event = find(history_, id);
                               return event && isRestriction(event->decision) &&
                                      std::all_of(keys_.begin(), keys_.end(), [&](const Key& key) {
                                          return reachOf(*event, key, policy_) != Reach::No;
                                      });
                           });
    }

    Desired deny() const {
        Desired result;
        result.wish = Wish::Deny;
        result.stricterThanAsked = !all(Answer::Deny);
        for (const Effective* effective : answers_)
            if (effective->answer == Answer::Deny) add(result.because, *effective);
        result.reason = result.stricterThanAsked
                            ? "stricter than asked: the slot also covers keys that are not denied"
                            : "every covered key is denied";
        return result;
    }

    Desired permit() const {
        Desired result;
        for (const Effective* effective : answers_) {
            if (!permitReachesRecord(*effective))
                return untouched("the grant names other addresses");
            if (!permitAnswersAbsence(*effective))
                return untouched("was not there at first sight, and no later grant is proven");
            add(result.because, *effective);
        }
        if (!shows(Answer::Permit)) {
            const auto loosen = place_.rules.slot.loosen;
            if (loosen == sdk::Loosen::Never) return untouched("this slot can not be loosened");
            if (loosen == sdk::Loosen::Once && place_.wasLoosened)
                return untouched("this slot can be loosened only once, and was");
        }
        result.wish = Wish::Permit;
        if (!result.because.empty()) result.grantId = result.because.front();
        result.reason = "every covered key is permitted";
        return result;
    }

    static void add(std::vector<std::string>& ids, const Effective& effective) {
        for (const auto& id : effective.deciding)
            if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    }

    bool shows(Answer answer) const {
        return place_.shadow && !place_.shadow->sent &&
               place_.shadow->seen == shownFor(place_.rules.slot, answer == Answer::Permit);
    }

    template <typename Test>
    bool someDecidingGrant(const Effective& permitted, Test test) const {
        return std::any_of(permitted.deciding.begin(), permitted.deciding.end(),
                           [&](const std::string& id) {
                               const Event* event = find(history_, id);
                               return event && event->decision == Decision::Granted && test(*event);
                           });
    }

    /// A grant that names addresses permits only the records that hold one of them.
    bool permitReachesRecord(const Effective& permitted) const {
        return someDecidingGrant(permitted, [&](const Event& grant) {
            return std::all_of(keys_.begin(), keys_.end(), [&](const Key& key) {
                return coverageOf(grant, key, policy_, place_.points) != Coverage::Outdated;
            });
        });
    }

    bool permitAnswersAbsence(const Effective& permitted) const {
        return std::all_of(
            history_.events.begin(), history_.events.end(), [&](const Event& absence) {
                if (!bindsThisSlot(absence)) return true;
                const EventTime at =
                    absence.time.value_or(EventTime{absence.observedAt, std::string(), 0});
                return someDecidingGrant(permitted, [&](const Event& grant) {
                    return grant.time && certainlyLater(*grant.time, at);
                });
            });
    }

    bool bindsThisSlot(const Event& event) const {
        return event.slotOnly && isRestriction(event.decision) && event.system == place_.system &&
               event.slot == place_.rules.slot.id && event.record == place_.record;
    }

    /// A permit that the hub wrote stands there, or may.
    bool isOurPermit() const {
        if (!place_.shadow) return false;
        const auto& shadow = *place_.shadow;
        if (shadow.sent && !shadow.sent->settled) return shadow.sent->permit;
        return shadow.valueBeforeOurs && shadow.seen == shownFor(place_.rules.slot, true);
    }

    Desired takeBack() const {
        const auto before = place_.shadow->valueBeforeOurs;
        if (before && (*before == sdk::Shown::Permit || *before == place_.rules.slot.showsPermit))
            return untouched("a permit of ours lost its ground, and it was permitted before");
        Desired result;
        result.wish = Wish::Deny;
        result.lostGround = true;
        result.stricterThanAsked = true;
        result.reason = "no live grant supports the permit we wrote: back to what was before";
        return result;
    }

    static Desired untouched(const char* reason) {
        Desired result;
        result.reason = reason;
        return result;
    }

    const SlotPlace& place_;
    const History& history_;
    const Policy& policy_;
    std::vector<Key> keys_;
    std::vector<const Effective*> answers_;
};

}  // namespace

Desired desired(const SlotPlace& place,
                const std::vector<KeyAnswer>& answers,
                const History& history,
                const Policy& policy) {
    return Wisher(place, answers, history, policy).wish();
}

std::vector<Key> coveredKeys(const SlotRules& rules, const Policy& policy) {
    return keysOf(rules.scope, rules.purposes, rules.channels, policy);
}

SlotContext contextOf(const SlotRules& rules,
                      const std::vector<KeyAnswer>& answers,
                      const History& history,
                      const Policy& policy) {
    SlotContext context;
    const auto keys = coveredKeys(rules, policy);
    context.permitWanted = !keys.empty();
    for (const auto& key : keys) {
        const auto answer = answerFor(key, answers).answer;
        context.denyWanted = context.denyWanted || answer == Answer::Deny;
        context.permitWanted = context.permitWanted && answer == Answer::Permit;
    }
    for (const auto& event : history.events)
        if (event.decision == Decision::Granted && event.proof)
            for (auto& hash : evidenceHashes(*event.proof))
                context.knownEvidence.insert(std::move(hash));
    return context;
}

}  // namespace concordat::consent
