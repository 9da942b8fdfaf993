// SPDX-License-Identifier: Apache-2.0
#pragma once
// The protocol's messages as typed values. Times are epoch milliseconds (UTC). Values only: no I/O,
// any thread.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace concordat::sdk {

using EpochMs = std::int64_t;

/// What a slot shows in one record. `None`: the place is there and says nothing. `Absent`: the
/// record has no such place now (not a member of the set, no consent row).
enum class Shown { Permit, Deny, None, Absent };

enum class Precision { Millisecond, Second, Minute, Hour, Day };

/// A time as the vendor gave it. For `Day`, `at` is 00:00 UTC of that date and `utcOffsetMinutes`
/// the zone the date is meant in, if known. Of an ambiguous local time `at` is the earlier instant
/// and `atLatest` the later one.
struct VendorTime {
    EpochMs at = 0;
    Precision precision = Precision::Millisecond;
    std::optional<int> utcOffsetMinutes;
    std::optional<EpochMs> atLatest;
    bool operator==(const VendorTime&) const = default;
};

/// One row in a system: the vendor's object name ("Contact") and its id, always written in one
/// form.
struct RecordRef {
    std::string object;
    std::string id;
    bool operator==(const RecordRef&) const = default;
    auto operator<=>(const RecordRef&) const = default;
};

enum class IdentifierKind { Email, Phone, External };

/// What a record says about who it is, as the vendor wrote it (the hub normalises). `name` is the
/// namespace of an external id ("sap_customer"), or the field an address stood in.
struct Identifier {
    IdentifierKind kind = IdentifierKind::Email;
    std::string value;
    std::string name;
    bool operator==(const Identifier&) const = default;
};

/// What a system holds as proof of a grant. Empty fields are unknown.
struct Evidence {
    std::optional<VendorTime> capturedAt;
    std::optional<VendorTime> confirmedAt;  ///< second step of a double opt-in
    std::string source;                     ///< "web form", "Consent API" …
    std::string noticeId;                   ///< the text the person saw
    std::string method;                     ///< "double_opt_in", "single_opt_in", "" = unknown
    std::string controller;                 ///< whom it names; empty: the system's scope
    std::vector<std::string>
        purposes;  ///< purpose codes it names, or "code@version"; empty: the slot's cover
    std::vector<std::string> channels;       ///< empty: the slot's cover
    std::vector<std::string> contactPoints;  ///< addresses it names; empty: the record's
    std::optional<VendorTime> validFrom;
    std::optional<VendorTime> validTo;
    bool operator==(const Evidence&) const = default;
};

/// One slot of one record as it was seen. `raw` is the vendor's own value for a person to compare.
struct SlotReading {
    std::string slot;
    Shown shown = Shown::None;
    std::optional<VendorTime> time;  ///< the slot's own time, if it has one
    std::optional<Evidence> evidence;
    std::string raw;
};

/// What a connector saw in the slots of one record at one time. A slot that was not in the reply is
/// not listed.
struct Observation {
    RecordRef record;
    bool organisation = false;  ///< a company or association, not a person
    std::vector<Identifier> identifiers;
    std::vector<SlotReading> slots;
    std::optional<VendorTime> modifiedAt;  ///< the record's time
    std::optional<VendorTime> createdAt;
    std::int64_t version = 0;  ///< grows with each change of the record; 0 = the vendor has none
    EpochMs askedAt = 0;       ///< host.now() just before the request that answered this
    std::string actor;         ///< who changed it last, as the vendor names them
    std::string
        origin;  ///< the vendor's tag of the client that wrote it, for the history page only
    bool deleted = false;
    std::optional<RecordRef> mergedInto;  ///< merged or converted into
    std::optional<RecordRef> person;  ///< of an address or consent row: the record of its person
};

enum class Loosen { Yes, Once, Never };

