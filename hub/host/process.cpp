// SPDX-License-Identifier: Apache-2.0
#include "hub/host/process.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hub/consent/error.h"
#include "hub/host/child.h"

namespace concordat::host {
namespace {

[[noreturn]] void fail(const std::string& what, int error) {
    throw PluginError("a connector's process cannot be started: " + what + ": " +
                      ::strerror(error));
}

/// A copy above the numbers that the child uses, so that placing one does not overwrite another.
Descriptor lift(int descriptor) {
    Descriptor lifted(::fcntl(descriptor, F_DUPFD_CLOEXEC, 16));
    if (!lifted) fail("no descriptor is left", errno);
    return lifted;
}

/// What posix_spawn does in the child before it executes the program.
class Actions {
 public:
    Actions() { ::posix_spawn_file_actions_init(&actions_); }
    ~Actions() { ::posix_spawn_file_actions_destroy(&actions_); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;

    void place(const Descriptor& from, int to) {
        check(::posix_spawn_file_actions_adddup2(&actions_, from.get(), to));
    }
    void closeFrom(int first) {
        check(::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0));
        check(::posix_spawn_file_actions_addclosefrom_np(&actions_, first));
    }
    const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
    static void check(int error) {
        if (error != 0) fail("its descriptors cannot be placed", error);
    }
    posix_spawn_file_actions_t actions_{};
};

/// The hub's threads may block signals; the child starts with none blocked and all at their
/// default.
class Attributes {
 public:
    Attributes() {
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;

    const posix_spawnattr_t* get() const { return &attributes_; }

 private:
    posix_spawnattr_t attributes_{};
};

std::string describeEnd(int status) {
    if (WIFSIGNALED(status)) {
        const int number = WTERMSIG(status);
        return "was ended by signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
    }
    return "exited with code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Process::Process(const std::string& program,
                 const std::string& library,
                 std::uint64_t memoryBytes) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        fail("no socket pair", errno);
    socket_ = Descriptor(ends[0]);
    const Descriptor childSocket(ends[1]);
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("no pipe", errno);
    lines_ = Descriptor(ends[0]);
    const Descriptor childLines(ends[1]);
    ::fcntl(lines_.get(), F_SETFL, O_NONBLOCK);
    const Descriptor file(::open(library.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) fail("its copy " + library + " cannot be opened", errno);

    const Descriptor socket = lift(childSocket.get());
    const Descriptor lines = lift(childLines.get());
    const Descriptor opened = lift(file.get());
    Actions actions;
    actions.place(lines, 1);
    actions.place(lines, 2);
    actions.place(socket, kChildSocket);
    actions.place(opened, kChildLibrary);
    actions.closeFrom(kChildLibrary + 1);

    std::string name = "concordat-connector";
    std::string hub = std::to_string(::getpid());
    std::string memory = std::to_string(memoryBytes);
    std::array<char*, 4> arguments{name.data(), hub.data(), memory.data(), nullptr};
    std::array<char*, 1> environment{nullptr};
    const int error = ::posix_spawn(&pid_, program.c_str(), actions.get(), Attributes().get(),
                                    arguments.data(), environment.data());
    if (error != 0) fail(program, error);
}

Process::~Process() { end(); }

std::string Process::end() {
    if (pid_ < 0) return "has ended before";
    // Who is on the way out already keeps its own exit status.
    int status = 0;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    socket_.reset();
    return describeEnd(status);
}

}  // namespace concordat::host
