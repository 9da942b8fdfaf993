// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/observe.h"

#include <algorithm>

#include "hub/consent/proof.h"
#include "hub/consent/reading.h"

namespace concordat::consent {
namespace {

using sdk::Shown;

/// A vendor stamps our write between its start and its end, give or take this much.
constexpr std::int64_t kStampTolerance = 60'000;

/// What the table compares a reading with: the last sighting, or our own write since then.
struct Prior {
    bool unseen = true;
    Shown shown = Shown::None;
    std::optional<sdk::VendorTime> time;
    std::string evidenceHash;
    bool ours = false;
};

/// Runs the table of consent-rules section 5 for one reading. Lives for one call.
class Table {
 public:
    explicit Table(const Sighting& sighting)
        : s_(sighting), slot_(sighting.rules.slot), shown_(sighting.reading.shown) {
        if (s_.shadow) result_.shadow = *s_.shadow;
        result_.shadow.slot = slot_.id;
        if (s_.reading.evidence && saysSomething(*s_.reading.evidence))
            hash_ = evidenceHash(*s_.reading.evidence);
        if (!s_.shadow) return;
        prior_ = {false, s_.shadow->seen, s_.shadow->time, s_.shadow->evidenceHash, false};
    }

    SlotResult run() {
        if (s_.record.deletedOrMerged && !countsOnDeletedRow()) return ignored();
        if (s_.record.regression && strictness(shown_) <= strictness(prior_.shown))
            return regressed();
        if (hasUnsettledWrite() && !passOurWrite()) return std::move(result_);
        if (isLateWriteOverDeny()) return lateWrite();
        if (isLate(false) && s_.context.permitWanted) result_.ownLateWrite = true;
        runTable();
        remember();
        return std::move(result_);
    }

 private:
    bool hasUnsettledWrite() const {
        return s_.shadow && s_.shadow->sent && !s_.shadow->sent->settled;
    }

    /// A deleted or merged row's deny counts and its permit does not; what is gone from it counts
    /// as gone only if the slot showed permit.
    bool countsOnDeletedRow() const {
        if (shown_ == Shown::Absent) return !prior_.unseen && prior_.shown == Shown::Permit;
        return shown_ == Shown::Deny;
    }

    SlotResult ignored() {
        explain("of a deleted or merged row, counts for nothing");
        return std::move(result_);
    }

    int strictness(Shown shown) const {
        if (showsDeny(slot_, shown)) return 2;
        return shown == Shown::Permit || shown == slot_.showsPermit ? 0 : 1;
    }

    /// The system went back to an older state: laxer is no event, and our writes there are undone.
    SlotResult regressed() {
        const bool laxer = strictness(shown_) < strictness(prior_.shown);
        const auto lastNotPermissiveAt = result_.shadow.lastNotPermissiveAt;
        remember();
        result_.shadow.lastNotPermissiveAt = lastNotPermissiveAt;
        result_.shadow.sent.reset();
        if (laxer) result_.shadow.valueBeforeOurs.reset();
        result_.due = slot_.writable && laxer;
        explain(laxer ? "an older state came back, laxer: no event" : "an older state came back");
        return std::move(result_);
    }

    bool hasNewEvidence() const {
        return s_.reading.evidence && saysSomething(*s_.reading.evidence) &&
               hash_ != prior_.evidenceHash && s_.context.knownEvidence.count(hash_) == 0;
    }

    bool equalsSeen() const {
        return shown_ == s_.shadow->seen && s_.reading.time == s_.shadow->time &&
               hash_ == s_.shadow->evidenceHash;
    }

    /// Whether the record changed after our write, or after the last sighting if the outcome of the
    /// write is unknown.
    bool isNewerThanOurs() const {
        const Sent& sent = *s_.shadow->sent;
        const auto base = sent.version != 0 ? sent.version : s_.shadow->version;
        const auto version = s_.record.observation.version;
        if (version != 0 && base != 0) return version > base;
        // Without versions only the slot's own time tells a second act from a slow system.
        return !slot_.hasTime && sent.finishedAt != 0 &&
               s_.record.observation.askedAt > sent.finishedAt + slot_.settleMs;
    }

    /// The slot's own time says that this deny was set after our write of the same value ended.
    bool isStampedAfter(const Sent& sent) const {
        if (sent.permit || !slot_.hasTime || !s_.reading.time || sent.startedAt == 0) return false;
        if (sent.finishedAt == 0 && !s_.context.permitWanted) return false;
        const auto end = std::max(sent.startedAt, sent.finishedAt) + s_.record.skewMs;
        return earliestMoment(*s_.reading.time) > end + kStampTolerance;
    }