/// A place that can hold a consent choice, as the connector knows it.
struct SlotDescription {
    std::string id;      ///< "contact.email": stable, lower case
    std::string object;  ///< the vendor's object
    std::string field;   ///< what a person of that vendor would call it
    std::string label;
    std::vector<std::string> purposes;  ///< default cover; empty: the integration must map it
    std::vector<std::string> channels;  ///< "email", "sms", "phone", "post", "fax", "any" …
    Shown showsPermit =
        Shown::Permit;  ///< what it shows while permitted (opt-out flag: None; set: Permit)
    Shown showsDeny = Shown::Deny;  ///< what it shows while denied (set: Absent)
    bool hasTime = false;           ///< readings carry the slot's own time
    bool timeEditable = false;      ///< users can type that time
    bool recordTimeMoves = false;   ///< the record's time moves when this slot does
    bool dayPrecision = false;
    Loosen loosen = Loosen::Yes;
    std::int64_t settleMs = 0;  ///< a write may stay invisible this long
    bool lostUpdate = false;    ///< cannot be written conditionally
    bool carriesEvidence = false;
    bool writable = true;
};

/// A host the connector speaks to: exact, or "*.name" below a registrable name; "{setting}" is
/// filled from the settings.
struct HostRule {
    std::string host;
    std::vector<std::string> methods;
    std::vector<std::string> paths;  ///< patterns with '*'
    std::string why;
    std::vector<std::string> bodySecrets;  ///< secrets that "{secret:NAME}" may put into a body
};

/// How the gateway signs in; `kind` is one of those in sdk/README.md, `parameters` its JSON
/// template.
struct AuthTemplate {
    std::string kind;
    std::string parametersJson = "{}";
};

/// How a webhook is signed and answered; checked by the hub before anything is stored.
struct WebhookSignature {
    std::string kind;      ///< "hmac", "digest" (hash of key and body), "token", "basic", "none"
    std::string hash;      ///< "sha1", "sha256", "sha512", "md5"
    std::string header;    ///< lower case
    std::string encoding;  ///< "hex", "base64"
    std::string prefix;    ///< text before the value, such as "sha256="
    /// What is signed, with "{body}", "{time}", "{key}"; empty: "{body}", or "{key}{body}" (digest), or
    /// "{time}.{body}" (timed).
    std::string signedText;
    std::string timeHeader;  ///< lower case; epoch seconds or milliseconds
    std::int64_t toleranceSeconds = 0;  ///< 0: not timed, so only a hint
    bool answersGet = false;            ///< a GET is a ping
    int answerStatus = 200;
    std::string answerType = "text/plain";
    std::string answerBody;
    std::string
        dedupePath;  ///< JSON pointer or form field of the delivery id; empty: hash of the body
};

/// A limit the vendor counts together. 0 = none declared. Vendor headers correct it while running.
struct LimitPool {
    std::string name;
    int perSecond = 0;
    int perDay = 0;
    int concurrency = 4;
    std::string remainingHeader;  ///< lower case; a header holding what is left
    std::string usageHeader;      ///< lower case; "…=used/limit" as Salesforce writes it
};

struct FieldUse {
    std::string object;
    std::string field;
    std::string why;
    bool written = false;
};

/// What a connector is. Needs no settings and no network.
struct Description {
    std::string id;
    std::string name;
    std::string vendor;
    std::string version;
    std::string settingsSchemaJson = "{}";  ///< JSON Schema 2020-12, with secret, group, unit
    std::vector<SlotDescription> slots;
    std::vector<std::string> identifiers;  ///< "email", "phone", "external:NAME"
    std::vector<std::string> abilities;    ///< the methods it has
    int readBatch = 1;
    int findBatch = 1;
    int applyBatch = 1;
    std::int64_t commitDelayMs = 0;  ///< a write with an unknown outcome may still appear this long
    std::vector<AuthTemplate> auth;
    std::vector<HostRule> hosts;
    std::optional<WebhookSignature> webhook;
    std::vector<LimitPool> limits;
    std::vector<FieldUse> fields;
    bool conditionalWrites = false;
};

enum class ProbeState { Pass, Warn, Fail };

struct Probe {
    std::string name;
    ProbeState state = ProbeState::Pass;
    std::string message;
    std::string fix;
};

/// The answer of `check`: named probes, and which account was reached.
struct Check {
    std::vector<Probe> probes;
    std::string tenantId;
    std::string tenantName;
};

struct DiscoveredField {
    std::string object;
    std::string name;
    std::string label;
    std::string type;
    bool writable = false;
    std::vector<std::string> values;  ///< of a picklist
};

struct Discovery {
    std::vector<DiscoveredField> fields;
    std::vector<SlotDescription> slots;  ///< the slots that exist in this system
};

