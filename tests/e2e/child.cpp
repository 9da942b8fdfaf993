// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/child.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace concordat::e2e {

namespace {

constexpr long kShortestPauseMs = 20;
constexpr long kLongestPauseMs = 250;

void sendTo(const std::string& file, int descriptor) {
    if (file.empty()) return;
    const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (opened >= 0) ::dup2(opened, descriptor);
}

[[noreturn]] void become(const Program& program) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (const auto& [name, value] : program.environment) ::setenv(name.c_str(), value.c_str(), 1);
    sendTo(program.out.empty() ? program.log : program.out, STDOUT_FILENO);
    sendTo(program.log, STDERR_FILENO);
    std::vector<std::string> words{program.path};
    words.insert(words.end(), program.arguments.begin(), program.arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(program.path.c_str(), argv.data());
    ::_exit(127);
}

/// "R", "Z" … and the parent, as /proc says.
std::optional<std::pair<char, pid_t>> stateOf(const std::string& pid) {
    const std::string text = textOf("/proc/" + pid + "/stat");
    const auto after = text.rfind(')');
    if (after == std::string::npos) return std::nullopt;
    std::istringstream rest(text.substr(after + 1));
    char state = 0;
    pid_t parent = 0;
    rest >> state >> parent;
    return std::pair{state, parent};
}

}  // namespace

namespace detail {

long nowMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

bool lookAgain(long begunMs, int seconds) {
    const long passed = nowMs() - begunMs;
    if (passed > seconds * 1000L) return false;
    // Looking takes the machine's time from those who are waited for.
    const long pause = std::clamp(passed / 20, kShortestPauseMs, kLongestPauseMs);
    std::this_thread::sleep_for(std::chrono::milliseconds(pause));
    return true;
}

}  // namespace detail

Child::Child(const Program& program) : pid_(::fork()) {
    if (pid_ == 0) become(program);
}

Child::~Child() { kill(); }

bool Child::collect(int options) {
    int status = 0;
    if (code_ || pid_ <= 0) return true;
    if (::waitpid(pid_, &status, options) != pid_) return false;
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
}

bool Child::runs() { return !collect(WNOHANG); }

void Child::signal(int number) const {
    if (!code_ && pid_ > 0) ::kill(pid_, number);
}

void Child::kill() {
    signal(SIGKILL);
    collect(0);
}

std::optional<int> Child::end(int seconds) {
    eventually([this] { return !runs(); }, seconds);
    return code_;
}

std::optional<int> run(const Program& program, int seconds) { return Child(program).end(seconds); }

std::vector<pid_t> childrenOf(pid_t parent) {
    std::vector<pid_t> all;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const auto state = stateOf(name);
        if (state && state->second == parent && state->first != 'Z') all.push_back(std::stoi(name));
    }
    return all;
}

bool alive(pid_t pid) {
    const auto state = stateOf(std::to_string(pid));
    return state && state->first != 'Z';
}

std::string textOf(const std::string& file) {
    std::ifstream input(file, std::ios::binary);
    std::ostringstream text;
    text << input.rdbuf();
    return text.str();
}

void writeText(const std::string& file, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

}  // namespace concordat::e2e
