// SPDX-License-Identifier: Apache-2.0
#pragma once
// Chance that is the same on every machine and in every run.

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace concordat::simulation {

/// SplitMix64.
class Dice {
 public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15U;
        auto value = state_;
        value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
        value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
        return value ^ (value >> 31U);
    }
    /// 0 … sides - 1.
    int roll(std::int64_t sides) {
        return static_cast<int>(next() % static_cast<std::uint64_t>(sides < 1 ? 1 : sides));
    }
    std::int64_t between(std::int64_t from, std::int64_t to) {
        return from + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(to - from + 1));
    }
    bool chance(int percent) { return roll(100) < percent; }
    template <class T>
    const T& of(const std::vector<T>& list) {
        return list[static_cast<std::size_t>(roll(static_cast<std::int64_t>(list.size())))];
    }

 private:
    std::uint64_t state_;
};

}  // namespace concordat::simulation
