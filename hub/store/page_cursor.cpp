// SPDX-License-Identifier: Apache-2.0
#include "hub/store/page_cursor.h"

#include <charconv>

#include "hub/consent/error.h"
#include "hub/store/store.h"

namespace concordat::store {

std::string joinCursor(const std::vector<std::string>& parts) {
    std::string cursor;
    for (const auto& part : parts) cursor += std::to_string(part.size()) + ":" + part;
    return cursor;
}

std::vector<std::string> splitCursor(const std::string& cursor, std::size_t count) {
    std::vector<std::string> parts;
    const char* at = cursor.data();
    const char* const end = at + cursor.size();
    while (at < end && parts.size() < count) {
        std::size_t size = 0;
        const auto [colon, error] = std::from_chars(at, end, size);
        if (error != std::errc() || colon == end || *colon != ':' ||
            size > static_cast<std::size_t>(end - colon - 1))
            break;
        parts.emplace_back(colon + 1, size);
        at = colon + 1 + size;
    }
    if (at != end || (!cursor.empty() && parts.size() != count))
        throw RequestError("the page cursor is not one this hub gave out; start at the first page");
    parts.resize(count);
    return parts;
}

std::string cursorOf(const Record& record) {
    return joinCursor({record.ref.object, record.ref.id});
}

std::string cursorOf(const TargetRecord& targetRecord) {
    return joinCursor({targetRecord.subject, targetRecord.ref.object, targetRecord.ref.id});
}

}  // namespace concordat::store
