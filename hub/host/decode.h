// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reading what a connector sent, fast (simdjson) and with limits.

#include <memory>

#include "hub/host/frames.h"

namespace concordat::host {

/// Reads the protocol's messages from bytes nobody vouches for. Keeps its memory between messages;
/// one thread at a time.
class Decoder {
 public:
    Decoder();
    ~Decoder();

    /// Throws sdk::MessageError that names the field.
    template <class T>
    T decode(const PayloadView& payload);

 private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace concordat::host
