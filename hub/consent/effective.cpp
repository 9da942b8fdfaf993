// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/effective.h"

#include <algorithm>

#include "hub/consent/ground.h"

namespace concordat::consent {
namespace {

EpochMs timeOf(const Grant& grant) {
    return grant.event->time ? grant.event->time->at : std::numeric_limits<EpochMs>::min();
}

void addOnce(std::vector<std::string>& ids, const Event* event) {
    if (event && std::find(ids.begin(), ids.end(), event->id) == ids.end())
        ids.push_back(event->id);
}

/// Decides one key from its ground; rule numbers as in consent-rules section 4.
class Judgement {
 public:
    Judgement(const Ground& ground, const Sides& sides, EpochMs now)
        : ground_(ground), sides_(sides), now_(now) {
        ownSideExpired_ =
            any([&](const Grant& grant) { return grant.own && grant.hadCounted(now_); }) &&
            !any([&](const Grant& grant) { return grant.own && grant.counts(now_); });
    }

    Effective decide() {
        weighGrants();
        if (!winners_.empty())
            permit();
        else if (!ground_.restrictions.empty())
            deny();
        else
            withoutRestriction();
        setNextChange();
        return std::move(result_);
    }

 private:
    template <typename Test>
    bool any(Test test) const {
        return std::any_of(ground_.grants.begin(), ground_.grants.end(), test);
    }

    /// A grant of another side does not reopen a side that rule 8 denies, unless rule 9 lets it.
    bool isAdmissible(const Grant& grant) const {
        return grant.counts(now_) &&
               (grant.own || !ownSideExpired_ || sides_.mayAnswerOwn(*grant.event));
    }

    void weighGrants() {
        std::vector<const Grant*> close;
        for (const auto& grant : ground_.grants) {
            if (!isAdmissible(grant)) continue;
            auto worst = Verdict::Overrides;
            for (const auto& restriction : ground_.restrictions) {
                worst = std::max(worst, judge(grant, restriction, sides_));
                if (worst == Verdict::Loses) break;
            }
            if (worst == Verdict::Overrides) winners_.push_back(&grant);
            if (worst == Verdict::TooClose) close.push_back(&grant);
        }
        if (!winners_.empty()) return;
        sortLatestFirst(close);
        for (const Grant* grant : close) addOnce(result_.contested, grant->event);
    }

    static void sortLatestFirst(std::vector<const Grant*>& grants) {
        std::sort(grants.begin(), grants.end(), [](const Grant* a, const Grant* b) {
            const auto left = timeOf(*a);
            const auto right = timeOf(*b);
            return left != right ? left > right : a->event->id < b->event->id;
        });
    }

    void answer(Answer answer, int rule, const char* reason) {
        result_.answer = answer;
        result_.rule = rule;
        result_.reason = reason;
    }

    void permit() {
        sortLatestFirst(winners_);
        result_.since = winners_.front()->event->observedAt;
        for (const Grant* grant : winners_) {
            addOnce(result_.deciding, grant->event);
            result_.since = std::min(result_.since, grant->event->observedAt);
        }
        answer(Answer::Permit, 4,
               ground_.restrictions.empty() ? "a live proven grant, and nothing restricts"
                                            : "a live proven grant later than every restriction");
    }

    bool isStanding(const Restriction& restriction) const {
        return !any([&](const Grant& grant) {
            return isAdmissible(grant) && judge(grant, restriction, sides_) == Verdict::Overrides;
        });
    }

    std::vector<const Restriction*> standing() const {
        std::vector<const Restriction*> result;
        for (const auto& restriction : ground_.restrictions)
            if (isStanding(restriction)) result.push_back(&restriction);
        if (result.empty())  // each is answered by some grant, and no grant answers them all
            for (const auto& restriction : ground_.restrictions) result.push_back(&restriction);
        std::sort(result.begin(), result.end(), [](const Restriction* a, const Restriction* b) {
            if (a->bond != b->bond) return a->bond < b->bond;
            if (!a->event || !b->event) return !a->event && b->event;
            const auto left = a->time().at;
            const auto right = b->time().at;
            return left != right ? left > right : a->event->id < b->event->id;
        });
        return result;
    }

    void deny() {
        const auto deciders = standing();
        bool dated = false;
        for (const Restriction* restriction : deciders) {
            addOnce(result_.deciding, restriction->event);
            if (!restriction->event) continue;
            const auto seen = restriction->event->observedAt;
            result_.since = dated ? std::min(result_.since, seen) : seen;
            dated = true;
        }
        if (!dated) result_.since = deciders.front()->stated.at;
        const bool close = !result_.contested.empty();
        switch (deciders.front()->bond) {
            case Bond::Erasure:
                return answer(Answer::Deny, 11, "the person was erased");
            case Bond::Own:
                return answer(Answer::Deny, 5,
                              close ? "a restriction, and no grant that is certainly later"
                                    : "a restriction that no later proven grant answers");
            case Bond::OwnWide:
                return answer(Answer::Deny, 7,
                              "a wider restriction that no later direct grant answers");
            case Bond::OtherSide:
                return answer(Answer::Deny, 9, "a restriction of the other side of a merge");
            case Bond::Point:
                return answer(Answer::Deny, 10, "a restriction on the address or number itself");
        }
    }

    void withoutRestriction() {
        std::vector<const Grant*> lost;
        std::vector<const Grant*> unproven;
        for (const auto& grant : ground_.grants)
            if (!grant.counts(now_)) (grant.hadCounted(now_) ? lost : unproven).push_back(&grant);
        sortLatestFirst(lost);
        sortLatestFirst(unproven);
        if (!lost.empty()) return expired(lost);
        answer(Answer::Unknown, 6, "nothing is known");
        for (const Grant* grant : unproven) addOnce(result_.deciding, grant->event);
        if (unproven.empty()) return;
        const Event& named = *unproven.front()->event;
        result_.since = named.observedAt;
        if (unproven.front()->proven)
            result_.reason = "a grant that is not valid yet";
        else
            result_.reason = named.system.empty() ? "declared to the hub without proof"
                                                  : "declared by system " + named.system;
    }

    void expired(const std::vector<const Grant*>& lost) {
        bool invalidated = false;
        for (const Grant* grant : lost) {
            addOnce(result_.deciding, grant->event);
            invalidated = invalidated || grant->invalidatedAt.has_value();
            auto end = std::min(grant->to, grant->invalidatedAt.value_or(grant->to));
            if (end > now_)
                end = grant->event->observedAt;  // its version or address does not count
            result_.since = std::max(result_.since, end);
        }
        answer(Answer::Deny, 8,
               invalidated ? "the grant that had counted was invalidated"
                           : "no live grant is left where one had counted");
    }

    void setNextChange() {
        for (const auto& grant : ground_.grants) {
            if (!grant.proven || grant.invalidatedAt) continue;
            for (const auto at : {grant.from, grant.to}) {
                if (at <= now_ || at == std::numeric_limits<EpochMs>::max()) continue;
                result_.nextChange = std::min(at, result_.nextChange.value_or(at));
            }
        }
    }

    const Ground& ground_;
    const Sides& sides_;
    EpochMs now_;
    bool ownSideExpired_ = false;
    std::vector<const Grant*> winners_;
    Effective result_;
};

}  // namespace

Effective effective(const History& history, const Key& key, const Policy& policy, EpochMs now) {
    const Sides sides(history.subject, history.events);
    const Ground ground = groundOf(history, key, policy, sides);
    return Judgement(ground, sides, now).decide();
}

}  // namespace concordat::consent