    /// Somebody said no again in a slot where our own deny stood, or our write came late.
    bool passSecondDeny(const Sent& sent) {
        prior_ = {false, shown_, std::nullopt, "", true};
        result_.verified = true;
        result_.ownLateWrite = sent.finishedAt == 0;
        return true;
    }

    /// False if the reading says nothing beyond our unsettled write; else the table runs against
    /// what we wrote.
    bool passOurWrite() {
        const Sent sent = *s_.shadow->sent;
        const bool isOurs = shown_ == shownFor(slot_, sent.permit);
        if (!isOurs && equalsSeen() && !isNewerThanOurs()) {
            sight();
            explain("the value before our write, and no newer version: not settled yet");
            return false;
        }
        prior_ = {false, shownFor(slot_, sent.permit), s_.reading.time, hash_, true};
        result_.shadow.sent.reset();
        if (isOurs && isStampedAfter(sent)) return passSecondDeny(sent);
        if (isOurs) {
            result_.verified = true;
            const bool news = sent.permit && shown_ == Shown::Permit && s_.reading.evidence &&
                              s_.context.knownEvidence.count(hash_) == 0 &&
                              hash_ != s_.shadow->evidenceHash && !hash_.empty();
            prior_.evidenceHash = news ? std::string() : hash_;
            return true;
        }
        prior_.time.reset();
        prior_.evidenceHash.clear();
        // Its outcome is unknown: it may still come.
        if (sent.finishedAt == 0)
            result_.shadow = withEarlier(std::move(result_.shadow), sent, s_.record.observedAt);
        return true;
    }

    /// True if the reading is what an older, unsettled write of ours would leave.
    bool isLate(bool permit) const {
        return s_.shadow && s_.shadow->earlier && s_.shadow->earlier->permit == permit &&
               shown_ == shownFor(slot_, permit) && shown_ != prior_.shown;
    }

    bool isLateWriteOverDeny() const {
        return s_.context.denyWanted && isLate(true) && !hasNewEvidence();
    }

    SlotResult lateWrite() {
        result_.ownLateWrite = true;
        remember();
        explain("may be our own late write: no event while deny is wanted");
        return std::move(result_);
    }

    void runTable() {
        switch (shown_) {
            case Shown::Permit:
                return seePermit();
            case Shown::Deny:
                return seeDeny();
            case Shown::Absent:
                return seeAbsent();
            case Shown::None:
                return seeNone();
        }
    }

    void seeDeny() {
        if (prior_.unseen) {
            const auto decision = s_.reading.time ? Decision::Withdrawn : Decision::Refused;
            return restrict(decision, restrictionTime(clockOf(s_)));
        }
        if (prior_.shown != Shown::Deny)
            return restrict(Decision::Withdrawn, restrictionTime(clockOf(s_)));
        if (s_.reading.time == prior_.time && hash_ == prior_.evidenceHash)
            return explain("nothing new");
        restrict(Decision::Withdrawn,
                 repeatedRestrictionTime(clockOf(s_), prior_.time, result_.shadow.seenAt));
        explain("withdrawn again");
    }

    void seeAbsent() {
        if (prior_.unseen || prior_.shown == Shown::None) return seeFirstAbsence();
        if (prior_.shown == Shown::Permit) return inferWithdrawal();
        if (prior_.shown == Shown::Deny) return seeCleared();
        explain("nothing new");
    }

    void seeFirstAbsence() {
        switch (s_.rules.absence) {
            case Absence::Unknown:
                return explain("says nothing (absence: unknown)");
            case Absence::Keep:
                result_.event = slotOnlyFrom(s_);
                return explain("kept as it is, binds this slot only (absence: keep)");
            case Absence::Refusal:
                restrict(Decision::Refused, restrictionTime(clockOf(s_)));
                result_.inferred = true;
                return explain("refused (absence: refusal)");
        }
    }

    void seeNone() {
        if (!prior_.unseen && prior_.shown == Shown::Permit) return inferWithdrawal();
        if (!prior_.unseen && prior_.shown == Shown::Deny) return seeCleared();
        explain("says nothing");
    }

    void inferWithdrawal() {
        restrict(Decision::Withdrawn, restrictionTime(clockOf(s_)));
        result_.inferred = true;
    }

