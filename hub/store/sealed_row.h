// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "hub/store/documents.h"
#include "hub/store/vault.h"

namespace concordat::store {

/// The first two hex digits of a subject id as a number; records of nobody lie in shard 0. Throws
/// StoreError for anything else.
int shardOf(const std::string& subject);
/// Whether a text has the form of a subject id; people ask by address where ids are asked for.
bool isSubjectId(const std::string& text);

/// What a sealed row is bound to: its table and key.
std::string rowContext(std::initializer_list<std::string_view> tableAndKey);

template <class T>
std::string sealRow(const Vault& vault, const std::string& context, const T& value) {
    return vault.seal(toBytes(value), context);
}

template <class T>
T openRow(const Vault& vault, const std::string& context, std::string_view sealed) {
    return fromBytes<T>(vault.unseal(sealed, context));
}

}  // namespace concordat::store
