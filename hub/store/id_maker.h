// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace concordat::store {

/// Makes ULIDs: 48 bits of time and 80 of chance, 26 characters, each greater than the one before
/// even when the clock goes back. One thread.
class IdMaker {
 public:
    /// `last` is the greatest id ever given out; empty in a new store.
    explicit IdMaker(std::string last = {}) : last_(std::move(last)) {}
    std::string next(std::int64_t nowMs);
    const std::string& last() const { return last_; }
    /// Later ids will be greater than `id` too.
    void notBelow(const std::string& id);

 private:
    std::string last_;
};

/// The smallest ULID of this time.
std::string firstIdAt(std::int64_t ms);

}  // namespace concordat::store
