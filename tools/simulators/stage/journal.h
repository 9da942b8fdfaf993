// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace concordat::simulators {

/// Who did something, from where, and with which tag. Texts are copied by the journal.
struct Doer {
    std::string actor;   ///< eg: "api:demo-client", "user:Marie", "flow:Mirror opt-out"
    std::string origin;  ///< the vendor's origin tag of the client, or ""
    std::string via;     ///< eg: "PATCH /composite/sobjects", "act"
};

/// One changed field of one record. `before` and `after` are JSON texts ("true", "\"x\"", "null").
/// A vendor's whole state must follow from its seed and the writes in order.
struct Write {
    std::uint64_t seq = 0;        ///< from 1, without gaps
    std::int64_t at = 0;          ///< real UTC ms
    std::int64_t virtual_at = 0;  ///< the vendor's own time, UTC ms, clock skew included
    std::string_view actor, origin, via, object, field;  ///< kept by the journal
    std::string id;
    std::string before, after;
};

/// The write history, kept in memory and, when given a file, on disk. Thread-safe. [any]
class Journal {
 public:
    /// Reads what an earlier run left in `file` (a torn last line is dropped); "" keeps nothing.
    /// Throws std::runtime_error when the file cannot be read or written.
    explicit Journal(const std::string& file);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// Appends changed fields; seq and at are filled in, texts copied. Call under the lock that
    /// orders the vendor's commits. Not durable until settle().
    void append(const Doer& doer, std::vector<Write> writes);
    /// Returns when all that was appended before is on disk; callers share one fdatasync.
    void settle();

    std::uint64_t lastSeq() const;
    /// Calls `see` for the writes after `since`, in order; stops when it returns false.
    void read(std::uint64_t since, const std::function<bool(const Write&)>& see) const;
    /// Calls `see` for the writes the current state consists of: all but those undone by a restore.
    void readEffective(const std::function<void(const Write&)>& see) const;
    /// Notes that the state went back to what it was after write `seq`.
    void noteRestore(std::uint64_t seq);

 private:
    struct Restore {
        std::uint64_t at;  // number of writes when it was restored
        std::uint64_t to;
    };
    std::string_view keep(std::string_view text);
    void load(const std::string& file);
    void loadLine(std::string_view line);
    void queue(const std::string& line);

    mutable std::mutex mutex_;  // guards all but the file itself
    std::condition_variable settled_;
    std::deque<Write> writes_;
    std::vector<Restore> restores_;
    std::unordered_set<std::string> texts_;
    std::string unsaved_;
    std::uint64_t queued_ = 0, saved_ = 0;  // bytes
    bool saving_ = false;
    int file_ = -1;
};

/// One write as a JSON object text, as /_admin/writes shows it.
std::string showWrite(const Write& write);
/// Real UTC time in milliseconds.
std::int64_t realNow();

}  // namespace concordat::simulators
