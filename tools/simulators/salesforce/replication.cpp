// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tools/simulators/salesforce/context.h"
#include "tools/simulators/salesforce/times.h"

namespace concordat::simulators::salesforce {
namespace {

constexpr std::int64_t kMinute = 60000;
constexpr std::int64_t kDay = 24 * 60 * kMinute;
constexpr std::int64_t kUpdatedDays = 30;
constexpr std::int64_t kDeletedDays = 15;
constexpr std::size_t kMostIds = 600000;

struct Window {
    std::int64_t start, end;
};

[[noreturn]] void refuse(const std::string& why) {
    throw ApiError(400, "INVALID_REPLICATION_DATE", why);
}

std::int64_t readMinute(const Request& request, const char* name) {
    auto text = request.param(name).value_or("");
    // A "+" that was not percent-encoded arrives as a space.
    std::replace(text.begin(), text.end(), ' ', '+');
    const auto at = readTime(text);
    if (!at) refuse(std::string(name) + " is not a valid date");
    return floorTo(*at, kMinute);
}

Window readWindow(const Context& context, const Request& request, std::int64_t days) {
    const Window window{readMinute(request, "start"), readMinute(request, "end")};
    if (window.end - window.start < kMinute) {
        refuse("startDate must be at least one minute before endDate");
    }
    if (window.start < context.org.stage.now() - days * kDay) {
        refuse("startDate before org replication enabled date");
    }
    return window;
}

/// Rows stamped inside the window, the end included.
template <class See>
void eachIn(const Table& table, const Window& window, const See& see) {
    const auto& times = table.byStamp();
    for (auto at = times.lower_bound({window.start, 0});
         at != times.end() && at->first <= window.end; ++at) {
        see(at->second);
    }
}

std::string covered(const Context& context, const Window& window) {
    return showTime(std::min(window.end, context.org.safeTime()));
}

Reply updated(Context& context, const Table& table, const Request& request) {
    const auto window = readWindow(context, request, kUpdatedDays);
    std::string out = "{\"ids\":[";
    eachIn(table, window, [&](RowIndex row) {
        if (table.row(row).deleted) return;
        if (context.call.items++ > 0) out += ',';
        appendQuoted(out, table.id(row));
    });
    if (context.call.items > kMostIds) throw ApiError(400, "EXCEEDED_ID_LIMIT", "too many ids");
    return jsonReply(out + "],\"latestDateCovered\":\"" + covered(context, window) + "\"}");
}

Reply deleted(Context& context, const Table& table, const Request& request) {
    const auto window = readWindow(context, request, kDeletedDays);
    std::string out = "{\"deletedRecords\":[";
    eachIn(table, window, [&](RowIndex row) {
        if (!table.row(row).deleted) return;
        if (context.call.items++ > 0) out += ',';
        out += "{\"id\":\"" + table.id(row) + "\",\"deletedDate\":\"" +
               showTime(table.row(row).modified) + "\"}";
    });
    const auto earliest = floorTo(context.org.stage.now() - kDeletedDays * kDay, kMinute);
    return jsonReply(out + "],\"earliestDateAvailable\":\"" + showTime(earliest) +
                     "\",\"latestDateCovered\":\"" + covered(context, window) + "\"}");
}

}  // namespace

Reply answerReplication(Context& context, const Step& step) {
    if (step.method() != "GET") wrongMethod(step.method(), "GET,HEAD");
    const Table& table = tableOf(context, step.parts[1]);
    context.call.name = "/sobjects/{object}/" + step.parts[2];
    return step.parts[2] == "updated" ? updated(context, table, step.request)
                                      : deleted(context, table, step.request);
}

}  // namespace concordat::simulators::salesforce
