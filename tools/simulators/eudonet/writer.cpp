// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/eudonet/writer.h"

#include <mutex>

#include <nlohmann/json.hpp>

#include "tools/simulators/eudonet/refusal.h"
#include "tools/simulators/eudonet/values.h"
#include "tools/simulators/stage/paris_time.h"

namespace concordat::simulators::eudonet {
namespace {

using nlohmann::json;

constexpr const char* kExists = "exists";

std::string jsonText(const std::string& text) {
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

Write write(std::int64_t ms, const std::string& object, int fileId, const std::string& field) {
    Write one;
    one.virtual_at = ms;
    one.object = object;
    one.id = std::to_string(fileId);
    one.field = field;
    return one;
}

/// The journal copies an object's and a field's text in append(): until then they live here.
class Batch {
 public:
    Batch(std::int64_t ms, int tab, int fileId)
        : ms_(ms), object_(std::to_string(tab)), fileId_(fileId) {}

    void exists(bool before, bool after) {
        add(kExists, before ? "true" : "false", after ? "true" : "false");
    }

    void value(int descId, const std::string& before, const std::string& after) {
        add(std::to_string(descId), jsonText(before), jsonText(after));
    }

    bool empty() const { return entries_.empty(); }

    void append(Journal& journal, const Doer& doer) {
        std::vector<Write> writes;
        for (const Entry& entry : entries_) {
            writes.push_back(write(ms_, object_, fileId_, entry.field));
            writes.back().before = entry.before;
            writes.back().after = entry.after;
        }
        journal.append(doer, std::move(writes));
    }

 private:
    struct Entry {
        std::string field, before, after;
    };

    void add(std::string field, std::string before, std::string after) {
        entries_.push_back({std::move(field), std::move(before), std::move(after)});
    }

    std::int64_t ms_;
    std::string object_;
    int fileId_;
    std::vector<Entry> entries_;
};

void put(const Table& table, std::vector<std::string>& values, int descId, std::string value) {
    if (const auto column = table.column(descId)) values[*column] = std::move(value);
}

void checkMandatory(const Table& table, const std::vector<std::string>& values) {
    for (std::size_t column = 0; column < table.fields.size(); ++column) {
        if (table.fields[column].mandatory && values[column].empty()) {
            throw Refusal(ErrorNumber::missingValue,
                          "Rubrique obligatoire : " + std::to_string(table.fields[column].descId));
        }
    }
}

std::string asText(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    throw Refusal(ErrorNumber::badValue, "Value doit être un texte");
}

/// The field that a client means by `descId` when it writes.
const Field& writableField(const Table& table, int descId) {
    const auto link = table.column(descId + 1);
    const bool parent = descId % 100 == 0 && link && table.fields[*link].kind == FieldKind::Link;
    const auto column = parent ? link : table.column(descId);
    if (!column) {
        throw Refusal(ErrorNumber::unknownField, "Rubrique inconnue : " + std::to_string(descId));
    }
    const Field& field = table.fields[*column];
    const bool linkByLabel = field.kind == FieldKind::Link && !parent;
    if (field.readOnly || linkByLabel) {
        throw Refusal(ErrorNumber::notAllowed,
                      "Rubrique non modifiable : " + std::to_string(descId));
    }
    return field;
}

}  // namespace

Changes readChanges(const Base& base, int tab, const json& body) {
    const Table& table = base.rows(tab).table();
    const auto fields = body.find("fields");
    if (fields == body.end() || !fields->is_array()) {
        throw Refusal(ErrorNumber::badRequest, "Fields obligatoire");
    }
    Changes changes;
    for (const auto& one : *fields) {
        const int descId = one.value("descid", 0);
        const Field& field = writableField(table, descId);
        auto stored = storedFrom(base.schema(), field, asText(one.value("value", json())));
        if (!stored) {
            throw Refusal(ErrorNumber::badValue, "Valeur invalide : " + std::to_string(descId));
        }
        changes[field.descId] = std::move(*stored);
    }
    return changes;
}

std::int64_t Writer::stampMs() const {
    return stage_.now() - std::int64_t{stage_.settings.late_visibility_s} * 1000;
}

std::int64_t Writer::wallOf(std::int64_t ms) const {
    const std::int64_t wall = paris::wallSeconds(ms / 1000);
    return minutePrecision_ ? wall - wall % 60 : wall;
}

void Writer::checkLinks(const Table& table, const Changes& changes) const {
    for (const auto& [descId, value] : changes) {
        const Field& field = table.fields[*table.column(descId)];
        if (field.kind != FieldKind::Link || value.empty()) continue;
        if (!base_.rows(descId - 1).find(std::stoi(value))) {
            throw Refusal(ErrorNumber::badValue,
                          "Fiche liée introuvable : " + std::to_string(descId - 1));
        }
    }
}

int Writer::create(int tab, const Changes& changes, const Doer& doer) {
    const std::unique_lock lock(base_.mutex);
    Rows& rows = base_.rows(tab);
    const Table& table = rows.table();
    std::vector<std::string> values(table.fields.size());
    for (const auto& [descId, value] : changes) put(table, values, descId, value);
    checkMandatory(table, values);
    checkLinks(table, changes);
    const std::int64_t ms = stampMs();
    const int fileId = rows.lastFileId() + 1;
    for (const Field& field : table.fields) {
        if (field.kind != FieldKind::AutoId) continue;
        put(table, values, field.descId, std::to_string(fileId));
    }
    Batch batch(ms, tab, fileId);
    batch.exists(false, true);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!values[i].empty()) batch.value(table.fields[i].descId, "", values[i]);
    }
    // The history has the actor of each write already: replay() takes these two from there.
    put(table, values, tab + kCreatedBy, doer.actor);
    put(table, values, tab + kModifiedBy, doer.actor);
    rows.add(wallOf(ms), values);
    batch.append(stage_.journal, doer);
    return fileId;
}