    /// An opt-out that was cleared is never a grant. Where permit is wanted it is what we want.
    void seeCleared() {
        if (!s_.context.permitWanted) result_.candidate = CandidateKind::OptOutCleared;
        explain("opt-out cleared: never a grant");
    }

    /// On first sight the record's last editor says nothing about the slot.
    bool isTrusted() const {
        if (s_.rules.grants == Grants::Never) return false;
        return s_.rules.trustedSlot ||
               (!prior_.unseen && s_.rules.trustedActors.count(s_.record.observation.actor) != 0);
    }

    void seePermit() {
        const bool wasPermit = !prior_.unseen && prior_.shown == Shown::Permit;
        const bool isNew = hasNewEvidence();
        if (wasPermit && (!isNew || hash_.empty()))
            return explain("nothing new, or evidence removed, or only a time changed");
        if (isNew) return grantWithEvidence();
        seeBarePermit();
    }

    void grantWithEvidence() {
        result_.event = grantFrom(s_, true, isTrusted());
        const auto& proof = result_.event->proof;
        if (s_.context.denyWanted && !(proof && mayOverride(*proof) && result_.event->time))
            result_.candidate = CandidateKind::UnprovenOverRestriction;
        explain("granted; the rules decide what it is worth");
    }

    void seeBarePermit() {
        const bool known = !hash_.empty() && s_.context.knownEvidence.count(hash_) != 0;
        if (isTrusted()) {
            result_.event = grantFrom(s_, false, true);
            return explain("granted by a trusted actor or slot");
        }
        if (s_.context.denyWanted && !prior_.unseen) {
            result_.candidate = CandidateKind::BarePermit;
            return explain("a permit without proof over a deny: candidate, the deny is restored");
        }
        if (known) return explain("evidence that is in the ledger already: nothing new");
        result_.event = grantFrom(s_, false, false);
        explain("granted unproven");
    }

    void restrict(Decision decision, const EventTime& time) {
        result_.event = restrictionFrom(s_, decision, time);
        explain(consent::toString(decision));
    }

    void explain(const std::string& becomes) {
        const auto before = prior_.unseen ? std::string("unseen") : toString(prior_.shown);
        result_.explanation =
            before + (prior_.ours ? " (ours)" : "") + ", now " + toString(shown_) + ": " + becomes;
    }

    void sight() {
        SlotShadow& shadow = result_.shadow;
        const auto at = s_.record.observation.askedAt;
        shadow.seenAt = std::max(shadow.seenAt, at);
        if (!showsDeny(slot_, shown_))
            shadow.lastNotRestrictiveAt = std::max(shadow.lastNotRestrictiveAt, at);
        if (shown_ != Shown::Permit)
            shadow.lastNotPermissiveAt = std::max(shadow.lastNotPermissiveAt, at);
    }

    void remember() {
        SlotShadow& shadow = result_.shadow;
        sight();
        const bool changed = prior_.unseen || shown_ != prior_.shown;
        if (changed && !result_.verified) shadow.valueBeforeOurs.reset();
        shadow.seen = shown_;
        shadow.time = s_.reading.time;
        shadow.evidenceHash = hash_;
        shadow.version = s_.record.observation.version;
        result_.due = s_.context.denyWanted && slot_.writable && !showsDeny(slot_, shown_) &&
                      !s_.record.deletedOrMerged;
    }

    const Sighting& s_;
    const sdk::SlotDescription& slot_;
    Shown shown_;
    std::string hash_;
    Prior prior_;
    SlotResult result_;
};

}  // namespace

SlotResult observeSlot(const SlotRules& rules,
                       const RecordView& record,
                       const std::optional<SlotShadow>& shadow,
                       const sdk::SlotReading& reading,
                       const SlotContext& context,
                       const Policy& policy) {
    return Table(Sighting{rules, record, shadow, reading, context, policy}).run();
}

Freshness freshness(std::int64_t shadowVersion,
                    EpochMs writeBegan,
                    EpochMs writeEnded,
                    const sdk::Observation& observation) {
    const bool underWay = writeBegan != 0 && writeEnded < writeBegan;
    if (underWay || (writeEnded != 0 && writeEnded >= observation.askedAt))
        return Freshness::ReadAgain;
    if (observation.version != 0 && observation.version < shadowVersion) return Freshness::Older;
    return Freshness::Fresh;
}

}  // namespace concordat::consent
