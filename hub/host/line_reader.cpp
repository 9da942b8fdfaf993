// SPDX-License-Identifier: Apache-2.0
#include "hub/host/line_reader.h"

#include <array>
#include <cerrno>

#include <unistd.h>

namespace concordat::host {
namespace {

constexpr std::size_t kLongestPrinted = 2000;
// Somebody who prints without end must not keep the hub busy with reading.
constexpr int kMostReads = 32;

}  // namespace

bool LineReader::drain(int descriptor) {
    std::array<char, 4096> piece{};
    for (int i = 0; i < kMostReads; ++i) {
        const auto got = ::read(descriptor, piece.data(), piece.size());
        if (got < 0) return errno == EAGAIN || errno == EINTR;
        if (got == 0) return false;
        take({piece.data(), static_cast<std::size_t>(got)});
    }
    return true;
}

void LineReader::finish() {
    if (!line_.empty()) sink_(line_);
    line_.clear();
}

void LineReader::take(std::string_view bytes) {
    for (const char c : bytes) {
        if (c != '\n' && line_.size() < kLongestPrinted) line_ += c;
        if (c == '\n') finish();
    }
}

}  // namespace concordat::host
