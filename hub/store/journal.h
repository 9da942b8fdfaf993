// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "hub/store/documents.h"
#include "hub/store/vault.h"

namespace concordat::store {

/// A place in the journal: where the entry with this sequence begins.
struct JournalPosition {
    std::int64_t offset = 0;
    std::int64_t sequence = 0;  ///< 0: nowhere
};

/// The suppression journal: a file beside the database that only grows, so that no restored backup
/// can forget a withdrawal. Each entry is its length, its sequence, and a sealed text whose seal is
/// also its checksum. One thread at a time.
class Journal {
 public:
    /// Opens or makes the file (mode 0600). Throws StoreError.
    Journal(std::string path, const Vault& vault);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// True if the entry at `position` is the one that was there when it was taken.
    bool holds(const JournalPosition& position) const;
    /// Hands out the entries from `position`, or all of them if it is nowhere. An entry that was
    /// being written when the power failed is cut off. Throws StoreError if one in the middle is
    /// damaged.
    void read(const JournalPosition& position,
              const std::function<void(const JournalEntry&)>& take);
    /// Durable when it returns; throws StoreError and leaves the file as it was.
    void append(const std::vector<JournalEntry>& entries);
    const JournalPosition& last() const { return last_; }
    const std::string& path() const { return path_; }

 private:
    struct Frame {
        std::int64_t sequence = 0;
        std::string sealed;
    };
    bool readFrame(std::int64_t offset, Frame& frame) const;
    JournalEntry open(const Frame& frame) const;
    void cutOff(std::int64_t offset);

    std::string path_;
    const Vault& vault_;
    int file_ = -1;
    std::int64_t size_ = 0;
    JournalPosition last_;
};

}  // namespace concordat::store
