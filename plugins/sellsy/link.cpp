// SPDX-License-Identifier: Apache-2.0
#include "plugins/sellsy/link.h"

#include <algorithm>
#include <charconv>

#include "plugins/sellsy/times.h"

namespace concordat::plugins::sellsy {
namespace {

/// A reply without a date says nothing of the vendor's clock: assume it up to so far behind ours.
constexpr std::int64_t kAssumedSkewMs = 300'000;
/// Requests in one host call at most (sdk/README.md).
constexpr std::size_t kMostRequests = 100;

std::vector<bool> readsOf(const std::vector<Call>& calls) {
    std::vector<bool> reads;
    for (const auto& call : calls) reads.push_back(isRead(call));
    return reads;
}

/// A cancelled reading ends the call; a cancelled writing leaves items of unknown fate, which the
/// caller reports.
void stopIfCancelled(const std::vector<Answer>& answers, const std::vector<bool>& reads) {
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (answers[i].ending == Ending::Cancelled &&
            std::find(reads.begin(), reads.end(), false) == reads.end())
            throw sdk::Cancelled();
}

}  // namespace

std::vector<Answer> Link::send(const std::vector<Call>& calls) {
    std::vector<Answer> answers;
    if (settings_.batchSize > 1 && calls.size() > 1) {
        for (std::size_t at = 0; at < calls.size(); at += settings_.batchSize) {
            const auto end = std::min(calls.size(), at + settings_.batchSize);
            const std::vector<Call> part(calls.begin() + static_cast<std::ptrdiff_t>(at),
                                         calls.begin() + static_cast<std::ptrdiff_t>(end));
            for (auto& answer : sendBatch(part)) answers.push_back(std::move(answer));
        }
        return answers;
    }
    std::vector<sdk::HttpRequest> requests;
    for (const auto& call : calls) requests.push_back(direct(settings_, call));
    const auto reads = readsOf(calls);
    const auto replies = exchange(requests);
    for (std::size_t i = 0; i < calls.size(); ++i)
        answers.push_back(answerOf(replies[i], reads[i]));
    stopIfCancelled(answers, reads);
    return answers;
}

std::vector<Answer> Link::sendBatch(const std::vector<Call>& calls) {
    const auto reads = readsOf(calls);
    auto answers = batchAnswers(exchange({batch(settings_, calls)}).front(), reads);
    stopIfCancelled(answers, reads);
    if (answers.front().ending != Ending::TooLarge || calls.size() == 1) return answers;
    const auto middle = calls.begin() + static_cast<std::ptrdiff_t>(calls.size() / 2);
    answers = sendBatch({calls.begin(), middle});
    for (auto& answer : sendBatch({middle, calls.end()})) answers.push_back(std::move(answer));
    return answers;
}

std::vector<Answer> Link::sendV1(const std::vector<sdk::HttpRequest>& requests) {
    std::vector<Answer> answers;
    for (const auto& reply : exchange(requests)) answers.push_back(v1Answer(reply));
    return answers;
}

std::vector<sdk::HttpReply> Link::exchange(const std::vector<sdk::HttpRequest>& requests) {
    if (requests.empty()) return {};
    const auto asked = host_.now();
    std::vector<sdk::HttpReply> replies;
    for (std::size_t at = 0; at < requests.size(); at += kMostRequests) {
        const auto end = std::min(requests.size(), at + kMostRequests);
        for (auto& reply : host_.http({requests.begin() + static_cast<std::ptrdiff_t>(at),
                                       requests.begin() + static_cast<std::ptrdiff_t>(end)}))
            replies.push_back(std::move(reply));
        replies.resize(end);
    }
    const auto answered = host_.now();
    vendorTime_ = asked;
    bool dated = false;
    for (const auto& reply : replies) dated = learn(reply, asked, answered) || dated;
    if (!dated) vendorTime_ = asked - kAssumedSkewMs;
    return replies;
}

bool Link::learn(const sdk::HttpReply& reply, sdk::EpochMs asked, sdk::EpochMs answered) {
    const auto date = reply.headers.find("date");
    const auto at = date == reply.headers.end() ? std::nullopt : parseHttpDate(date->second);
    if (at) {
        // The header is cut to the second and written after the work was done. A clock that jumped
        // ahead must not carry the cursor with it: the earlier of both clocks counts.
        vendorTime_ = std::min(*at - (answered - asked), vendorTime_);
        skewMs_ = *at + 500 - (asked + answered) / 2;
    }
    for (const char* window : {"second", "minute", "day", "month"}) {
        const auto found = reply.headers.find(std::string("x-quota-remaining-by-") + window);
        std::int64_t left = 0;
        if (found == reply.headers.end()) continue;
        const auto& text = found->second;
        if (std::from_chars(text.data(), text.data() + text.size(), left).ec == std::errc())
            quotaLeft_[window] = left;
    }
    if (reply.status == 0 || reply.status >= 400)
        lastError_ =
            "the last error was " + (reply.status == 0 ? std::string("a connection that failed")
                                                       : "HTTP " + std::to_string(reply.status));
    return at.has_value();
}

}  // namespace concordat::plugins::sellsy
