// SPDX-License-Identifier: Apache-2.0
// What a connector's process sends: frames, and the messages in them, read as the hub reads them.
#include "hub/host/frames.h"

#include <array>
#include <cstdint>
#include <cstdlib>

#include <sys/socket.h>
#include <unistd.h>

#include "hub/host/decode.h"
#include "sdk/concordat/json.h"

namespace {

using namespace concordat;

/// What both readers take must be the same message.
template <class T>
void read(host::Decoder& decoder, const host::PayloadView& payload) {
    std::string fast;
    try {
        fast = sdk::encode(decoder.decode<T>(payload)).json;
    } catch (const sdk::MessageError&) {
        return;
    }
    try {
        if (sdk::encode(sdk::decode<T>(payload.json, payload.attachments)).json != fast)
            std::abort();
    } catch (const sdk::MessageError&) {
        return;
    }
}

void readAll(host::Decoder& decoder, const host::PayloadView& payload) {
    read<sdk::Page>(decoder, payload);
    read<sdk::ReadReply>(decoder, payload);
    read<sdk::ApplyReply>(decoder, payload);
    read<sdk::WebhookNews>(decoder, payload);
    read<sdk::Description>(decoder, payload);
    read<sdk::HttpCall>(decoder, payload);
    read<sdk::Check>(decoder, payload);
    read<sdk::Discovery>(decoder, payload);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static host::Decoder decoder;
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) std::abort();
    const auto sent = ::send(ends[0], data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(ends[0], SHUT_WR);
    try {
        host::FrameSocket socket(ends[1]);
        for (;;) readAll(decoder, socket.receive().payload);
    } catch (const host::FrameError&) {
    }
    close(ends[0]);
    close(ends[1]);
    if (sent < 0 && size > 0) std::abort();
    // Most inputs are no frame; the message by itself gets its turn too.
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    readAll(decoder, {text, {}});
    return 0;
}
