// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/address.h"

#include <array>
#include <cstdint>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace concordat::gateway {

namespace {

struct V4Range {
    std::uint32_t start;
    int bits;
    AddressKind kind;
};

constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c, unsigned d) {
    return a << 24 | b << 16 | c << 8 | d;
}

// IANA special-purpose registry, and the metadata addresses of the large clouds. The first match
// counts.
constexpr std::array kV4Ranges{
    V4Range{v4(169, 254, 169, 254), 32, AddressKind::Never},
    V4Range{v4(169, 254, 170, 2), 32, AddressKind::Never},
    V4Range{v4(100, 100, 100, 200), 32, AddressKind::Never},
    V4Range{v4(0, 0, 0, 0), 8, AddressKind::Never},
    V4Range{v4(10, 0, 0, 0), 8, AddressKind::Private},
    V4Range{v4(100, 64, 0, 0), 10, AddressKind::Private},
    V4Range{v4(127, 0, 0, 0), 8, AddressKind::Private},
    V4Range{v4(169, 254, 0, 0), 16, AddressKind::Private},
    V4Range{v4(172, 16, 0, 0), 12, AddressKind::Private},
    V4Range{v4(192, 168, 0, 0), 16, AddressKind::Private},
    V4Range{v4(192, 0, 0, 0), 24, AddressKind::Never},
    V4Range{v4(192, 0, 2, 0), 24, AddressKind::Never},
    V4Range{v4(192, 88, 99, 0), 24, AddressKind::Never},
    V4Range{v4(198, 18, 0, 0), 15, AddressKind::Private},
    V4Range{v4(198, 51, 100, 0), 24, AddressKind::Never},
    V4Range{v4(203, 0, 113, 0), 24, AddressKind::Never},
    V4Range{v4(224, 0, 0, 0), 3, AddressKind::Never},
};

AddressKind kindOfV4(std::uint32_t address) {
    for (const V4Range& range : kV4Ranges) {
        if ((address ^ range.start) >> (32 - range.bits) == 0) return range.kind;
    }
    return AddressKind::Public;
}

using V6 = std::array<std::uint8_t, 16>;

struct V6Range {
    V6 start;
    int bits;
    AddressKind kind;
};

constexpr std::array kV6Ranges{
    V6Range{{0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54},
            128,
            AddressKind::Never},
    V6Range{{}, 128, AddressKind::Never},
    V6Range{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, AddressKind::Private},
    V6Range{{}, 8, AddressKind::Never},
    V6Range{{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, AddressKind::Never},
    V6Range{{0x01, 0x00}, 64, AddressKind::Never},
    V6Range{{0x20, 0x01, 0x00, 0x00}, 23, AddressKind::Never},
    V6Range{{0x20, 0x01, 0x0d, 0xb8}, 32, AddressKind::Never},
    V6Range{{0xfc}, 7, AddressKind::Private},
    V6Range{{0xfe, 0x80}, 10, AddressKind::Private},
    V6Range{{0xfe, 0xc0}, 10, AddressKind::Private},
    V6Range{{0xff}, 8, AddressKind::Never},
};

bool startsWith(const V6& address, const V6& start, int bits) {
    for (int i = 0; i < bits; ++i) {
        const auto byte = static_cast<std::size_t>(i / 8);
        if (((address[byte] ^ start[byte]) >> (7 - i % 8)) & 1) return false;
    }
    return true;
}

std::uint32_t v4At(const V6& address, std::size_t at) {
    return v4(address[at], address[at + 1], address[at + 2], address[at + 3]);
}

AddressKind kindOfV6(const V6& address) {
    constexpr V6 kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    constexpr V6 kNat64{0x00, 0x64, 0xff, 0x9b};
    constexpr V6 k6to4{0x20, 0x02};
    if (startsWith(address, kMapped, 96) || startsWith(address, kNat64, 96)) {
        return kindOfV4(v4At(address, 12));
    }
    if (startsWith(address, k6to4, 16)) return kindOfV4(v4At(address, 2));
    for (const V6Range& range : kV6Ranges) {
        if (startsWith(address, range.start, range.bits)) return range.kind;
    }
    return AddressKind::Public;
}

}  // namespace

AddressKind kindOf(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &address, sizeof in);
        return kindOfV4(ntohl(in.sin_addr.s_addr));
    }
    if (address.sa_family != AF_INET6) return AddressKind::Never;
    sockaddr_in6 in{};
    std::memcpy(&in, &address, sizeof in);
    V6 bytes{};
    std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
    return kindOfV6(bytes);
}

AddressKind kindOfText(const char* address) {
    in_addr four{};
    if (inet_pton(AF_INET, address, &four) == 1) return kindOfV4(ntohl(four.s_addr));
    V6 six{};
    if (inet_pton(AF_INET6, address, six.data()) == 1) return kindOfV6(six);
    return AddressKind::Never;
}

}  // namespace concordat::gateway
