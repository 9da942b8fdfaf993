// SPDX-License-Identifier: Apache-2.0
#include "hub/host/frames.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "sdk/concordat/calls.h"

namespace concordat::host {
namespace {

using namespace sdk;

/// The index is the number on the wire: append only.
constexpr std::array kMethods{kLoad,
                              kCreate,
                              method::kDescribe,
                              method::kCheck,
                              method::kDiscover,
                              method::kPull,
                              method::kParseWebhook,
                              method::kSubscribeWebhook,
                              method::kListWebhooks,
                              method::kRemoveWebhook,
                              method::kRead,
                              method::kFind,
                              method::kApply,
                              method::kPollApply,
                              method::kNote,
                              method::kExport,
                              method::kRectify,
                              method::kErase,
                              method::kHealth,
                              host_method::kHttp,
                              host_method::kFiles,
                              host_method::kLog,
                              host_method::kNow,
                              host_method::kRandom,
                              host_method::kProgress};

struct WireHead {
    std::uint32_t length;
    std::uint32_t call;
    std::uint16_t method;
    std::uint16_t flags;
};
static_assert(sizeof(WireHead) == 12);

constexpr std::size_t kReadAhead = 64 << 10;
constexpr std::size_t kMostKept = 1 << 20;  ///< of a buffer that one large frame needed
constexpr std::size_t kPadding = 64;        // simdjson wants 32 readable bytes behind the JSON

std::uint16_t codeOf(std::string_view method) {
    const auto found = std::find(kMethods.begin(), kMethods.end(), method);
    if (found == kMethods.end()) throw FrameError("was asked for a method without a number");
    return static_cast<std::uint16_t>(found - kMethods.begin());
}

WireHead toWire(const FrameHead& head, std::size_t length) {
    const unsigned flags = static_cast<unsigned>(head.kind) | unsigned{head.status} << 8;
    return {static_cast<std::uint32_t>(length), head.call, codeOf(head.method),
            static_cast<std::uint16_t>(flags)};
}

FrameHead fromWire(const WireHead& wire) {
    const unsigned kind = wire.flags & 0xFFu;
    if (wire.length > kMaxPayload)
        throw FrameError("sent a frame of " + std::to_string(wire.length) +
                         " bytes, where at most " + std::to_string(kMaxPayload) + " are allowed");
    if (wire.method >= kMethods.size() || kind > static_cast<unsigned>(FrameKind::HostReply))
        throw FrameError("sent a frame of a kind that the protocol does not have");
    return {wire.call, kMethods[wire.method], static_cast<FrameKind>(kind),
            static_cast<std::uint8_t>(wire.flags >> 8)};
}

std::string_view takeSized(std::string_view& bytes) {
    std::uint32_t size = 0;
    if (bytes.size() < sizeof size) throw FrameError("sent a frame that ends too early");
    std::memcpy(&size, bytes.data(), sizeof size);
    bytes.remove_prefix(sizeof size);
    if (size > bytes.size() || size > kMaxBody)
        throw FrameError("sent a frame whose sizes do not add up");
    const auto part = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return part;
}

/// The pieces of one frame in their order, for sendmsg(2), and how much of them has gone.
class Gathered {
 public:
    Gathered(const FrameHead& head,
             std::string_view json,
             const std::vector<std::string_view>& attachments) {
        if (attachments.size() > kMaxAttachments)
            throw FrameError("was given more than 1024 attachments");
        sizes_.reserve(attachments.size() + 1);
        pieces_.reserve(2 * attachments.size() + 3);
        add(&head_, sizeof head_);
        addSized(json);
        for (const auto& each : attachments) addSized(each);
        if (total_ - sizeof head_ > kMaxPayload)
            throw FrameError("was given a message of more than 64 MiB");
        head_ = toWire(head, total_ - sizeof head_);
    }

    bool isSent() const { return first_ == pieces_.size(); }
    msghdr message() {
        msghdr header{};
        header.msg_iov = &pieces_[first_];
        header.msg_iovlen = std::min<std::size_t>(pieces_.size() - first_, 512);
        return header;
    }
    void sent(std::size_t bytes) {
        for (; first_ < pieces_.size() && bytes >= pieces_[first_].iov_len; ++first_)
            bytes -= pieces_[first_].iov_len;
        if (bytes == 0) return;
        auto& piece = pieces_[first_];
        piece.iov_base = static_cast<char*>(piece.iov_base) + bytes;
        piece.iov_len -= bytes;
    }

