// SPDX-License-Identifier: Apache-2.0
#include "hub/host/confine.h"

#include <cstdint>
#include <stdexcept>

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hub/host/descriptor.h"

namespace concordat::host {
namespace {

/// Every right of Landlock's first version; later ones add rights that seccomp refuses already.
constexpr std::uint64_t kEveryRight = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
constexpr std::uint64_t kLoading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;

/// Where the loader finds libraries; those that are not there need no rule.
constexpr const char* kLibraries[] = {"/lib",       "/lib64",         "/usr/lib",
                                      "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"};

void allow(int ruleset, int place) {
    const landlock_path_beneath_attr rule{kLoading, place};
    if (::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        throw std::runtime_error("a rule of Landlock is refused");
}

}  // namespace

bool confineReading(int library) {
    const landlock_ruleset_attr handled{.handled_access_fs = kEveryRight};
    const Descriptor ruleset(
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0)));
    if (!ruleset) return false;
    for (const char* path : kLibraries) {
        const Descriptor place(::open(path, O_PATH | O_CLOEXEC));
        if (place) allow(ruleset.get(), place.get());
    }
    allow(ruleset.get(), library);
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0)
        throw std::runtime_error("Landlock cannot be put in force");
    return true;
}

}  // namespace concordat::host