void Writer::update(int tab, int fileId, const Changes& changes, const Doer& doer) {
    const std::unique_lock lock(base_.mutex);
    Rows& rows = base_.rows(tab);
    const Row* row = rows.find(fileId);
    if (!row) throw Refusal(ErrorNumber::unknownFile, "Fiche introuvable");
    const Table& table = rows.table();
    auto values = rows.unpack(*row);
    const std::int64_t ms = stampMs();
    Batch batch(ms, tab, fileId);
    for (const auto& [descId, value] : changes) {
        std::string& current = values[*table.column(descId)];
        if (current != value) batch.value(descId, current, value);
        current = value;
    }
    checkMandatory(table, values);
    checkLinks(table, changes);
    if (batch.empty()) return;
    put(table, values, tab + kModifiedBy, doer.actor);
    rows.replace(fileId, wallOf(ms), values);
    batch.append(stage_.journal, doer);
}

void Writer::remove(int tab, int fileId, const Doer& doer) {
    const std::unique_lock lock(base_.mutex);
    if (!base_.rows(tab).find(fileId)) throw Refusal(ErrorNumber::unknownFile, "Fiche introuvable");
    const std::int64_t ms = stampMs();
    for (const Table& table : base_.schema().tables) {
        const auto link = table.column(tab + 1);
        if (table.descId == tab || !link) continue;
        Rows& below = base_.rows(table.descId);
        for (const int id : below.candidates(*link, std::to_string(fileId))) {
            // An address outlives its company; it is nothing without its contact.
            if (!table.fields[*link].mandatory || !below.remove(id)) continue;
            Batch batch(ms, table.descId, id);
            batch.exists(true, false);
            batch.append(stage_.journal, doer);
        }
    }
    base_.rows(tab).remove(fileId);
    Batch batch(ms, tab, fileId);
    batch.exists(true, false);
    batch.append(stage_.journal, doer);
}

void Writer::replay(const Write& write) {
    const int tab = std::stoi(std::string(write.object));
    const int fileId = std::stoi(write.id);
    const std::unique_lock lock(base_.mutex);
    Rows& rows = base_.rows(tab);
    if (write.field != kExists) {
        replayField(rows, fileId, write);
    } else if (write.after == "true") {
        std::vector<std::string> values(rows.table().fields.size());
        put(rows.table(), values, tab + kCreatedBy, std::string(write.actor));
        rows.add(wallOf(write.virtual_at), values);
    } else {
        rows.remove(fileId);
    }
}

void Writer::replayField(Rows& rows, int fileId, const Write& write) {
    const auto column = rows.table().column(std::stoi(std::string(write.field)));
    const Row* row = rows.find(fileId);
    if (!column || !row) {
        throw std::runtime_error("the state file does not fit this layout; start with another");
    }
    auto values = rows.unpack(*row);
    values[*column] = json::parse(write.after).get<std::string>();
    put(rows.table(), values, rows.table().descId + kModifiedBy, std::string(write.actor));
    rows.replace(fileId, wallOf(write.virtual_at), values);
}

}  // namespace concordat::simulators::eudonet
