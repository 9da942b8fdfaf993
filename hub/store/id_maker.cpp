// SPDX-License-Identifier: Apache-2.0
#include "hub/store/id_maker.h"

#include <array>
#include <string_view>

#include <openssl/rand.h>

#include "hub/store/cipher.h"

namespace concordat::store {

namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kTimeDigits = 10;
constexpr std::size_t kRandomDigits = 16;

std::string timePart(std::int64_t ms) {
    std::string digits(kTimeDigits, '0');
    auto rest = static_cast<std::uint64_t>(ms < 0 ? 0 : ms);
    for (std::size_t i = kTimeDigits; i-- > 0; rest >>= 5U) digits[i] = kAlphabet[rest & 31U];
    return digits;
}

/// The whole id is one number in base 32, so a full random part carries into the time.
std::string successor(std::string id) {
    for (std::size_t i = id.size(); i-- > 0;) {
        const auto digit = kAlphabet.find(id[i]);
        if (digit + 1 < kAlphabet.size()) {
            id[i] = kAlphabet[digit + 1];
            return id;
        }
        id[i] = kAlphabet[0];
    }
    return id;
}

}  // namespace

std::string IdMaker::next(std::int64_t nowMs) {
    std::string id = timePart(nowMs);
    if (!last_.empty() && id <= last_.substr(0, kTimeDigits)) {
        last_ = successor(std::move(last_));
        return last_;
    }
    std::array<unsigned char, kRandomDigits> chance{};
    expectCrypto(RAND_bytes(chance.data(), kRandomDigits) == 1);
    for (const unsigned char byte : chance) id += kAlphabet[byte & 31U];
    last_ = id;
    return id;
}

void IdMaker::notBelow(const std::string& id) {
    const bool isUlid = id.size() == kTimeDigits + kRandomDigits &&
                        id.find_first_not_of(kAlphabet) == std::string::npos;
    if (isUlid && id > last_) last_ = id;
}

std::string firstIdAt(std::int64_t ms) { return timePart(ms) + std::string(kRandomDigits, '0'); }

}  // namespace concordat::store
