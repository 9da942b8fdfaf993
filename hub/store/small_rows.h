// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/store/connection.h"
#include "hub/store/store.h"
#include "hub/store/vault.h"

namespace concordat::store {

/// Cursors, tombstones, documents of other rooms, the change feed, and the store's own notes.
class SmallRows {
 public:
    SmallRows(Connection& connection, const Vault& vault);

    std::string cursor(const std::string& system, const std::string& lane);
    void putCursor(const std::string& system, const std::string& lane, const std::string& cursor);

    std::optional<Tombstone> tombstone(const std::string& hash);
    /// False if it was there.
    bool put(const Tombstone& tombstone);

    std::optional<Document> document(const std::string& kind, const std::string& id, EpochMs now);
    std::vector<Document> documents(const std::string& kind, EpochMs now);
    void put(const Document& document);
    void removeDocument(const std::string& kind, const std::string& id);
    void removeExpired(EpochMs now);

    std::vector<Change> changesAfter(std::int64_t sequence, int limit);
    std::int64_t lastChange();
    /// Not empty, in order of their sequence.
    void add(const std::vector<Change>& changes);
    void removeChangesUpTo(std::int64_t sequence);

    std::string note(const std::string& name);
    void putNote(const std::string& name, const std::string& value);

 private:
    std::string documentHash(const std::string& id) const;

    const Vault& vault_;
    Statement cursor_, putCursor_, tombstone_, putTombstone_;
    Statement document_, documents_, putDocument_, removeDocument_, removeExpired_;
    Statement changes_, lastChange_, addChanges_, trimChanges_;
    Statement note_, putNote_;
};

}  // namespace concordat::store