 private:
    void add(const void* data, std::size_t size) {
        pieces_.push_back({const_cast<void*>(data), size});
        total_ += size;
    }
    void addSized(std::string_view part) {
        if (part.size() > kMaxBody) throw FrameError("was given a body of more than 16 MiB");
        sizes_.push_back(static_cast<std::uint32_t>(part.size()));
        add(&sizes_.back(), sizeof(std::uint32_t));
        if (!part.empty()) add(part.data(), part.size());
    }

    WireHead head_{};
    std::vector<std::uint32_t> sizes_;
    std::vector<iovec> pieces_;
    std::size_t total_ = 0;
    std::size_t first_ = 0;
};

}  // namespace

PayloadView parsePayload(std::string_view bytes) {
    PayloadView payload;
    payload.json = takeSized(bytes);
    while (!bytes.empty()) {
        if (payload.attachments.size() == kMaxAttachments)
            throw FrameError("sent more than 1024 attachments in one frame");
        payload.attachments.push_back(takeSized(bytes));
    }
    return payload;
}

FrameSocket::FrameSocket(int descriptor, Wait wait)
    : descriptor_(descriptor), wait_(std::move(wait)) {
    reserve(kReadAhead);
}

void FrameSocket::send(const FrameHead& head,
                       std::string_view json,
                       const std::vector<std::string_view>& attachments) {
    const int flags = MSG_NOSIGNAL | (wait_ ? MSG_DONTWAIT : 0);
    for (Gathered gathered(head, json, attachments); !gathered.isSent();) {
        const msghdr header = gathered.message();
        const auto sent = ::sendmsg(descriptor_, &header, flags);
        if (sent >= 0)
            gathered.sent(static_cast<std::size_t>(sent));
        else if (errno == EAGAIN && wait_)
            wait_(POLLOUT);
        else if (errno != EINTR)
            throw FrameError("is gone");
    }
}

Frame FrameSocket::receive() {
    if (begin_ == end_) {
        begin_ = end_ = 0;
        if (capacity_ > kMostKept) {
            capacity_ = 0;
            reserve(kReadAhead);
        }
    }
    fill(sizeof(WireHead));
    WireHead wire{};
    std::memcpy(&wire, buffer_.get() + begin_, sizeof wire);
    Frame frame{fromWire(wire), {}};
    fill(sizeof wire + wire.length);
    frame.payload = parsePayload({buffer_.get() + begin_ + sizeof wire, wire.length});
    frame.payload.isPadded = true;
    begin_ += sizeof wire + wire.length;
    return frame;
}

/// Reads until `wanted` bytes are there. The buffer grows with what has come, not with what was
/// announced.
void FrameSocket::fill(std::size_t wanted) {
    while (end_ - begin_ < wanted) {
        if (end_ == capacity_) reserve(std::max(kReadAhead, 2 * (end_ - begin_)));
        if (wait_) wait_(POLLIN);
        const auto got =
            ::recv(descriptor_, buffer_.get() + end_, capacity_ - end_, wait_ ? MSG_DONTWAIT : 0);
        if (got > 0)
            end_ += static_cast<std::size_t>(got);
        else if (got == 0 || (errno != EINTR && errno != EAGAIN))
            throw FrameError("is gone");
    }
}

/// Makes room for `size` bytes from the first unread one on; earlier frames are dropped.
void FrameSocket::reserve(std::size_t size) {
    const std::size_t unread = end_ - begin_;
    if (size > capacity_) {
        auto larger = std::make_unique<char[]>(size + kPadding);
        if (unread > 0) std::memcpy(larger.get(), buffer_.get() + begin_, unread);
        buffer_ = std::move(larger);
        capacity_ = size;
    } else {
        std::memmove(buffer_.get(), buffer_.get() + begin_, unread);
    }
    begin_ = 0;
    end_ = unread;
}

}  // namespace concordat::host
