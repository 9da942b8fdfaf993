// SPDX-License-Identifier: Apache-2.0
#include "plugins/eudonet/apply.h"

#include <algorithm>

#include "plugins/eudonet/times.h"

namespace concordat::plugins::eudonet {
namespace {

using sdk::outcome;
using sdk::OutcomeKind;
using sdk::Shown;

constexpr const char* kSource = "Concordat";

const Flag* flagOf(const Settings& settings, const std::string& slot) {
    for (const auto& flag : settings.flags)
        if (flag.slot == slot) return &flag;
    return nullptr;
}

std::string channelOf(const Settings& settings, const std::string& slot) {
    const std::string prefix = "consent.";
    if (settings.layout != Layout::ConsentTable || !slot.starts_with(prefix)) return "";
    const std::string channel = slot.substr(prefix.size());
    return settings.consents.channels.contains(channel) ? channel : "";
}

/// When and whence a choice comes: a permit's own evidence, else now and the hub.
struct Proof {
    std::string date, source;
};
Proof proofOf(const sdk::SlotWrite& write, const std::string& nowText) {
    Proof proof{nowText, kSource};
    if (!write.permit || !write.evidence) return proof;
    if (write.evidence->capturedAt) proof.date = localText(write.evidence->capturedAt->at);
    if (!write.evidence->source.empty()) proof.source = write.evidence->source;
    return proof;
}

std::string flagValue(const Flag& flag, bool permit) {
    if (flag.polarity == Polarity::Status) return permit ? flag.permit.front() : flag.deny.front();
    return (flag.polarity == Polarity::OptIn) == permit ? "1" : "0";
}

bool showsWanted(const Flag& flag, Shown shown, bool permit) {
    if (permit) return shown == (flag.polarity == Polarity::OptOut ? Shown::None : Shown::Permit);
    return shown == (flag.polarity == Polarity::OptIn ? Shown::Absent : Shown::Deny);
}

/// Why the row may not take these values; empty if it may.
std::string refusalOf(const Row& row, const Fields& fields) {
    if (!row.writable) return "Eudonet does not let the API user change record " + row.fileId;
    for (const auto& [descId, value] : fields) {
        const auto found = row.cells.find(descId);
        if (found != row.cells.end() && !found->second.writable)
            return "Eudonet does not let the API user change field " + std::to_string(descId) +
                   " of record " + row.fileId;
    }
    return "";
}

void addIfMapped(Fields& fields, const FieldName& field, const std::string& value) {
    if (field.descId != 0) fields.emplace_back(field.descId, value);
}

std::string addFlag(const Settings& settings,
                    const sdk::SlotWrite& write,
                    const Record& record,
                    const std::string& nowText,
                    Fields& fields) {
    const Flag& flag = *flagOf(settings, write.slot);
    const auto seen = std::find_if(record.seen.slots.begin(), record.seen.slots.end(),
                                   [&](const auto& reading) { return reading.slot == write.slot; });
    if (seen == record.seen.slots.end() && !record.row.cell(flag.field.descId))
        return "Eudonet does not show the API user field " + std::to_string(flag.field.descId);
    if (seen != record.seen.slots.end() && showsWanted(flag, seen->shown, write.permit)) return "";
    const auto proof = proofOf(write, nowText);
    Fields own = {{flag.field.descId, flagValue(flag, write.permit)}};
    addIfMapped(own, flag.date, proof.date);
    addIfMapped(own, flag.source, proof.source);
    const std::string refusal = refusalOf(record.row, own);
    if (refusal.empty()) fields.insert(fields.end(), own.begin(), own.end());
    return refusal;
}

/// The newest row counts, so a new one must bear a later date than those that are there.
std::string dateOfNewRow(const Settings& settings,
                         const std::vector<Row>& rows,
                         const std::string& wanted,
                         const std::string& nowText) {
    const auto mine = parseLocalTime(wanted);
    for (const auto& row : rows) {
        const Cell* cell = row.cell(settings.consents.date.descId);
        const auto other = cell ? parseLocalTime(cell->stored) : std::nullopt;
        if (mine && other && other->at >= mine->at) return nowText;
    }
    return wanted;
}

std::string addConsent(const Settings& settings,
                       const Wish& wish,
                       const sdk::SlotWrite& write,
                       const Record& record,
                       const std::string& nowText,
                       std::vector<Change>& changes) {
    const Consents& table = settings.consents;
    const std::string channel = channelOf(settings, write.slot);
    const auto choice = choiceOf(settings, channel, record.consents);
    if (choice.reading.shown == (write.permit ? Shown::Permit : Shown::Deny)) return "";
    const auto proof = proofOf(write, nowText);
    const std::string status = write.permit ? table.permit.front() : table.deny.front();
    Change change{table.tab, "", {{table.status.descId, status}}};
    addIfMapped(change.fields, table.source, proof.source);
    if (choice.row && !table.append) {
        change.fileId = choice.row->fileId;
        addIfMapped(change.fields, table.date, proof.date);
        const std::string refusal = refusalOf(*choice.row, change.fields);
        if (refusal.empty()) changes.push_back(std::move(change));
        return refusal;
    }
    const std::string key = wish.creationKey.empty() ? "" : wish.creationKey + ":" + channel;
    for (const auto& row : record.consents) {
        const Cell* cell =
            table.key.descId == 0 || key.empty() ? nullptr : row.cell(table.key.descId);
        if (cell && cell->stored == key)
            change.fileId = row.fileId;  // made by an attempt whose answer was lost
    }
    addIfMapped(change.fields, table.date,
                dateOfNewRow(settings, record.consents, proof.date, nowText));
    if (!change.fileId.empty()) {
        changes.push_back(std::move(change));
        return "";
    }
    change.fields.emplace_back(settings.contact.tab, record.row.fileId);
    addIfMapped(change.fields, table.channel, table.channels.at(channel).front());
    if (!table.purposes.empty()) addIfMapped(change.fields, table.purpose, table.purposes.front());
    if (!key.empty()) addIfMapped(change.fields, table.key, key);
    changes.push_back(std::move(change));
    return "";
}

}  // namespace

std::string problemWith(const Settings& settings, const sdk::ApplyItem& item) {
    if (item.record.object != settings.records().object)
        return "this base keeps consent on " + settings.records().object + " records";
    for (const auto& write : item.writes)
        if (!flagOf(settings, write.slot) && channelOf(settings, write.slot).empty())
            return "the settings map no slot of that name";
    return "";
}

void mergeInto(Wish& wish, const sdk::ApplyItem& item) {
    for (const auto& write : item.writes) {
        wish.slots[write.slot] = write;
        if (write.permit && item.expectedVersion != 0) wish.expectedVersion = item.expectedVersion;
    }
    if (!item.creationKey.empty()) wish.creationKey = item.creationKey;
}

Step stepFor(const Settings& settings,
             const Wish& wish,
             const Record& record,
             const std::string& nowText) {
    // A permit rests on what the hub read. If the record moved on, only what tightens is written.
    const bool moved = wish.expectedVersion != 0 && record.seen.version != 0 &&
                       record.seen.version != wish.expectedVersion;
    Step step;
    step.outcome = outcome(moved ? OutcomeKind::Conflict : OutcomeKind::Unchanged);
    step.outcome.observed = record.seen;
    Fields fields;
    std::string problem;
    for (const auto& [slot, write] : wish.slots) {
        if (write.permit && moved) continue;
        const std::string refused =
            flagOf(settings, slot)
                ? addFlag(settings, write, record, nowText, fields)
                : addConsent(settings, wish, write, record, nowText, step.changes);
        if (problem.empty()) problem = refused;
    }
    if (!fields.empty())
        step.changes.push_back({settings.records().tab, record.row.fileId, fields});
    // What may be written is, also where another slot of the record is refused.
    if (!problem.empty()) step.outcome = outcome(OutcomeKind::Rejected, problem);
    return step;
}

}  // namespace concordat::plugins::eudonet
