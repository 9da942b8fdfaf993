// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace concordat::host {

/// Cuts what a connector prints into lines of at most 2,000 bytes.
class LineReader {
 public:
    explicit LineReader(std::function<void(std::string_view)> sink) : sink_(std::move(sink)) {}

    /// Takes what is there without waiting; false at the end of the stream.
    bool drain(int descriptor);
    /// Hands over a last line that has no end.
    void finish();

 private:
    void take(std::string_view bytes);

    std::function<void(std::string_view)> sink_;
    std::string line_;
};

}  // namespace concordat::host
