// SPDX-License-Identifier: Apache-2.0
#pragma once
// What stands on the socket between the hub and a connector's process: u32 length, u32 call id, u16
// method, u16 flags, then the payload: u32 size of the JSON, the JSON, and for each attachment u32
// size and bytes. Native byte order.

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::host {

/// The other side broke the protocol, or is gone. The message is the end of a sentence: "sent a
/// frame of …".
struct FrameError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// What a frame is. Replies carry the status in the upper byte of the flags.
enum class FrameKind : std::uint8_t { Call, Reply, HostCall, HostReply };

constexpr std::size_t kMaxBody = 16u << 20;     ///< bytes of one attachment, and of the JSON
constexpr std::size_t kMaxPayload = 64u << 20;  ///< bytes of a whole frame
constexpr std::size_t kMaxAttachments = 1024;

/// A message as views into somebody's buffer. `isPadded`: simdjson may read a little beyond the
/// JSON's end.
struct PayloadView {
    std::string_view json;
    std::vector<std::string_view> attachments;
    bool isPadded = false;
};

struct FrameHead {
    std::uint32_t call = 0;
    std::string_view method;  ///< one of the protocol's names
    FrameKind kind = FrameKind::Call;
    std::uint8_t status = 0;
};

struct Frame {
    FrameHead head;
    PayloadView payload;
};

/// Names of the frames that only host and child exchange.
inline constexpr std::string_view kLoad = "load";
inline constexpr std::string_view kCreate = "create";

/// Splits a payload; refuses sizes that do not add up and those beyond the limits. Throws
/// FrameError.
PayloadView parsePayload(std::string_view bytes);

/// One end of the stream. Owns neither the descriptor nor a thread; one thread at a time.
class FrameSocket {
 public:
    /// Waits until `events` of poll(2) may succeed; throws when waiting is over. Empty: the calls
    /// block.
    using Wait = std::function<void(short events)>;

    explicit FrameSocket(int descriptor, Wait wait = {});

    /// Gathers from the message's own memory, no copy. Throws FrameError.
    void send(const FrameHead& head,
              std::string_view json,
              const std::vector<std::string_view>& attachments = {});
    /// The next frame; its views are valid until the next receive(). Throws FrameError, also at the
    /// end of the stream.
    Frame receive();

 private:
    void fill(std::size_t wanted);
    void reserve(std::size_t size);

    int descriptor_;
    Wait wait_;
    std::unique_ptr<char[]> buffer_;  // filled up to end_, consumed up to begin_
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace concordat::host
