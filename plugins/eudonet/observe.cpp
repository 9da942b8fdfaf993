// SPDX-License-Identifier: Apache-2.0
#include "plugins/eudonet/observe.h"

#include <algorithm>

#include "plugins/eudonet/times.h"
#include "sdk/concordat/text.h"

namespace concordat::plugins::eudonet {
namespace {

using sdk::Shown;

bool isIn(const std::vector<std::string>& values, const std::string& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

std::string storedIn(const Row& row, const FieldName& field) {
    const Cell* cell = field.descId == 0 ? nullptr : row.cell(field.descId);
    return cell ? cell->stored : "";
}

/// Values of a consent field are catalog ids or boxes; longer text is a field mapped by mistake and
/// not repeated.
std::string rawOf(const std::string& stored) { return stored.size() <= 20 ? stored : "(text)"; }

void addIdentifier(sdk::Observation& seen,
                   sdk::IdentifierKind kind,
                   const Row& row,
                   const FieldName& field,
                   const std::string& name) {
    std::string value = storedIn(row, field);
    if (!value.empty()) seen.identifiers.push_back({kind, std::move(value), name});
}

std::optional<Shown> shownBy(const Flag& flag, const std::string& stored) {
    if (flag.polarity == Polarity::Status)
        return isIn(flag.deny, stored)     ? Shown::Deny
               : isIn(flag.permit, stored) ? Shown::Permit
                                           : Shown::None;
    const auto on = ticked(stored);
    if (!on) return std::nullopt;
    if (flag.polarity == Polarity::OptOut) return *on ? Shown::Deny : Shown::None;
    return *on ? Shown::Permit : Shown::Absent;
}

/// Time and source of a choice; they are proof only of a permit.
void addProof(sdk::SlotReading& reading,
              const Row& row,
              const FieldName& date,
              const FieldName& source) {
    reading.time = parseLocalTime(storedIn(row, date));
    const std::string from =
        source.descId == 0 || !row.cell(source.descId) ? "" : row.cell(source.descId)->shown;
    if (reading.shown != Shown::Permit || (!reading.time && from.empty())) return;
    sdk::Evidence evidence;
    evidence.capturedAt = reading.time;
    evidence.source = from;
    reading.evidence = std::move(evidence);
}

void addFlags(const Settings& settings, const Row& row, sdk::Observation& seen) {
    for (const auto& flag : settings.flags) {
        const Cell* cell = row.cell(flag.field.descId);
        const auto shown = cell ? shownBy(flag, cell->stored) : std::nullopt;
        if (!shown) continue;
        sdk::SlotReading reading;
        reading.slot = flag.slot;
        reading.shown = *shown;
        reading.raw = rawOf(cell->stored);
        addProof(reading, row, flag.date, flag.source);
        seen.slots.push_back(std::move(reading));
    }
}

Shown statusOf(const Consents& table, const Row& row) {
    const std::string stored = storedIn(row, table.status);
    return isIn(table.deny, stored)     ? Shown::Deny
           : isIn(table.permit, stored) ? Shown::Permit
                                        : Shown::None;
}

int strictness(Shown shown) { return shown == Shown::Deny ? 2 : shown == Shown::None ? 1 : 0; }

/// Whether `left` counts rather than `right`.
bool outweighs(const Consents& table, const Row& left, const Row& right) {
    const auto one = parseLocalTime(storedIn(left, table.date)),
               other = parseLocalTime(storedIn(right, table.date));
    const int strictOne = strictness(statusOf(table, left)),
              strictOther = strictness(statusOf(table, right));
    if (one && other && one->at != other->at) return one->at > other->at;
    // Without a date nobody can say which is newer: the stricter one counts, and a date beats none.
    if (strictOne != strictOther) return strictOne > strictOther;
    if (one.has_value() != other.has_value()) return one.has_value();
    return std::stoll(left.fileId) > std::stoll(right.fileId);
}

}  // namespace

std::optional<bool> ticked(const std::string& stored) {
    const std::string text = sdk::lowered(stored);
    for (const char* yes : {"1", "true", "vrai", "oui", "yes", "on"})
        if (text == yes) return true;
    for (const char* no : {"", "0", "false", "faux", "non", "no", "off"})
        if (text == no) return false;
    return std::nullopt;
}

sdk::Observation observationOf(const Settings& settings, const Row& row, sdk::EpochMs askedAt) {
    const People& people = settings.records();
    sdk::Observation seen;
    seen.record = {people.object, row.fileId};
    seen.askedAt = askedAt;
    addIdentifier(seen, sdk::IdentifierKind::Email, row, people.email, "email");
    addIdentifier(seen, sdk::IdentifierKind::Phone, row, people.mobile, "mobile");
    addIdentifier(seen, sdk::IdentifierKind::Phone, row, people.phone, "phone");
    for (const auto& [name, field] : people.external)
        addIdentifier(seen, sdk::IdentifierKind::External, row, field, name);
    seen.modifiedAt = parseLocalTime(storedIn(row, people.modified));
    seen.createdAt = parseLocalTime(storedIn(row, people.created));
    if (seen.modifiedAt) seen.version = versionOf(*seen.modifiedAt);
    const std::string person = people.object == "address" ? personOf(settings, row) : "";
    if (!person.empty()) seen.person = sdk::RecordRef{"contact", person};
    addFlags(settings, row, seen);
    return seen;
}

Choice choiceOf(const Settings& settings,
                const std::string& channel,
                const std::vector<Row>& rows) {
    const Consents& table = settings.consents;
    Choice choice;
    choice.reading.slot = "consent." + channel;
    choice.reading.shown = Shown::Absent;
    choice.reading.raw = "no row";
    for (const auto& row : rows) {
        if (!isIn(table.channels.at(channel), storedIn(row, table.channel))) continue;
        if (!table.purposes.empty() && !isIn(table.purposes, storedIn(row, table.purpose)))
            continue;
        if (!choice.row || outweighs(table, row, *choice.row)) choice.row = &row;
    }
    if (!choice.row) return choice;
    choice.reading.shown = statusOf(table, *choice.row);
    choice.reading.raw = rawOf(storedIn(*choice.row, table.status));
    addProof(choice.reading, *choice.row, table.date, table.source);
    return choice;
}

void addChoices(const Settings& settings, const std::vector<Row>& rows, sdk::Observation& seen) {
    for (const auto& [channel, values] : settings.consents.channels)
        seen.slots.push_back(choiceOf(settings, channel, rows).reading);
    // The contact's own change time does not move with its rows: the newest of all is the version.
    for (const auto& row : rows)
        if (const auto modified = parseLocalTime(storedIn(row, settings.consents.modified));
            modified && seen.version != 0)
            seen.version = std::max(seen.version, versionOf(*modified));
}

std::string personOf(const Settings& settings, const Row& row) {
    const Cell* link = row.cell(settings.personLink());
    return link ? link->fileId : "";
}

std::string changeText(const Row& row, const FieldName& modified) {
    const std::string stored = storedIn(row, modified);
    const bool ordered = stored.size() >= 10 && stored[4] == '/' && stored[7] == '/';
    if (ordered) return stored.size() == 10 ? stored + " 00:00:00" : stored.substr(0, 19);
    const auto time = parseLocalTime(stored);
    if (!time) return "";
    return localText(time->precision == sdk::Precision::Day
                         ? time->at - time->utcOffsetMinutes.value_or(60) * sdk::EpochMs{60'000}
                         : time->at);
}

}  // namespace concordat::plugins::eudonet
