// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tools/simulators/salesforce/context.h"
#include "tools/simulators/salesforce/cursors.h"
#include "tools/simulators/salesforce/ids.h"

namespace concordat::simulators::salesforce {
namespace {

constexpr std::size_t kMostCursors = 10000;
constexpr std::size_t kSmallestPage = 200;
constexpr std::size_t kLargestPage = 2000;

std::size_t pageSize(const Org& org, const Request& request) {
    const auto header = request.header("Sforce-Query-Options");
    std::size_t page = kLargestPage;
    if (const auto at = header.find("batchSize="); at != std::string_view::npos) {
        const auto digits = header.substr(at + 10);
        page = 0;
        for (const char c : digits) {
            if (c < '0' || c > '9' || page > kLargestPage) break;
            page = page * 10 + static_cast<std::size_t>(c - '0');
        }
    }
    page = std::clamp(page, kSmallestPage, kLargestPage);
    const auto less = static_cast<std::size_t>(std::max(0, org.short_pages.load()));
    return page > less ? page - less : 1;
}

struct Page {
    std::size_t from;
    std::string locator;
};

Reply showPage(Context& context, const Cursor& cursor, const Page& page) {
    const auto to = std::min(cursor.rows.size(), page.from + cursor.page);
    const bool done = to == cursor.rows.size();
    std::string out = "{\"totalSize\":" + std::to_string(cursor.rows.size()) +
                      ",\"done\":" + (done ? "true" : "false");
    if (!done) {
        out += ",\"nextRecordsUrl\":\"" + context.base + "/query/" + page.locator + "-" +
               std::to_string(to) + "\"";
    }
    out += ",\"records\":[";
    out.reserve(out.size() + (to - page.from) * 320);
    const Table& table = context.org.database.table(cursor.select.object);
    for (auto i = page.from; i < to; ++i) {
        if (cursor.rows[i] >= table.size()) continue;
        if (out.back() != '[') out += ',';
        appendRecord(out, RowView(context.org.database, table, cursor.rows[i]), cursor.select);
    }
    context.call.items += to - page.from;
    return jsonReply(out + "]}");
}

Reply firstPage(Context& context, const Step& step, bool all) {
    const auto text = step.request.param("q");
    if (!text) throw ApiError(400, "MALFORMED_QUERY", "A query string has to be specified");
    auto cursor = std::make_shared<Cursor>();
    cursor->select = parseSoql(context.org, *text);
    cursor->rows = runSelect(context.org.database, cursor->select, all);
    if (cursor->select.count) {
        return jsonReply("{\"totalSize\":" + std::to_string(cursor->rows.size()) +
                         ",\"done\":true,\"records\":[]}");
    }
    cursor->page = pageSize(context.org, step.request);
    cursor->opened = context.org.stage.now();
    const bool more = cursor->rows.size() > cursor->page;
    return showPage(context, *cursor, {0, more ? context.cursors.add(cursor) : std::string()});
}

Reply nextPage(Context& context, const std::string& locator) {
    const auto dash = locator.rfind('-');
    const auto digits = dash == std::string::npos ? std::string() : locator.substr(dash + 1);
    const bool number = !digits.empty() && digits.size() < 10 &&
                        digits.find_first_not_of("0123456789") == std::string::npos;
    const auto cursor =
        number ? context.cursors.find(locator.substr(0, dash), context.org.stage.now(),
                                      context.org.locator_lifetime_s * std::int64_t{1000})
               : nullptr;
    if (!cursor || std::stoull(digits) > cursor->rows.size()) {
        throw ApiError(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    }
    return showPage(context, *cursor, {std::stoull(digits), locator.substr(0, dash)});
}

}  // namespace

std::string Cursors::add(std::shared_ptr<const Cursor> cursor) {
    const std::lock_guard lock(mutex_);
    const auto id = makeId("01g", ++last_);
    open_[id] = std::move(cursor);
    ages_.push_back(id);
    if (ages_.size() > kMostCursors) {
        open_.erase(ages_.front());
        ages_.pop_front();
    }
    return id;
}

std::shared_ptr<const Cursor> Cursors::find(const std::string& id,
                                            std::int64_t now,
                                            std::int64_t lifetime) {
    const std::lock_guard lock(mutex_);
    const auto at = open_.find(id);
    if (at == open_.end() || now - at->second->opened > lifetime) return nullptr;
    return at->second;
}

Reply answerQuery(Context& context, const Step& step) {
    if (step.method() != "GET") wrongMethod(step.method(), "GET,HEAD");
    if (step.parts.size() > 2) notFound();
    context.call.name = "/" + step.parts[0] + (step.parts.size() > 1 ? "/{locator}" : "");
    if (context.call.fault && context.call.fault->kind == "query_timeout") {
        throw ApiError(400, "QUERY_TIMEOUT", "Your query request was running for too long.");
    }
    if (step.parts.size() == 2) return nextPage(context, step.parts[1]);
    return firstPage(context, step, step.parts[0] == "queryAll");
}

}  // namespace concordat::simulators::salesforce
