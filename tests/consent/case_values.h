// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values of text cases: times, keys, evidence, the company. Each throws std::exception on text it
// cannot read.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "tests/consent/pure_room.h"

namespace concordat::tests {

std::string textOf(const YAML::Node& node, const std::string& otherwise = {});
/// One text or a list of them.
std::vector<std::string> listOf(const YAML::Node& node);
bool isYes(const YAML::Node& node);

/// "10:00" (of the day 2026-03-02), "2025-01-31 10:00:30", "2025-01-31", each with an optional zone
/// "+01:00": as precise as it is written.
std::optional<sdk::VendorTime> vendorTime(const YAML::Node& node);
consent::EpochMs instant(const YAML::Node& node);

sdk::Shown shownFrom(const std::string& text);
/// "news/email", or "beta:news/email" for another scope than acme.
consent::Key keyFrom(std::string text);
sdk::Evidence evidenceFrom(const YAML::Node& node);

Company companyFrom(const YAML::Node& node);
/// `base` with what `over` says differently.
YAML::Node merged(const YAML::Node& base, const YAML::Node& over);

}  // namespace concordat::tests
