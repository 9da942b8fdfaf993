// SPDX-License-Identifier: Apache-2.0
#pragma once
// One real process of a run, started and ended by its test.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace concordat::e2e {

/// How long a run waits for what should take a second: a machine that also compiles is slow.
inline constexpr int kPatience = 300;

/// What is started, and where its lines go.
struct Program {
    std::string path;
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;  ///< added to the test's own
    std::string out;                                 ///< file; empty: with the log
    std::string log;                                 ///< file, appended to
};

/// A running program; killed and collected by the destructor, and by the kernel if the test dies.
/// [main]
class Child {
 public:
    explicit Child(const Program& program);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    pid_t pid() const { return pid_; }
    bool runs();
    void signal(int number) const;
    /// kill -9, and wait until it is gone.
    void kill();
    /// Its exit code, 128 + signal if one ended it; empty if it still runs after `seconds`.
    std::optional<int> end(int seconds);

 private:
    bool collect(int options);

    pid_t pid_ = -1;
    std::optional<int> code_;
};

/// Runs a program to its end; empty if it had to be killed after `seconds`.
std::optional<int> run(const Program& program, int seconds = kPatience);

/// Processes whose parent is `parent`.
std::vector<pid_t> childrenOf(pid_t parent);
/// False for a process that is gone or only waits to be collected.
bool alive(pid_t pid);

/// Looks again and again until `holds` does, at most `seconds` long; says whether it did.
template <typename Condition>
bool eventually(Condition holds, int seconds = kPatience);

/// The whole of a file; "" if there is none.
std::string textOf(const std::string& file);
void writeText(const std::string& file, const std::string& text);

namespace detail {
/// One look's pause; false when the time that began with `begun` is over.
bool lookAgain(long begunMs, int seconds);
long nowMs();
}  // namespace detail

template <typename Condition>
bool eventually(Condition holds, int seconds) {
    const long begun = detail::nowMs();
    while (!holds())
        if (!detail::lookAgain(begun, seconds)) return false;
    return true;
}

}  // namespace concordat::e2e
