// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/proof.h"

#include <array>

namespace concordat::consent {
namespace {

struct Unit {
    sdk::Precision precision;
    std::int64_t ms;
    char letter;
};
constexpr std::array<Unit, 4> kUnits{{{sdk::Precision::Second, 1000, 's'},
                                      {sdk::Precision::Minute, 60'000, 'm'},
                                      {sdk::Precision::Hour, 3'600'000, 'h'},
                                      {sdk::Precision::Day, kDayMs, 'd'}}};

std::int64_t floorDivide(std::int64_t value, std::int64_t by) {
    return value / by - (value % by < 0 ? 1 : 0);
}

std::string timeText(EpochMs at, const Unit& unit) {
    return unit.letter + std::to_string(floorDivide(at, unit.ms));
}

/// Milliseconds count as seconds: few vendors keep them.
const Unit& unitOf(sdk::Precision precision) {
    for (const auto& unit : kUnits)
        if (unit.precision == precision) return unit;
    return kUnits.front();
}

std::string timeText(const std::optional<sdk::VendorTime>& time) {
    return time ? timeText(time->at, unitOf(time->precision)) : std::string();
}

/// FNV-1a twice, with two starts: a short name for equality, not a secret and not a proof.
std::string fingerprint(const std::string& text) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string result;
    for (std::uint64_t hash : {0xcbf29ce484222325ULL, 0x84222325cbf29ce4ULL}) {
        for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
        for (int shift = 60; shift >= 0; shift -= 4) result += kHex[(hash >> shift) & 15U];
    }
    return result;
}

std::string nameOf(const std::string& source,
                   const std::string& captured,
                   const std::string& confirmed) {
    if (source.empty() && captured.empty() && confirmed.empty()) return {};
    return fingerprint(source + '\n' + captured + '\n' + confirmed);
}

}  // namespace

bool isProven(const Event& grant, const Purpose* purpose) {
    if (!grant.proof) return false;
    const Proof& proof = *grant.proof;
    if (proof.trusted) return true;
    if (!proof.capturedAt || proof.source.empty()) return false;
    return !(purpose && purpose->doubleOptIn) || proof.confirmedAt.has_value();
}

bool mayOverride(const Proof& proof) { return proof.held || proof.trusted || proof.knownSource; }

bool saysSomething(const sdk::Evidence& evidence) {
    return evidence.capturedAt || evidence.confirmedAt || !evidence.source.empty() ||
           !evidence.noticeId.empty() || !evidence.method.empty();
}

std::string evidenceHash(const sdk::Evidence& evidence) {
    return nameOf(evidence.source, timeText(evidence.capturedAt), timeText(evidence.confirmedAt));
}

std::vector<std::string> evidenceHashes(const Proof& proof) {
    std::vector<std::string> result;
    if (!proof.hash.empty()) result.push_back(proof.hash);
    if (!proof.capturedAt) return result;
    for (const auto& unit : kUnits) {
        // A vendor's date may be the day before or after in UTC.
        const std::int64_t reach = unit.precision == sdk::Precision::Day ? kDayMs : 0;
        for (std::int64_t shift = -reach; shift <= reach; shift += kDayMs) {
            const auto captured = timeText(*proof.capturedAt + shift, unit);
            result.push_back(nameOf(proof.source, captured, ""));
            if (proof.confirmedAt)
                result.push_back(
                    nameOf(proof.source, captured, timeText(*proof.confirmedAt + shift, unit)));
        }
    }
    return result;
}

}  // namespace concordat::consent
