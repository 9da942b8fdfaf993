// SPDX-License-Identifier: Apache-2.0
#include "sdk/concordat/exchange.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "sdk/concordat/times.h"

namespace concordat::sdk {
namespace {

/// Requests in one host call at most (sdk/README.md).
constexpr std::size_t kMostRequests = 100;
/// A reply without a date says nothing of the vendor's clock: assume it up to so far behind ours.
constexpr std::int64_t kAssumedSkewMs = 300'000;
constexpr std::int64_t kSkewWarnMs = 120'000;

}  // namespace

std::vector<HttpReply> Exchange::send(const std::vector<HttpRequest>& requests) {
    if (requests.empty()) return {};
    asked_ = host_.now();
    std::vector<HttpReply> replies;
    replies.reserve(requests.size());
    for (std::size_t at = 0; at < requests.size(); at += kMostRequests) {
        const auto end = std::min(requests.size(), at + kMostRequests);
        for (auto& reply : host_.http({requests.begin() + static_cast<std::ptrdiff_t>(at),
                                       requests.begin() + static_cast<std::ptrdiff_t>(end)}))
            replies.push_back(std::move(reply));
        replies.resize(end);
    }
    const auto answered = host_.now();
    vendorTime_.reset();
    for (const auto& reply : replies) learn(reply, answered);
    return replies;
}

void Exchange::learn(const HttpReply& reply, EpochMs answered) {
    const auto date = reply.headers.find("date");
    const auto at = date == reply.headers.end() ? std::nullopt : parseHttpDate(date->second);
    if (at) {
        // The header is cut to the second and written after the work was done.
        const auto before = *at - (answered - asked_);
        vendorTime_ = vendorTime_ ? std::min(*vendorTime_, before) : before;
        skewMs_ = *at + 500 - (asked_ + answered) / 2;
    }
    if (reply.status == 0 || reply.status >= 400)
        lastError_ =
            "the last error was " + (reply.status == 0 ? std::string("a connection that failed")
                                                       : "HTTP " + std::to_string(reply.status));
}

EpochMs Exchange::cautiousTime() const {
    return vendorTime_ ? std::min(*vendorTime_, asked_) : asked_ - kAssumedSkewMs;
}

Probe clockProbe(const std::optional<std::int64_t>& skewMs, const std::string& vendor) {
    if (!skewMs) return {"clock", ProbeState::Warn, "no reply had a date", ""};
    const std::string text =
        std::to_string(*skewMs / 1000) + " s between " + vendor + "'s clock and the hub's";
    if (std::llabs(*skewMs) < kSkewWarnMs) return {"clock", ProbeState::Pass, text, ""};
    return {"clock", ProbeState::Warn, text, "check the time service of the hub's machine"};
}

std::optional<std::int64_t> numberIn(const HttpReply& reply, const std::string& header) {
    const auto found = reply.headers.find(header);
    if (found == reply.headers.end()) return std::nullopt;
    std::int64_t number = 0;
    const auto& text = found->second;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc())
        return std::nullopt;
    return number;
}

}  // namespace concordat::sdk
