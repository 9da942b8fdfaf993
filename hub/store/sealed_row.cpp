// SPDX-License-Identifier: Apache-2.0
#include "hub/store/sealed_row.h"

#include "hub/store/hex.h"

namespace concordat::store {

int shardOf(const std::string& subject) {
    if (subject.empty()) return 0;
    const std::string shard = fromHex(std::string_view(subject).substr(0, 2));
    if (shard.empty())
        throw StoreError("\"" + subject.substr(0, 40) +
                         "\" is no subject id: it must begin with two hex digits");
    return static_cast<unsigned char>(shard[0]);
}

std::string rowContext(std::initializer_list<std::string_view> tableAndKey) {
    std::string context;
    for (const auto part : tableAndKey) context.append(part).append(1, '\0');
    return context;
}

}  // namespace concordat::store
