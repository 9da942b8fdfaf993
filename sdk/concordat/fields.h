// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which members of each message stand on the wire, and under what name: one list for writing and
// for both readers.

#include <string_view>
#include <tuple>

#include "sdk/concordat/calls.h"
#include "sdk/concordat/messages.h"

namespace concordat::sdk::wire {

template <class Owner, class Member>
struct Field {
    std::string_view name;
    Member Owner::*member;
};

/// A text that holds JSON; it stands on the wire as that JSON.
template <class Owner>
struct JsonField {
    std::string_view name;
    std::string Owner::*member;
};

/// A raw body; it travels beside the JSON, which names its index.
template <class Owner>
struct BodyField {
    std::string_view name;
    std::string Owner::*member;
};

template <class Owner, class Member>
constexpr Field<Owner, Member> field(std::string_view name, Member Owner::*member) {
    return {name, member};
}
template <class Owner>
constexpr JsonField<Owner> jsonField(std::string_view name, std::string Owner::*member) {
    return {name, member};
}
template <class Owner>
constexpr BodyField<Owner> bodyField(std::string Owner::*member) {
    return {"attachment", member};
}

/// Specialised below: `list` is a tuple of the fields above.
template <class T>
struct Fields;

#define CONCORDAT_FIELD(name) field(#name, &T::name)
#define CONCORDAT_FIELDS(Type, ...)                    \
    template <>                                        \
    struct Fields<Type> {                              \
        using T = Type;                                \
        static constexpr std::tuple list{__VA_ARGS__}; \
    };
#define F(name) CONCORDAT_FIELD(name)

// clang-format off
CONCORDAT_FIELDS(VendorTime, F(at), F(precision), F(utcOffsetMinutes), F(atLatest))
CONCORDAT_FIELDS(RecordRef, F(object), F(id))
CONCORDAT_FIELDS(Identifier, F(kind), F(value), F(name))
CONCORDAT_FIELDS(Evidence, F(capturedAt), F(confirmedAt), F(source), F(noticeId), F(method), F(controller),
                 F(purposes), F(channels), F(contactPoints), F(validFrom), F(validTo))
CONCORDAT_FIELDS(SlotReading, F(slot), F(shown), F(time), F(evidence), F(raw))
CONCORDAT_FIELDS(Observation, F(record), F(organisation), F(identifiers), F(slots), F(modifiedAt), F(createdAt),
                 F(version), F(askedAt), F(actor), F(origin), F(deleted), F(mergedInto), F(person))
CONCORDAT_FIELDS(SlotDescription, F(id), F(object), F(field), F(label), F(purposes), F(channels), F(showsPermit),
                 F(showsDeny), F(hasTime), F(timeEditable), F(recordTimeMoves), F(dayPrecision), F(loosen),
                 F(settleMs), F(lostUpdate), F(carriesEvidence), F(writable))
CONCORDAT_FIELDS(HostRule, F(host), F(methods), F(paths), F(why), F(bodySecrets))
CONCORDAT_FIELDS(AuthTemplate, F(kind), jsonField("parameters", &T::parametersJson))
CONCORDAT_FIELDS(WebhookSignature, F(kind), F(hash), F(header), F(encoding), F(prefix), F(signedText), F(timeHeader),
                 F(toleranceSeconds), F(answersGet), F(answerStatus), F(answerType), F(answerBody), F(dedupePath))
CONCORDAT_FIELDS(LimitPool, F(name), F(perSecond), F(perDay), F(concurrency), F(remainingHeader), F(usageHeader))
CONCORDAT_FIELDS(FieldUse, F(object), F(field), F(why), F(written))
CONCORDAT_FIELDS(Description, F(id), F(name), F(vendor), F(version),
                 jsonField("settingsSchema", &T::settingsSchemaJson), F(slots), F(identifiers), F(abilities),
                 F(readBatch), F(findBatch), F(applyBatch), F(commitDelayMs), F(auth), F(hosts), F(webhook), F(limits),
                 F(fields), F(conditionalWrites))
CONCORDAT_FIELDS(Probe, F(name), F(state), F(message), F(fix))
CONCORDAT_FIELDS(Check, F(probes), F(tenantId), F(tenantName))
CONCORDAT_FIELDS(DiscoveredField, F(object), F(name), F(label), F(type), F(writable), F(values))
CONCORDAT_FIELDS(Discovery, F(fields), F(slots))
CONCORDAT_FIELDS(PullRequest, F(cursor), F(pageSize))
CONCORDAT_FIELDS(Page, F(observations), F(cursor), F(more), F(waitMs))
CONCORDAT_FIELDS(WebhookRequest, F(method), F(query), F(headers), bodyField(&T::body))
CONCORDAT_FIELDS(WebhookNews, F(observations), F(changed))
CONCORDAT_FIELDS(Subscription, F(id), F(address), F(active))
CONCORDAT_FIELDS(ReadReply, F(observations), F(missing))
CONCORDAT_FIELDS(FindReply, F(matches))
CONCORDAT_FIELDS(SlotWrite, F(slot), F(permit), F(evidence))
CONCORDAT_FIELDS(ApplyItem, F(record), F(writes), F(expectedVersion), F(creationKey), F(generation))
CONCORDAT_FIELDS(Outcome, F(kind), F(message), F(retryAfterMs), F(token), F(observed))
CONCORDAT_FIELDS(ApplyReply, F(outcomes))
CONCORDAT_FIELDS(Health, F(lastError), F(quotaLeft), F(tokenExpiresAt))
CONCORDAT_FIELDS(HttpRequest, F(method), F(url), F(headers), bodyField(&T::body), F(idempotent), F(pool), F(timeoutMs))
CONCORDAT_FIELDS(HttpReply, F(kind), F(status), F(headers), bodyField(&T::body), F(retryAfterMs), F(maybeSent),
                 F(error), F(token))
CONCORDAT_FIELDS(FileRequest, F(operation), F(box), F(name), F(newName), F(offset), F(size), bodyField(&T::body))
CONCORDAT_FIELDS(FileEntry, F(name), F(size), F(modifiedAt))
CONCORDAT_FIELDS(FileReply, F(entries), bodyField(&T::body))

CONCORDAT_FIELDS(Nothing)
CONCORDAT_FIELDS(ErrorReply, F(error))
CONCORDAT_FIELDS(SubscribeCall, F(address))
CONCORDAT_FIELDS(Subscriptions, F(subscriptions))
CONCORDAT_FIELDS(RemoveWebhookCall, F(id))
CONCORDAT_FIELDS(ReadCall, F(records))
CONCORDAT_FIELDS(FindCall, F(identifiers))
CONCORDAT_FIELDS(ApplyCall, F(items))
CONCORDAT_FIELDS(PollApplyCall, F(token))
CONCORDAT_FIELDS(NoteCall, F(record), F(text))
CONCORDAT_FIELDS(HttpCall, F(requests))
CONCORDAT_FIELDS(HttpReplies, F(replies))
CONCORDAT_FIELDS(LogCall, F(level), F(text))
CONCORDAT_FIELDS(NowReply, F(now))
CONCORDAT_FIELDS(RandomReply, F(random))
CONCORDAT_FIELDS(ProgressCall, F(what), F(share))
// clang-format on

#undef F
#undef CONCORDAT_FIELDS
#undef CONCORDAT_FIELD

/// Specialised below: the enumeration's names on the wire, in the order of its values.
template <class E>
struct Names;

template <>
struct Names<Shown> {
    static constexpr std::string_view list[] = {"permit", "deny", "none", "absent"};
};
template <>
struct Names<Precision> {
    static constexpr std::string_view list[] = {"millisecond", "second", "minute", "hour", "day"};
};
template <>
struct Names<IdentifierKind> {
    static constexpr std::string_view list[] = {"email", "phone", "external"};
};
template <>
struct Names<Loosen> {
    static constexpr std::string_view list[] = {"yes", "once", "never"};
};
template <>
struct Names<ProbeState> {
    static constexpr std::string_view list[] = {"pass", "warn", "fail"};
};
template <>
struct Names<OutcomeKind> {
    static constexpr std::string_view list[] = {"applied",  "unchanged", "conflict", "not_found",
                                                "rejected", "retry",     "pending",  "unknown"};
};
template <>
struct Names<HttpClass> {
    static constexpr std::string_view list[] = {"ok",        "auth",      "rate_limited",
                                                "transient", "not_found", "conflict",
                                                "permanent", "cancelled"};
};
template <>
struct Names<FileOperation> {
    static constexpr std::string_view list[] = {"list", "read", "write", "rename"};
};

}  // namespace concordat::sdk::wire
