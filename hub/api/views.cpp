// SPDX-License-Identifier: Apache-2.0
#include "hub/api/views.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace concordat::api {

namespace {

using Json = nlohmann::json;

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
    return all;
}

Json split(const std::string& text) {
    Json parts = Json::array();
    for (std::size_t at = 0; at < text.size();) {
        const auto comma = std::min(text.find(',', at), text.size());
        parts.push_back(text.substr(at, comma - at));
        at = comma + 1;
    }
    return parts;
}

Json viewOf(const std::optional<sdk::RecordRef>& ref) {
    if (!ref) return nullptr;
    return {{"object", ref->object}, {"id", ref->id}};
}

template <class Value>
Json orNull(const std::optional<Value>& value) {
    return value ? Json(*value) : Json(nullptr);
}

/// What stands in the inbox, and what a person can do about it, by kind.
struct KindText {
    const char* kind;
    const char* text;
    const char* whatToDo;
};

constexpr KindText kKinds[] = {
    {"candidate", "A system shows a permission that nothing proves.",
     "Add the evidence if there is some; else dismiss it, and the denial stays."},
    {"ambiguous", "Several people hold an identifier of this record.",
     "Say whose record it is; until then it denies what any of them denied."},
    {"merge", "Two people share an identifier; are they one?",
     "Confirm the merge, or dismiss it: their permissions stay apart then."},
    {"cap", "More changes came at once than the cap lets through.",
     "Look at the source; accept to let them through, or dismiss."},
    {"parked", "A system refused a write.",
     "Read the vendor's words, put right what they name, then retry."},
    {"unmerge", "A value was denied only because of a merge that has ended.",
     "Accept to give the earlier value back, or dismiss to leave the denial."},
    {"restored_system", "A system looks restored from a backup.",
     "Check it, then resume the system; nothing is loosened there until then."},
    {"tenant", "Another account than the pinned one answered.",
     "Check the credentials of this system."},
};

const KindText* kindTextOf(const std::string& kind) {
    const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                     [&](const KindText& one) { return kind == one.kind; });
    return found == std::end(kKinds) ? nullptr : found;
}

Json viewOf(const consent::Proof& proof) {
    return {{"source", proof.source},
            {"notice_id", proof.noticeId},
            {"method", proof.method},
            {"captured_at", orNull(proof.capturedAt)},
            {"confirmed_at", orNull(proof.confirmedAt)},
            {"held", proof.held},
            {"direct", proof.direct}};
}

}  // namespace

std::string nameOf(consent::Answer answer) {
    switch (answer) {
        case consent::Answer::Permit:
            return "permit";
        case consent::Answer::Deny:
            return "deny";
        case consent::Answer::Unknown:
            break;
    }
    return "unknown";
}

std::string nameOf(sdk::Shown shown) {
    switch (shown) {
        case sdk::Shown::Permit:
            return "permit";
        case sdk::Shown::Deny:
            return "deny";
        case sdk::Shown::None:
            return "none";
        case sdk::Shown::Absent:
            break;
    }
    return "absent";
}

Json viewOf(const consent::Key& key,
            const consent::Effective& effective,
            const std::string& reason) {
    return {{"scope", key.scope},       {"purpose", key.purpose},
            {"channel", key.channel},   {"answer", nameOf(effective.answer)},
            {"rule", effective.rule},   {"reason", reason},
            {"since", effective.since}, {"contested", effective.contested}};
}

Json viewOf(const sync::Answers& answers) {
    Json items = Json::array();
    for (const auto& row : answers)
        items.push_back(viewOf(row.key, row.effective, row.effective.reason));
    return items;
}

Json viewOf(const store::Delivery& delivery) {
    return {{"id", delivery.id},
            {"subject", delivery.subject},
            {"system", delivery.system},
            {"object", delivery.ref.object},
            {"record", delivery.ref.id},
            {"generation", delivery.generation},
            {"at", delivery.at},
            {"stage", delivery.stage},
            {"slots", split(delivery.slots)},
            {"message", delivery.message},
            {"latency_ms", delivery.latencyMs}};
}

Json viewOf(const store::InboxItem& item) {
    const Json details = Json::parse(item.document, nullptr, false);
    const KindText* words = kindTextOf(item.kind);
    const std::string text = details.is_object() ? details.value("text", "") : "";
    return {{"id", item.id},
            {"kind", item.kind},
            {"subject", item.subject},
            {"system", item.system},
            {"record", viewOf(item.ref)},
            {"created_at", item.createdAt},
            {"closed_at", item.closedAt},
            {"outcome", item.outcome},
            {"text", text.empty() && words ? words->text : text},
            {"what_to_do", words ? words->whatToDo : "Look at it, then dismiss it."},
            {"details", details.is_object() ? details : Json::object()}};
}

Json viewOf(const store::Incident& incident) {
    return {{"id", incident.id},         {"kind", incident.kind},
            {"system", incident.system}, {"subject", incident.subject},
            {"at", incident.at},         {"resolved_at", incident.resolvedAt},
            {"text", incident.text}};
}

Json viewOf(const store::Webhook& webhook) {
    return {{"id", webhook.id},
            {"system", webhook.system},
            {"received_at", webhook.receivedAt},
            {"attempts", webhook.attempts},
            {"problem", webhook.problem}};
}

Json viewOf(const consent::Event& event) {
    Json view{{"id", event.id},
              {"subject", event.subject},
              {"scope", event.scope},
              {"purposes", event.purposes},
              {"channels", event.channels},
              {"decision", consent::toString(event.decision)},
              {"at", event.time ? Json(event.time->at) : Json(nullptr)},
              {"clock", event.time ? event.time->clock : ""},
              {"observed_at", event.observedAt},
              {"system", event.system},
              {"record", viewOf(event.record)},
              {"slot", event.slot},
              {"actor", event.actor},
              {"legal_basis", event.legalBasis},
              {"valid_from", orNull(event.validFrom)},
              {"valid_to", orNull(event.validTo)},
              {"names", event.names},
              {"other", event.other},
              {"causation", event.causation},
              {"reason", event.reason}};
    view["evidence"] = event.proof ? viewOf(*event.proof) : Json(nullptr);
    return view;
}

std::string sentenceOf(const consent::Event& event) {
    std::string text = consent::toString(event.decision);
    text += event.system.empty() ? ", said to the hub" : " in " + event.system;
    if (!event.purposes.empty())
        text += ": " + joined(event.purposes) + " by " + joined(event.channels);
    if (!event.other.empty()) text += " with " + event.other;
    if (!event.reason.empty()) text += " (" + event.reason + ")";
    return text;
}

std::string sentenceOf(const store::Delivery& delivery) {
    std::string text = delivery.stage + " in " + delivery.system;
    if (!delivery.slots.empty()) text += ": " + delivery.slots;
    if (!delivery.message.empty()) text += " (" + delivery.message + ")";
    return text;
}

}  // namespace concordat::api
