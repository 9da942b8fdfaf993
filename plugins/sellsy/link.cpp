// SPDX-License-Identifier: Apache-2.0
#include "plugins/sellsy/link.h"

#include <algorithm>

namespace concordat::plugins::sellsy {
namespace {

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
    auto replies = exchange_.send(requests);
    for (const auto& reply : replies)
        for (const char* window : {"second", "minute", "day", "month"})
            if (const auto left =
                    sdk::numberIn(reply, std::string("x-quota-remaining-by-") + window))
                quotaLeft_[window] = *left;
    return replies;
}

}  // namespace concordat::plugins::sellsy
