// SPDX-License-Identifier: Apache-2.0
#include "tests/host/hostile/attempts.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <thread>

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

namespace concordat::hostile {
namespace {

std::string told(bool done) {
    return done ? "done" : std::string("refused: ") + std::strerror(errno);
}

std::string tryFork() {
    const auto child = ::fork();
    if (child == 0) ::_exit(0);
    return told(child > 0);
}

std::string tryExec() {
    ::execl("/bin/true", "true", nullptr);
    return told(false);
}

std::string tryThread(sdk::Host& host) {
    std::string result;
    try {
        std::thread([&] {
            try {
                host.now();
                result = "done";
            } catch (const std::exception& error) {
                result = std::string("refused: ") + error.what();
            }
        }).join();
    } catch (const std::system_error&) {
        result = "refused: no thread";
    }
    return result;
}

[[noreturn]] std::string hang() {
    for (std::atomic<int> i = 0;; ++i) {
    }
}

[[noreturn]] std::string crash() {
    ::raise(SIGSEGV);
    std::abort();
}

/// Any descriptor besides the three standard ones and the socket.
std::string tryForgotten() {
    for (int i = 4; i < 256; ++i)
        if (::fcntl(i, F_GETFD) >= 0) return "done";
    return told(false);
}

using Attempt = std::string (*)(sdk::Host&);

const std::map<std::string, Attempt> kAttempts{
    {"open a socket", [](sdk::Host&) { return told(::socket(AF_INET, SOCK_STREAM, 0) >= 0); }},
    {"make a socket pair",
     [](sdk::Host&) {
         int ends[2];
         return told(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
     }},
    {"read /etc/passwd", [](sdk::Host&) { return told(::open("/etc/passwd", O_RDONLY) >= 0); }},
    {"write a file",
     [](sdk::Host&) { return told(::open("hostile.txt", O_WRONLY | O_CREAT, 0600) >= 0); }},
    {"use a forgotten descriptor", [](sdk::Host&) { return tryForgotten(); }},
    {"exec", [](sdk::Host&) { return tryExec(); }},
    {"fork", [](sdk::Host&) { return tryFork(); }},
    {"ptrace the hub",
     [](sdk::Host&) { return told(::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr) == 0); }},
    {"signal the hub", [](sdk::Host&) { return told(::kill(::getppid(), SIGTERM) == 0); }},
    {"allocate 2 GB",
     [](sdk::Host&) {
         return told(::mmap(nullptr, std::size_t{2} << 30, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
     }},
    {"make memory executable",
     [](sdk::Host&) {
         return told(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
     }},
    {"read the environment",
     [](sdk::Host&) { return std::string(*environ ? "done" : "it is empty"); }},
    {"use a foreign thread", [](sdk::Host& host) { return tryThread(host); }},
    {"hang", [](sdk::Host&) { return hang(); }},
    {"crash", [](sdk::Host&) { return crash(); }},
    {"throw", [](sdk::Host&) -> std::string { throw std::runtime_error("thrown on purpose"); }},
    {"throw an int", [](sdk::Host&) -> std::string { throw 42; }},
    {"print",
     [](sdk::Host&) {
         const std::string text = "a line on stdout\n" + std::string(100'000, 'x') + "\n";
         return told(::write(1, text.data(), text.size()) > 0 &&
                     ::write(2, "and one on stderr\n", 18) > 0);
     }},
    {"write into the socket",
     [](sdk::Host&) { return told(::write(3, "garbage garbage", 15) > 0); }},
    {"announce a large frame",
     [](sdk::Host&) { return told(::write(3, "\xff\xff\xff\xff\0\0\0\0\0\0\0\0", 12) > 0); }},
};

std::string tryEarly() {
    const std::string socket = told(::socket(AF_INET, SOCK_STREAM, 0) >= 0);
    const std::string file = told(::open("/tmp", O_WRONLY | O_TMPFILE, 0600) >= 0);
    const std::string passwd = told(::open("/etc/passwd", O_RDONLY) >= 0);
    return socket + ", " + file + ", " + passwd;
}

const std::string kEarly = tryEarly();

}  // namespace

std::string attempt(const std::string& name, sdk::Host& host) {
    const auto found = kAttempts.find(name);
    return found == kAttempts.end() ? "unknown attempt" : found->second(host);
}

const std::string& earlyAttempt() { return kEarly; }

}  // namespace concordat::hostile
