// SPDX-License-Identifier: Apache-2.0
#include "plugins/eudonet/link.h"

#include <algorithm>

namespace concordat::plugins::eudonet {
namespace {

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
    const auto replies = exchange_.send(requests);
    std::vector<Answer> answers;
    for (std::size_t i = 0; i < replies.size(); ++i) {
        for (const char* name : {"x-call-remain", "x-call-byip-remain"})
            if (const auto left = sdk::numberIn(replies[i], name)) quotaLeft_[name] = *left;
        answers.push_back(answerOf(replies[i], requests[i].idempotent));
        if (answers.back().ending == Ending::Cancelled && requests[i].idempotent)
            throw sdk::Cancelled();
        if (answers.back().ending != Ending::Done) lastError_ = answers.back().reason;
    }
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

}  // namespace concordat::plugins::eudonet
