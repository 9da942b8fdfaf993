// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace concordat::simulators::eudonet {

/// What /_admin/settings turns besides the stage's own settings. A value.
struct Knobs {
    double empty_answers = 0;     ///< chance that the first answer to a search shows no rows
    bool html_entities = true;    ///< displayed text has &#039; and its like
    bool quota_http_429 = false;  ///< error 300 comes with HTTP 429 instead of 200
    int quota_window_s = 20;
    int locked_every = 0;  ///< rows whose file id it divides may not be changed; 0: none
    std::vector<int> read_only_fields;  ///< DescIds with UpdateAllowed false
    std::vector<int> hidden_fields;     ///< DescIds with ViewAllowed false

    bool mayWrite(int descId) const;
    bool mayView(int descId) const;
    bool isLocked(int fileId) const;
};

/// Sets one knob by its name; false when there is none of that name. Throws a JSON exception for
/// a value of the wrong type.
bool setKnob(Knobs& knobs, const std::string& name, const nlohmann::json& value);
nlohmann::json showKnobs(const Knobs& knobs);

}  // namespace concordat::simulators::eudonet
