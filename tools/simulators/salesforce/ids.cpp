// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/ids.h"

#include <algorithm>

namespace concordat::simulators::salesforce {
namespace {

constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kChecks = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
constexpr std::string_view kPod = "5e0000";  // where a real id names the instance
constexpr std::size_t kShort = 15;
constexpr std::size_t kFull = 18;

std::string checksum(std::string_view id) {
    std::string out;
    for (std::size_t group = 0; group < 3; ++group) {
        std::size_t bits = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            const char c = id[group * 5 + i];
            if (c >= 'A' && c <= 'Z') bits |= std::size_t{1} << i;
        }
        out += kChecks[bits];
    }
    return out;
}

bool wellFormed(std::string_view id) {
    if (id.size() != kShort && id.size() != kFull) return false;
    return std::all_of(id.begin(), id.end(),
                       [](char c) { return kDigits.find(c) != std::string_view::npos; });
}

}  // namespace

std::string makeId(std::string_view prefix, std::uint64_t number) {
    std::string tail(kShort - prefix.size() - kPod.size(), '0');
    for (auto at = tail.rbegin(); at != tail.rend(); ++at) {
        *at = kDigits[number % kDigits.size()];
        number /= kDigits.size();
    }
    std::string id(prefix);
    id += kPod;
    id += tail;
    return id + checksum(id);
}

std::optional<std::string> fullId(std::string_view id) {
    if (!wellFormed(id)) return std::nullopt;
    const std::string full = std::string(id.substr(0, kShort)) + checksum(id);
    if (id.size() == kFull && full != id) return std::nullopt;
    return full;
}

std::optional<std::uint64_t> readId(std::string_view prefix, std::string_view id) {
    if (!fullId(id) || id.substr(0, prefix.size()) != prefix) return std::nullopt;
    const auto digits = id.substr(prefix.size(), kShort - prefix.size());
    if (digits.substr(0, kPod.size()) != kPod) return ~std::uint64_t{0} >> 1;
    std::uint64_t number = 0;
    for (const char c : digits.substr(kPod.size())) {
        number = number * kDigits.size() + kDigits.find(c);
    }
    return number;
}

}  // namespace concordat::simulators::salesforce
