// SPDX-License-Identifier: Apache-2.0
#include "hub/store/sealed_row.h"

#include "hub/store/hex.h"

namespace concordat::store {

int shardOf(const std::string& subject) {
    if (subject.empty()) return 0;
    const std::string shard = fromHex(std::string_view(subject).substr(0, 2));
    if (shard.empty())
        throw StoreError("a subject id begins with two hex digits; this one does not");
    return static_cast<unsigned char>(shard[0]);
}

bool isSubjectId(const std::string& text) {
    return text.size() > 2 && !fromHex(std::string_view(text).substr(0, 2)).empty();
}

std::string rowContext(std::initializer_list<std::string_view> tableAndKey) {
    std::string context;
    for (const auto part : tableAndKey) context.append(part).append(1, '\0');
    return context;
}

}  // namespace concordat::store
