// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/event.h"

#include <array>
#include <utility>

namespace concordat::consent {
namespace {

constexpr std::array<std::pair<Decision, const char*>, 12> kNames{{
    {Decision::Granted, "granted"},
    {Decision::Refused, "refused"},
    {Decision::Withdrawn, "withdrawn"},
    {Decision::Objected, "objected"},
    {Decision::Pending, "pending"},
    {Decision::Contact, "contact"},
    {Decision::Expired, "expired"},
    {Decision::Invalidated, "invalidated"},
    {Decision::Voided, "voided"},
    {Decision::Merged, "merged"},
    {Decision::Unmerged, "unmerged"},
    {Decision::Erased, "erased"},
}};

}  // namespace

bool isRestriction(Decision decision) {
    return decision == Decision::Refused || decision == Decision::Withdrawn ||
           decision == Decision::Objected || decision == Decision::Erased;
}

std::string toString(Decision decision) {
    for (const auto& [value, name] : kNames)
        if (value == decision) return name;
    return {};
}

std::optional<Decision> decisionFrom(const std::string& text) {
    for (const auto& [value, name] : kNames)
        if (text == name) return value;
    return std::nullopt;
}

}  // namespace concordat::consent
