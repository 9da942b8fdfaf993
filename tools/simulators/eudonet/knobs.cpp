// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/eudonet/knobs.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace concordat::simulators::eudonet {
namespace {

bool has(const std::vector<int>& list, int descId) {
    return std::find(list.begin(), list.end(), descId) != list.end();
}

}  // namespace

bool Knobs::mayWrite(int descId) const { return !has(read_only_fields, descId) && mayView(descId); }

bool Knobs::mayView(int descId) const { return !has(hidden_fields, descId); }

bool Knobs::isLocked(int fileId) const { return locked_every > 0 && fileId % locked_every == 0; }

bool setKnob(Knobs& knobs, const std::string& name, const nlohmann::json& value) {
    if (name == "empty_answers") return value.get_to(knobs.empty_answers), true;
    if (name == "html_entities") return value.get_to(knobs.html_entities), true;
    if (name == "quota_http_429") return value.get_to(knobs.quota_http_429), true;
    if (name == "quota_window_s") return value.get_to(knobs.quota_window_s), true;
    if (name == "locked_every") return value.get_to(knobs.locked_every), true;
    if (name == "read_only_fields") return value.get_to(knobs.read_only_fields), true;
    if (name == "hidden_fields") return value.get_to(knobs.hidden_fields), true;
    return false;
}

nlohmann::json showKnobs(const Knobs& knobs) {
    return {{"empty_answers", knobs.empty_answers},   {"html_entities", knobs.html_entities},
            {"quota_http_429", knobs.quota_http_429}, {"quota_window_s", knobs.quota_window_s},
            {"locked_every", knobs.locked_every},     {"read_only_fields", knobs.read_only_fields},
            {"hidden_fields", knobs.hidden_fields}};
}

}  // namespace concordat::simulators::eudonet
