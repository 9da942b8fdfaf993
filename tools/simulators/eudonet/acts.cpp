// SPDX-License-Identifier: Apache-2.0
// What the admin endpoint asks of the base: persons' acts, records, counts, settings.
#include <algorithm>
#include <shared_mutex>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tools/simulators/eudonet/api.h"
#include "tools/simulators/eudonet/refusal.h"
#include "tools/simulators/eudonet/values.h"

namespace concordat::simulators::eudonet {
namespace {

using nlohmann::json;

/// `"object": "400"` or 400; the contacts when it is left out.
int tabOf(const json& order) {
    const auto object = order.find("object");
    if (object == order.end() || (object->is_string() && object->get<std::string>().empty())) {
        return 200;
    }
    return object->is_number_integer() ? object->get<int>() : std::stoi(object->get<std::string>());
}

std::vector<std::size_t> emailColumns(const Table& table) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < table.fields.size(); ++i) {
        if (table.fields[i].kind == FieldKind::Email) out.push_back(i);
    }
    return out;
}

std::vector<int> withEmail(const Rows& rows, const std::string& email) {
    std::vector<int> out;
    for (const std::size_t column : emailColumns(rows.table())) {
        for (const int id : rows.candidates(column, email)) {
            if (folded(rows.value(*rows.find(id), column)) == folded(email)) out.push_back(id);
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

json recordJson(const Rows& rows, int fileId) {
    const Row& row = *rows.find(fileId);
    json out = {{"FileId", fileId}, {"Tab", rows.table().descId}};
    for (std::size_t i = 0; i < rows.table().fields.size(); ++i) {
        out[std::to_string(rows.table().fields[i].descId)] = rows.value(row, i);
    }
    return out;
}

/// `"set": {"431": "1"}` as a CUD body with lower-case keys.
json asFields(const json& order) {
    json fields = json::array();
    const json set = order.value("set", json::object());
    for (const auto& [descId, value] : set.items()) {
        fields.push_back({{"descid", std::stoi(descId)}, {"value", value}});
    }
    return {{"fields", fields}};
}

}  // namespace

int Eudonet::findRecord(int tab, const json& order) const {
    if (order.contains("id")) {
        const json& id = order["id"];
        return id.is_string() ? std::stoi(id.get<std::string>()) : id.get<int>();
    }
    const std::shared_lock lock(base_.mutex);
    const auto found = withEmail(base_.rows(tab), order.value("email", ""));
    if (found.empty()) throw std::invalid_argument("no record has this id or e-mail");
    return found.front();
}

json Eudonet::act(const json& order) {
    const std::string verb = order.value("do", "");
    const Doer doer{"user:" + order.value("user", "demo"), "", "act"};
    try {
        const int tab = tabOf(order);
        if (verb == "create") {
            const int id = writer_.create(tab, readChanges(base_, tab, asFields(order)), doer);
            return {{"FileId", id}, {"Tab", tab}};
        }
        const int id = findRecord(tab, order);
        if (verb == "delete") {
            writer_.remove(tab, id, doer);
            return {{"FileId", id}, {"Tab", tab}};
        }
        if (verb != "update") {
            throw std::invalid_argument("do: create, update or delete; this vendor has no archive");
        }
        writer_.update(tab, id, readChanges(base_, tab, asFields(order)), doer);
        const std::shared_lock lock(base_.mutex);
        return recordJson(base_.rows(tab), id);
    } catch (const Refusal& refusal) {
        throw std::invalid_argument(refusal.what());
    }
}

json Eudonet::records(const RecordQuery& query) {
    const std::shared_lock lock(base_.mutex);
    json out = json::array();
    try {
        const Rows& rows = base_.rows(tabOf({{"object", query.object}}));
        if (!query.id.empty()) {
            const int id = std::stoi(query.id);
            if (rows.find(id)) out.push_back(recordJson(rows, id));
        } else if (!query.email.empty()) {
            for (const int id : withEmail(rows, query.email)) out.push_back(recordJson(rows, id));
        } else {
            std::uint64_t skip = query.offset;
            for (int id = 1; id <= rows.lastFileId() && out.size() < query.limit; ++id) {
                if (!rows.find(id)) continue;
                if (skip > 0) {
                    --skip;
                } else {
                    out.push_back(recordJson(rows, id));
                }
            }
        }
    } catch (const Refusal& refusal) {
        throw std::invalid_argument(refusal.what());
    }
    return out;
}

json Eudonet::summary() {
    const std::shared_lock lock(base_.mutex);
    json out = json::object();
    for (const Table& table : base_.schema().tables) {
        out[std::to_string(table.descId)] = base_.rows(table.descId).size();
    }
    return out;
}

bool Eudonet::set(const std::string& name, const json& value) {
    const std::lock_guard lock(mutex_);
    askedBefore_.clear();
    return setKnob(knobs_, name, value);
}

json Eudonet::settings() { return showKnobs(knobs()); }

void Eudonet::expireTokens() { sessions_.expireAll(); }

void Eudonet::reset() {
    const std::unique_lock lock(base_.mutex);
    base_.populate(stage_.world);
    annexes_ = 0;
}

void Eudonet::replay(const Write& write) {
    if (write.field == "annex") {
        ++annexes_;
    } else {
        writer_.replay(write);
    }
}

}  // namespace concordat::simulators::eudonet
