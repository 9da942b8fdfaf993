// SPDX-License-Identifier: Apache-2.0
#include "hub/store/pack.h"

namespace concordat::store {

void Packer::putNumber(std::int64_t number) {
    auto rest = (static_cast<std::uint64_t>(number) << 1U) ^
                static_cast<std::uint64_t>(number < 0 ? -1 : 0);
    for (; rest >= 0x80; rest >>= 7U) bytes_ += static_cast<char>((rest & 0x7fU) | 0x80U);
    bytes_ += static_cast<char>(rest);
}

void Packer::put(const std::string& text) {
    putNumber(static_cast<std::int64_t>(text.size()));
    bytes_ += text;
}

namespace {
[[noreturn]] void endsEarly() {
    throw StoreError("a stored row is incomplete; run the integrity check");
}
}  // namespace

std::int64_t Unpacker::number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (rest_.empty()) endsEarly();
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
        if (byte < 0x80) return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
    }
    endsEarly();
}

void Unpacker::get(std::string& text) {
    const auto size = static_cast<std::uint64_t>(number());
    if (size > rest_.size()) endsEarly();
    text.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
}

}  // namespace concordat::store
