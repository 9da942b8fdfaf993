// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/connection.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace concordat::bench {

namespace {

constexpr const char* kLength = "content-length:";

int connected(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (descriptor < 0 ||
        ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        const std::string why = std::strerror(errno);
        if (descriptor >= 0) ::close(descriptor);
        throw std::runtime_error("port " + std::to_string(port) + ": " + why);
    }
    const int yes = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    return descriptor;
}

std::size_t bodyLength(const std::string& head) {
    for (std::size_t at = head.find("\r\n"); at != std::string::npos;
         at = head.find("\r\n", at + 2))
        if (strncasecmp(head.c_str() + at + 2, kLength, std::strlen(kLength)) == 0)
            return std::strtoul(head.c_str() + at + 2 + std::strlen(kLength), nullptr, 10);
    return 0;
}

}  // namespace

Connection::Connection(std::uint16_t port) : descriptor_(connected(port)) {}

Connection::~Connection() { ::close(descriptor_); }

bool Connection::send(const std::string& bytes) {
    out_ += bytes;
    return flush();
}

bool Connection::flush() {
    while (!out_.empty()) {
        const auto sent = ::send(descriptor_, out_.data(), out_.size(), MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN;
        out_.erase(0, static_cast<std::size_t>(sent));
    }
    return true;
}

bool Connection::receive() {
    std::array<char, 16'384> buffer;
    while (true) {
        const auto got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
        if (got == 0) return false;
        if (got < 0) return errno == EAGAIN;
        in_.append(buffer.data(), static_cast<std::size_t>(got));
        if (static_cast<std::size_t>(got) < buffer.size()) return true;
    }
}

int Connection::takeReply() {
    const auto end = in_.find("\r\n\r\n");
    if (end == std::string::npos) return 0;
    const std::string head = in_.substr(0, end);
    const std::size_t whole = end + 4 + bodyLength(head);
    if (in_.size() < whole) return 0;
    in_.erase(0, whole);
    return head.size() > 12 ? std::atoi(head.c_str() + 9) : -1;
}

}  // namespace concordat::bench
