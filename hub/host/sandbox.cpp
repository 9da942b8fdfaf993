// SPDX-License-Identifier: Apache-2.0
#include "hub/host/sandbox.h"

#include <cerrno>
#include <memory>
#include <stdexcept>

#include <fcntl.h>
#include <linux/futex.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace concordat::host {
namespace {

constexpr std::uint32_t kRefuse = SCMP_ACT_ERRNO(EPERM);

/// One seccomp filter: made, filled, put in force.
class Filter {
 public:
    explicit Filter(std::uint32_t otherwise) : context_(seccomp_init(otherwise)) {
        if (!context_) throw std::runtime_error("the system call filter cannot be made");
    }
    template <class... Conditions>
    void add(std::uint32_t action, int call, Conditions... conditions) {
        // A call that this machine does not have needs no rule.
        if (call < 0) return;
        const int error =
            seccomp_rule_add(context_.get(), action, call, sizeof...(conditions), conditions...);
        if (error != 0) throw std::runtime_error("a rule of the system call filter is refused");
    }
    void enforce() {
        if (seccomp_load(context_.get()) != 0)
            throw std::runtime_error("the kernel refuses the system call filter (seccomp)");
    }

 private:
    struct Release {
        void operator()(void* context) const { seccomp_release(context); }
    };
    std::unique_ptr<void, Release> context_;
};

void limit(__rlimit_resource resource, rlim_t most) {
    const rlimit both{most, most};
    if (::setrlimit(resource, &both) != 0)
        throw std::runtime_error("a resource limit is refused by the kernel");
}

void limitResources([[maybe_unused]] std::uint64_t memoryBytes) {
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NOFILE, 32);
    limit(RLIMIT_NPROC, 0);
    // The sanitizers' shadow memory takes terabytes of address space.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    limit(RLIMIT_AS, memoryBytes);
#endif
}

void allowRunning(Filter& filter) {
    for (const int call : {SCMP_SYS(read),
                           SCMP_SYS(write),
                           SCMP_SYS(readv),
                           SCMP_SYS(writev),
                           SCMP_SYS(recvfrom),
                           SCMP_SYS(recvmsg),
                           SCMP_SYS(sendmsg),
                           SCMP_SYS(poll),
                           SCMP_SYS(ppoll),
                           SCMP_SYS(close),
                           SCMP_SYS(fstat),
                           SCMP_SYS(newfstatat),
                           SCMP_SYS(stat),
                           SCMP_SYS(statx),
                           SCMP_SYS(lseek),
                           SCMP_SYS(pread64),
                           SCMP_SYS(mmap),
                           SCMP_SYS(munmap),
                           SCMP_SYS(mprotect),
                           SCMP_SYS(mremap),
                           SCMP_SYS(madvise),
                           SCMP_SYS(brk),
                           SCMP_SYS(clock_gettime),
                           SCMP_SYS(clock_getres),
                           SCMP_SYS(gettimeofday),
                           SCMP_SYS(time),
                           SCMP_SYS(clock_nanosleep),
                           SCMP_SYS(nanosleep),
                           SCMP_SYS(getpid),
                           SCMP_SYS(gettid),
                           SCMP_SYS(getuid),
                           SCMP_SYS(geteuid),
                           SCMP_SYS(getgid),
                           SCMP_SYS(getegid),
                           SCMP_SYS(rt_sigaction),
                           SCMP_SYS(rt_sigprocmask),
                           SCMP_SYS(rt_sigreturn),
                           SCMP_SYS(sigaltstack),
                           SCMP_SYS(exit),
                           SCMP_SYS(exit_group),
                           SCMP_SYS(getrandom),
                           SCMP_SYS(futex),
                           SCMP_SYS(sched_yield),
                           SCMP_SYS(sched_getaffinity),
                           SCMP_SYS(getcpu),
                           SCMP_SYS(restart_syscall),
                           SCMP_SYS(uname),
                           SCMP_SYS(getcwd),
                           SCMP_SYS(readlink),
                           SCMP_SYS(access),
                           SCMP_SYS(getrusage),
                           SCMP_SYS(times)})
        filter.add(SCMP_ACT_ALLOW, call);
    // abort() signals itself; nobody else may be signalled.
    const auto self = static_cast<scmp_datum_t>(::getpid());
    filter.add(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, self));
    filter.add(SCMP_ACT_ALLOW, SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_GETFL));
    filter.add(SCMP_ACT_ALLOW, SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_GETFD));
#if defined(__SANITIZE_ADDRESS__)
    // With a pipe the sanitizers find out whether an address can be read.
    filter.add(SCMP_ACT_ALLOW, SCMP_SYS(pipe));
    filter.add(SCMP_ACT_ALLOW, SCMP_SYS(pipe2));
#endif
    // Reading a limit, not setting one.
    filter.add(SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), SCMP_A2(SCMP_CMP_EQ, 0));
}

/// Opening for reading, which loading a library needs. Creating and truncating need write access or
/// these flags.
void allowOpeningToRead(Filter& filter) {
    constexpr scmp_datum_t kForbidden = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_PATH;
    filter.add(SCMP_ACT_ALLOW, SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, kForbidden, 0));
    filter.add(SCMP_ACT_ALLOW, SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, kForbidden, 0));
}

}  // namespace

void lockProcess(std::uint64_t memoryBytes) {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        throw std::runtime_error("the process cannot give up its privileges");
    limitResources(memoryBytes);
    Filter filter(kRefuse);
    allowRunning(filter);
    allowOpeningToRead(filter);
    // For lockFiles(), which takes them away.
    filter.add(SCMP_ACT_ALLOW, SCMP_SYS(seccomp));
    filter.add(SCMP_ACT_ALLOW, SCMP_SYS(prctl));
    filter.enforce();
}

void lockFiles() {
    Filter filter(SCMP_ACT_ALLOW);
    for (const int call :
         {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(statx), SCMP_SYS(readlink),
          SCMP_SYS(access), SCMP_SYS(getcwd), SCMP_SYS(seccomp), SCMP_SYS(prctl)})
        filter.add(kRefuse, call);
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
        filter.add(kRefuse, call, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
    filter.enforce();
}

}  // namespace concordat::host