struct PullRequest {
    std::string cursor;  ///< opaque, empty at the start
    int pageSize = 0;    ///< a wish; 0 = the connector's choice
};

/// One page. `cursor` is where to go on, also when `more` is false. `waitMs`: ask again after so
/// long (vendor jobs).
struct Page {
    std::vector<Observation> observations;
    std::string cursor;
    bool more = false;
    std::int64_t waitMs = 0;
};

/// A webhook as it came. Header names are lower case.
struct WebhookRequest {
    std::string method;
    std::string query;
    std::map<std::string, std::string> headers;
    std::string body;
};

/// What a webhook says: values, or records to read again.
struct WebhookNews {
    std::vector<Observation> observations;
    std::vector<RecordRef> changed;
};

struct Subscription {
    std::string id;
    std::string address;
    bool active = true;
};

/// Observations of those that exist; deleted and merged ones come with their flags. The rest is
/// `missing`.
struct ReadReply {
    std::vector<Observation> observations;
    std::vector<RecordRef> missing;
};

/// Per identifier asked for, in order: the records that hold it.
struct FindReply {
    std::vector<std::vector<Observation>> matches;
};

struct SlotWrite {
    std::string slot;
    bool permit = false;
    std::optional<Evidence> evidence;  ///< of the grant behind a permit, where the slot can hold it
};

/// One record to bring to the values given. Absolute, so that repeating is harmless.
struct ApplyItem {
    RecordRef record;
    std::vector<SlotWrite> writes;
    std::int64_t expectedVersion =
        0;  ///< 0: unconditional. Loosening items carry it where the vendor can check it
    std::string creationKey;  ///< of target and generation; search for it before creating a row
    std::int64_t generation = 0;
};

enum class OutcomeKind {
    Applied,
    Unchanged,
    Conflict,
    NotFound,
    Rejected,
    Retry,
    Pending,
    Unknown
};

/// What became of one item. `message`: the vendor's words, for Rejected.
struct Outcome {
    OutcomeKind kind = OutcomeKind::Unknown;
    std::string message;
    std::int64_t retryAfterMs = 0;
    std::string token;                    ///< of Pending, for apply.poll
    std::optional<Observation> observed;  ///< if the vendor's reply is authoritative
};

/// One outcome per item, in order.
struct ApplyReply {
    std::vector<Outcome> outcomes;
};

struct Health {
    std::string lastError;
    std::map<std::string, std::int64_t> quotaLeft;
    EpochMs tokenExpiresAt = 0;
};

/// A request the hub makes for the connector. `url` is absolute; "{token:NAME}" is filled with a
/// field of the token reply. Authentication is added by the hub. `idempotent`: may be repeated when
/// its outcome is unknown.
struct HttpRequest {
    std::string method = "GET";
    std::string url;
    std::map<std::string, std::string> headers;
    std::string body;
    bool idempotent = false;
    std::string pool;  ///< limit pool; empty: the first one
    std::int64_t timeoutMs = 0;
};

enum class HttpClass { Ok, Auth, RateLimited, Transient, NotFound, Conflict, Permanent, Cancelled };

/// `maybeSent`: no answer came, but the vendor may have acted on it. Header names are lower case.
struct HttpReply {
    HttpClass kind = HttpClass::Transient;
    int status = 0;
    std::map<std::string, std::string> headers;
    std::string body;
    std::int64_t retryAfterMs = 0;
    bool maybeSent = false;
    std::string error;
    std::map<std::string, std::string>
        token;  ///< the fields of the token reply that the auth template names
};

enum class FileOperation { List, Read, Write, Rename };

/// One step in a drop box the integration declares; by name, never by path. `Write` makes a new
/// file and never replaces one; `Rename` moves `name` to `newName` in the same box.
struct FileRequest {
    FileOperation operation = FileOperation::List;
    std::string box;
    std::string name;
    std::string newName;
    std::int64_t offset = 0;  ///< bytes, of `Read`
    std::int64_t size = 0;    ///< bytes wanted, of `Read`; 0 = up to 16 MiB
    std::string body;         ///< of `Write`
};

struct FileEntry {
    std::string name;
    std::int64_t size = 0;
    EpochMs modifiedAt = 0;
};

struct FileReply {
    std::vector<FileEntry> entries;  ///< of `List`
    std::string body;                ///< of `Read`
};

}  // namespace concordat::sdk
