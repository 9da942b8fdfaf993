// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/acts.h"

#include <algorithm>

namespace concordat::simulation {

namespace {

using consent::Decision;
using consent::SlotRules;
using sdk::Shown;

constexpr EpochMs kSecond = 1'000;
constexpr EpochMs kMinute = 60 * kSecond;
constexpr EpochMs kHour = 60 * kMinute;
constexpr EpochMs kDay = 24 * kHour;

bool isDenied(const SlotRules& rules, Shown shown) {
    return shown == rules.slot.showsDeny || shown == Shown::Deny;
}

sdk::VendorTime rounded(EpochMs at, sdk::Precision precision) {
    sdk::VendorTime time;
    time.precision = precision;
    const EpochMs unit = precision == sdk::Precision::Day      ? kDay
                         : precision == sdk::Precision::Minute ? kMinute
                         : precision == sdk::Precision::Second ? kSecond
                                                               : 1;
    time.at = at - at % unit;
    if (precision == sdk::Precision::Day) time.utcOffsetMinutes = 0;
    return time;
}

}  // namespace

Acts::Acts(Simulation& world, const Act& act)
    : world_(world), act_(act), system_(world.company_.system(act.system)), dice_(act.dice) {}

void Acts::run() {
    switch (act_.kind) {
        case ActKind::Deny:
            return deny(false);
        case ActKind::Permit:
            return permit(false, false);
        case ActKind::PermitProven:
            return permit(true, true);
        case ActKind::PermitClaimed:
            return permit(false, true);
        case ActKind::Clear:
            return clear();
        case ActKind::Redate:
            return redate();
        case ActKind::Touch:
            if (const auto ref = pickRow()) edit(*ref, "changes something else", [](Row&) {});
            return;
        case ActKind::Create: {
            if (world_.company_.rowsOf(act_.system, act_.person).size() > 2) return;
            const auto ref = world_.company_.create(act_.system, act_.person, dice_);
            world_.log("a user adds the row", act_.system, ref, act_.person);
            for (const auto* rules : system_.slotsOf(ref.object)) {
                const auto shown = system_.model->row(ref).values.at(rules->slot.id);
                const bool isSaid = shown == Shown::Deny ||
                                    (shown == Shown::Absent && rules->slot.showsDeny == shown &&
                                     rules->absence == consent::Absence::Refusal);
                if (isSaid)
                    world_.truth_.add({act_.person, world_.real(), true, false, false,
                                       cover(*rules, Decision::Refused), act_.system, ref,
                                       rules->slot.id});
            }
            return;
        }
        case ActKind::Delete:
            if (const auto ref = pickRow())
                edit(*ref, "deletes the row", [](Row& row) { row.deleted = true; });
            return;
        case ActKind::Undelete:
            if (const auto ref = pickRow(true))
                edit(*ref, "takes the row back", [](Row& row) { row.deleted = false; });
            return;
        case ActKind::Merge:
            return merge();
        case ActKind::Convert:
            return convert();
        case ActKind::Import:
            return importFile();
        case ActKind::NewEmail:
            return newEmail();
        case ActKind::SayNo:
            return say(dice_.chance(70) ? Decision::Withdrawn : Decision::Refused);
        case ActKind::SayObject:
            return say(Decision::Objected);
        case ActKind::SayYes:
            return sayYes();
        case ActKind::SayContact:
            return say(Decision::Contact);
        case ActKind::Erase:
            return erase();
        case ActKind::Unmerge:
            return endMerge();
        case ActKind::ConfirmMerge:
        case ActKind::WorkInbox:
            return workInbox();
        case ActKind::Void:
            return voidImport();
        case ActKind::Pause:
        case ActKind::FullStop:
        case ActKind::Resume:
            return stand();
        case ActKind::Retry:
            return retry();
        case ActKind::Calm:
        case ActKind::Fault:
            return;
    }
}

// ------------------------------------------------------------------- in the systems

std::optional<sdk::RecordRef> Acts::pickRow(bool deleted) {
    std::vector<sdk::RecordRef> rows;
    for (const auto& ref : world_.company_.rowsOf(act_.system, act_.person)) {
        const auto& row = system_.model->row(ref);
        if (row.deleted == deleted && !row.mergedInto) rows.push_back(ref);
    }
    if (rows.empty()) return std::nullopt;
    return dice_.of(rows);
}

const SlotRules* Acts::pickSlot(const sdk::RecordRef& ref) {
    const auto slots = system_.slotsOf(ref.object);
    return slots.empty() ? nullptr : dice_.of(slots);
}

void Acts::edit(const sdk::RecordRef& ref,
                const std::string& words,
                const std::function<void(Row&)>& how) {
    world_.log("a user " + words, act_.system, ref, act_.person);
    system_.model->change(ref, how);
}

Event Acts::cover(const SlotRules& rules, Decision decision) {
    Event event;
    event.scope = rules.scope;
    event.purposes = rules.purposes;
    event.channels = rules.channels;
    event.decision = decision;
    return event;
}

sdk::VendorTime Acts::typedNow(const sdk::SlotDescription& slot) {
    if (slot.dayPrecision) return rounded(vendorNow(), sdk::Precision::Day);
    return rounded(vendorNow(), dice_.chance(30)   ? sdk::Precision::Second
                                : dice_.chance(20) ? sdk::Precision::Minute
                                                   : sdk::Precision::Millisecond);
}

void Acts::deny(bool imported) {
    const auto ref = pickRow();
    const auto* rules = ref ? pickSlot(*ref) : nullptr;
    if (rules) denySlot(*ref, *rules, imported);
}

void Acts::denySlot(const sdk::RecordRef& ref, const SlotRules& rules, bool imported) {
    const auto& slot = rules.slot;
    const bool wasDenied = isDenied(rules, system_.model->row(ref).values.at(slot.id));
    std::optional<sdk::VendorTime> time;
    if (slot.hasTime && dice_.chance(85)) time = typedNow(slot);
    // Somebody types an old date: what the hub saw since then speaks against it.
    const bool isTyped = time && slot.timeEditable && dice_.chance(30);
    if (isTyped) time->at -= dice_.between(1, 600) * kMinute;
    const auto before = system_.model->row(ref).times;
    edit(ref, std::string(imported ? "imports" : "says") + " no in " + slot.id, [&](Row& row) {
        row.values[slot.id] = slot.showsDeny;
        row.times.erase(slot.id);
        row.evidence.erase(slot.id);
        if (time) row.times[slot.id] = *time;
        if (imported) row.actor = "import";
    });
    const auto& after = system_.model->row(ref).times;
    const bool isVisible = !wasDenied || (before != after && time);
    // Who leaves a set said no only if somebody saw them in it.
    const bool isSilent = slot.showsDeny == Shown::Absent && !isSeenPermitted(ref, rules);
    // A flag that the hub knows as denied, and that shows so again when it looks, tells nothing.
    if (!isVisible || isSilent || (!time && isSeenDenied(ref, rules))) return;
    Said said{act_.person, world_.real(), true,   false, false, cover(rules, Decision::Withdrawn),
              act_.system, ref,           slot.id};
    if (isTyped) {
        bool isDisproved = false;
        world_.disk_.read([&](store::Reader& reader) {
            const auto record = reader.record(system_.plan.name, ref);
            if (!record) return;
            for (const auto& shadow : record->slots)
                isDisproved =
                    isDisproved || (shadow.slot == slot.id &&
                                    shadow.lastNotRestrictiveAt > time->at + 30 * kMinute);
        });
        if (!isDisproved && !wasDenied)
            said.at = std::min(said.at, time->at - system_.model->skewMs);
    }
    world_.truth_.add(std::move(said));
}

void Acts::permit(bool proven, bool evidence) {
    const auto ref = pickRow();
    const auto* rules = ref ? pickSlot(*ref) : nullptr;
    if (!rules) return;
    const auto& slot = rules->slot;
    const bool carries = slot.carriesEvidence && evidence && slot.showsPermit == Shown::Permit;
    sdk::Evidence proof;
    EpochMs given = world_.real();
    if (carries) {
        const auto ago = dice_.chance(40) ? dice_.between(0, 300) * kMinute : 0;
        given -= ago;
        proof.capturedAt = rounded(vendorNow() - ago, slot.dayPrecision && dice_.chance(50)
                                                          ? sdk::Precision::Day
                                                          : sdk::Precision::Millisecond);
        if (dice_.chance(3)) proof.capturedAt->at += 36LL * 365 * kDay;
        if (dice_.chance(60)) {
            proof.confirmedAt = proof.capturedAt;
            proof.method = "double_opt_in";
        }
        proof.source = proven ? "web form" : "Consent API";
        if (proven && dice_.chance(30)) proof.noticeId = "notice-1";
        proof.purposes = {dice_.chance(70) ? rules->purposes.front() : "newsletter"};
        proof.channels = {"email"};
        if (dice_.chance(10)) proof.purposes.front() += "@1";
    }
    edit(*ref, std::string("says yes in ") + slot.id + (carries ? " with evidence" : ""),
         [&](Row& row) {
             row.values[slot.id] = slot.showsPermit;
             row.times.erase(slot.id);
             row.evidence.erase(slot.id);
             if (slot.hasTime && dice_.chance(80)) row.times[slot.id] = typedNow(slot);
             if (carries) row.evidence[slot.id] = proof;
         });
    Said said{act_.person, given, false,  false, false, cover(*rules, Decision::Granted),
              act_.system, *ref,  slot.id};
    const auto& trusted = rules->trustedActors;
    if (!carries && !trusted.contains("user")) return;
    if (carries && !trusted.contains("user")) {
        said.event.purposes = proof.purposes;
        said.event.channels = proof.channels;
    } else {
        // A trusted hand names the whole cover.
        std::set<std::string> purposes(proof.purposes.begin(), proof.purposes.end());
        std::set<std::string> channels(proof.channels.begin(), proof.channels.end());
        for (const auto& key :
             keysOf(world_.company_.policy, rules->scope, rules->purposes, rules->channels)) {
            purposes.insert(key.purpose);
            channels.insert(key.channel);
        }
        said.event.purposes.assign(purposes.begin(), purposes.end());
        said.event.channels.assign(channels.begin(), channels.end());
    }
    said.overrides = (carries && proven) || trusted.contains("user");
    said.direct = carries && rules->directDoubleOptIn && proof.confirmedAt.has_value();
    if (trusted.contains("user")) said.at = world_.real();
    world_.truth_.add(std::move(said));
}

bool Acts::isSeenPermitted(const sdk::RecordRef& ref, const SlotRules& rules) {
    bool isSeen = false;
    world_.disk_.read([&](store::Reader& reader) {
        const auto record = reader.record(system_.plan.name, ref);
        if (!record || record->closed) return;
        for (const auto& shadow : record->slots)
            isSeen = isSeen || (shadow.slot == rules.slot.id && !shadow.sent &&
                                shadow.seen == rules.slot.showsPermit);
    });
    return isSeen;
}

bool Acts::isSeenDenied(const sdk::RecordRef& ref, const SlotRules& rules) {
    bool isSeen = false;
    world_.disk_.read([&](store::Reader& reader) {
        const auto record = reader.record(system_.plan.name, ref);
        if (!record || record->closed) return;
        for (const auto& shadow : record->slots)
            isSeen = isSeen || (shadow.slot == rules.slot.id && isDenied(rules, shadow.seen) &&
                                !(shadow.sent && shadow.sent->permit));
    });
    return isSeen;
}

void Acts::clear() {
    const auto ref = pickRow();
    const auto* rules = ref ? pickSlot(*ref) : nullptr;
    if (!rules) return;
    const bool isRecord =
        rules->slot.showsPermit == Shown::Permit && rules->slot.showsDeny == Shown::Deny;
    if (!isRecord) return;
    const auto to = dice_.chance(50) ? Shown::None : Shown::Absent;
    const auto was = system_.model->row(*ref).values.at(rules->slot.id);
    edit(*ref, "clears " + rules->slot.id, [&](Row& row) {
        row.values[rules->slot.id] = to;
        row.times.erase(rules->slot.id);
        row.evidence.erase(rules->slot.id);
    });
    // Taking a yes back is a no, if the hub ever saw the yes.
    if (was == Shown::Permit && isSeenPermitted(*ref, *rules))
        world_.truth_.add({act_.person, world_.real(), true, false, false,
                           cover(*rules, Decision::Withdrawn), act_.system, *ref, rules->slot.id});
}

void Acts::redate() {
    const auto ref = pickRow();
    const auto* rules = ref ? pickSlot(*ref) : nullptr;
    if (!rules || !rules->slot.hasTime) return;
    const auto& row = system_.model->row(*ref);
    const bool wasDenied = isDenied(*rules, row.values.at(rules->slot.id));
    auto time = typedNow(rules->slot);
    if (rules->slot.timeEditable && dice_.chance(50)) time.at -= dice_.between(1, 100) * kHour;
    const auto known = row.times.find(rules->slot.id);
    const bool isNew = known == row.times.end() || !(known->second == time);
    edit(*ref, "types a date into " + rules->slot.id,
         [&](Row& changed) { changed.times[rules->slot.id] = time; });
    if (wasDenied && isNew)
        world_.truth_.add({act_.person, world_.real(), true, false, false,
                           cover(*rules, Decision::Withdrawn), act_.system, *ref, rules->slot.id});
}

void Acts::importFile() {
    for (int person = 0; person < world_.scenario_.people; ++person)
        for (const auto& ref : world_.company_.rowsOf(act_.system, person)) {
            const auto& row = system_.model->row(ref);
            if (row.deleted || row.mergedInto || dice_.chance(40)) continue;
            const auto* rules = pickSlot(ref);
            if (!rules) continue;
            Act one = act_;
            one.person = person;
            one.dice = dice_.next();
            Acts(world_, one).denySlot(ref, *rules, true);
        }
}

void Acts::merge() {
    if (!system_.model->reportsDeletes) return;
    const auto loser = pickRow();
    if (!loser) return;
    const auto other = dice_.chance(60) ? act_.person : dice_.roll(world_.scenario_.people);
    std::vector<sdk::RecordRef> rows;
    for (const auto& ref : world_.company_.rowsOf(act_.system, other)) {
        const auto& row = system_.model->row(ref);
        if (ref != *loser && ref.object == loser->object && !row.deleted && !row.mergedInto)
            rows.push_back(ref);
    }
    if (rows.empty()) return;
    const auto winner = dice_.of(rows);
    world_.log("a user merges it into " + winner.id, act_.system, *loser, act_.person);
    world_.log("a user merges " + loser->id + " into it", act_.system, winner, other);
    if (other != act_.person) {
        world_.truth_.join(act_.person, other);
        world_.truth_.tangle(other);
    }
    system_.model->merge(*loser, winner);
}

void Acts::convert() {
    if (system_.vendor != Vendor::Salesforce || !system_.model->reportsDeletes) return;
    for (const auto& lead : world_.company_.rowsOf(act_.system, act_.person)) {
        const auto& row = system_.model->row(lead);
        if (lead.object != "Lead" || row.deleted) continue;
        Row contact;
        contact.ref = {"Contact", lead.id + "c"};
        if (system_.model->has(contact.ref)) return;
        contact.identifiers = row.identifiers;
        for (const auto* rules : system_.slotsOf("Contact"))
            contact.values[rules->slot.id] = rules->slot.showsPermit == Shown::None
                                                 ? row.values.at("lead.email")
                                                 : Shown::Absent;
        contact.values["contact.phone"] = Shown::None;
        world_.log("a user converts the lead", act_.system, lead, act_.person);
        world_.company_.adopt(act_.system, contact.ref, act_.person);
        const auto ref = system_.model->add(contact);
        system_.model->merge(lead, ref);
        return;
    }
}

void Acts::newEmail() {
    const auto ref = pickRow();
    if (!ref) return;
    world_.truth_.tangle(act_.person);
    const auto number = dice_.roll(3);
    edit(*ref, "changes the address", [&](Row& row) {
        row.identifiers = {{sdk::IdentifierKind::Email,
                            number == 0 ? Company::emailOf(act_.person)
                                        : "p" + std::to_string(act_.person) + "-" +
                                              std::to_string(number) + "@example.com",
                            "Email"}};
    });
}

}  // namespace concordat::simulation
