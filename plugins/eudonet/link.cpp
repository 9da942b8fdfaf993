// SPDX-License-Identifier: Apache-2.0
#include "plugins/eudonet/link.h"

#include <algorithm>
#include <charconv>

#include "plugins/eudonet/times.h"

namespace concordat::plugins::eudonet {
namespace {

/// A reply without a date says nothing of the vendor's clock: assume it up to so far behind ours.
constexpr std::int64_t kAssumedSkewMs = 300'000;
/// Requests in one host call at most (sdk/README.md).
constexpr std::size_t kMostRequests = 100;
/// A search that never ends is a fault; more rows of a few dozen people there cannot be.
constexpr int kMostPages = 200;

Answer notAPage(Answer answer) {
    if (answer.ending != Ending::Done) return answer;
    answer.ending = Ending::Later;
    answer.retryAfterMs = 2'000;
    answer.reason = "Eudonet's search did not answer with a page";
    return answer;
}

void append(std::vector<Row>& rows, std::vector<Row>&& more) {
    for (auto& row : more) rows.push_back(std::move(row));
}

}  // namespace

std::vector<Answer> Link::send(const std::vector<sdk::HttpRequest>& requests) {
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
    std::vector<Answer> answers;
    for (std::size_t i = 0; i < replies.size(); ++i) {
        dated = learn(replies[i], asked, answered) || dated;
        answers.push_back(answerOf(replies[i], requests[i].idempotent));
        if (answers.back().ending == Ending::Cancelled && requests[i].idempotent)
            throw sdk::Cancelled();
        if (answers.back().ending != Ending::Done) lastError_ = answers.back().reason;
    }
    if (!dated) vendorTime_ = asked - kAssumedSkewMs;
    return answers;
}

Rows Link::all(SearchWish wish) {
    Rows found;
    for (int attempt = 0; attempt < 2 && found.rows.empty(); ++attempt) {
        wish.page = 1;
        auto answers = send({search(settings_, wish)});
        const auto first = pageOf(answers.front());
        const int told = first ? first->totalPages : 1;
        std::vector<sdk::HttpRequest> others;
        for (wish.page = 2; wish.page <= std::min(told, kMostPages); ++wish.page)
            others.push_back(search(settings_, wish));
        for (auto& answer : send(others)) answers.push_back(std::move(answer));
        bool full = false;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            auto page = pageOf(answers[i]);
            if (!page) return {{}, notAPage(std::move(answers[i]))};
            full = page->sent >= static_cast<std::size_t>(kPageSize);
            append(found.rows, std::move(page->rows));
            // Without a count of pages only a page that is not full says that it is the last.
            if (i + 1 < answers.size() || !full || told > 0 || wish.page > kMostPages) continue;
            answers.push_back(send({search(settings_, wish)}).front());
            ++wish.page;
        }
    }
    return found;
}

Rows Link::inList(int tab,
                  const std::vector<int>& columns,
                  int field,
                  const std::vector<std::string>& values) {
    Rows found;
    for (std::size_t at = 0; at < values.size(); at += kPageSize) {
        std::string list;
        for (std::size_t i = at; i < std::min(values.size(), at + kPageSize); ++i)
            list += (list.empty() ? "" : ";") + values[i];
        SearchWish wish;
        wish.tab = tab;
        wish.columns = columns;
        wish.where = {{field, Operator::InList, list}};
        auto part = all(std::move(wish));
        append(found.rows, std::move(part.rows));
        if (part.failure) found.failure = part.failure;
    }
    return found;
}

bool Link::learn(const sdk::HttpReply& reply, sdk::EpochMs asked, sdk::EpochMs answered) {
    for (const char* name : {"x-call-remain", "x-call-byip-remain"}) {
        const auto found = reply.headers.find(name);
        std::int64_t left = 0;
        if (found == reply.headers.end()) continue;
        const auto& text = found->second;
        if (std::from_chars(text.data(), text.data() + text.size(), left).ec == std::errc())
            quotaLeft_[name] = left;
    }
    const auto date = reply.headers.find("date");
    const auto at = date == reply.headers.end() ? std::nullopt : parseHttpDate(date->second);
    if (!at) return false;
    // The header is cut to the second and written after the work was done. A clock that jumped
    // ahead must not carry the cursor with it: the earlier of both clocks counts.
    vendorTime_ = std::min(*at - (answered - asked), vendorTime_);
    skewMs_ = *at + 500 - (asked + answered) / 2;
    return true;
}

}  // namespace concordat::plugins::eudonet
