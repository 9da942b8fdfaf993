// SPDX-License-Identifier: Apache-2.0
#include "hub/host/frames.h"

#include <cstring>
#include <thread>

#include <sys/socket.h>

#include "hub/host/descriptor.h"
#include "tests/support/check.h"

using namespace concordat::host;

namespace {

struct Pair {
    Descriptor left;
    Descriptor right;
    Pair() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) throw FrameError("no pair");
        left = Descriptor(ends[0]);
        right = Descriptor(ends[1]);
    }
};

std::string sized(std::uint32_t size, const std::string& bytes) {
    std::string text(sizeof size, '\0');
    std::memcpy(text.data(), &size, sizeof size);
    return text + bytes;
}

/// What a receiver says to these bytes.
std::string refusal(const std::string& bytes) {
    Pair pair;
    REQUIRE(::send(pair.left.get(), bytes.data(), bytes.size(), 0) ==
            static_cast<ssize_t>(bytes.size()));
    pair.left.reset();
    try {
        FrameSocket(pair.right.get()).receive();
        return "accepted";
    } catch (const FrameError& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("frames come out as they went in, one after the other") {
    Pair pair;
    FrameSocket sender(pair.left.get());
    FrameSocket receiver(pair.right.get());
    sender.send({1, "pull", FrameKind::Call, 0}, "{}");
    sender.send({2, "http", FrameKind::HostReply, 3}, R"({"a":1})",
                {"", std::string_view("\0x", 2)});
    const auto first = receiver.receive();
    CHECK(first.head.method == "pull");
    CHECK(first.payload.json == "{}");
    const auto second = receiver.receive();
    CHECK(second.head.call == 2);
    CHECK(second.head.kind == FrameKind::HostReply);
    CHECK(second.head.status == 3);
    REQUIRE(second.payload.attachments.size() == 2);
    CHECK(second.payload.attachments[1] == std::string_view("\0x", 2));
}

TEST_CASE("a frame larger than every buffer arrives whole") {
    Pair pair;
    const std::string body(5 << 20, 'b');
    std::jthread writer([&] {
        FrameSocket(pair.left.get()).send({1, "pull", FrameKind::Reply, 0}, "{}", {body, body});
    });
    FrameSocket receiver(pair.right.get());
    const auto frame = receiver.receive();
    REQUIRE(frame.payload.attachments.size() == 2);
    CHECK((frame.payload.attachments[1] == body));
}

TEST_CASE("sizes that do not add up are refused") {
    CHECK_THROWS_AS(parsePayload(""), FrameError);
    CHECK_THROWS_AS(parsePayload(sized(5, "abc")), FrameError);
    CHECK_THROWS_AS(parsePayload(sized(2, "{}") + "xy"), FrameError);
    CHECK_THROWS_AS(parsePayload(sized(2, "{}") + sized(0xFFFFFFFF, "")), FrameError);
}

TEST_CASE("a frame of an unknown kind, of too much, or cut short is refused") {
    CHECK_THAT(refusal(std::string("\x06\0\0\0\0\0\0\0\xff\0\0\0", 12)),
               Catch::Contains("of a kind"));
    CHECK_THAT(refusal(std::string("\xff\xff\xff\x7f\0\0\0\0\0\0\0\0", 12)),
               Catch::Contains("at most 67108864"));
    CHECK_THAT(refusal("abc"), Catch::Contains("is gone"));
}

TEST_CASE("a body of more than 16 MiB is not sent") {
    Pair pair;
    const std::string body((16 << 20) + 1, 'b');
    CHECK_THROWS_AS(
        FrameSocket(pair.left.get()).send({1, "pull", FrameKind::Reply, 0}, "{}", {body}),
        FrameError);
}
