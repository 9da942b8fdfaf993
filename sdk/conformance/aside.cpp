// SPDX-License-Identifier: Apache-2.0
// What a connector says besides its answers: logs, errors, and what it prints.
#include <cstdio>
#include <iostream>
#include <memory>

#include <unistd.h>

#include "sdk/concordat/text.h"
#include "sdk/conformance/checks.h"
#include "sdk/conformance/steps.h"

namespace concordat::sdk::conformance {
namespace {

/// While it lives, what goes to stdout goes into a file.
class StdoutWatch {
 public:
    StdoutWatch() : file_(std::tmpfile(), &std::fclose), kept_(::dup(STDOUT_FILENO)) {
        flush();
        if (!file_ || kept_ < 0 || ::dup2(::fileno(file_.get()), STDOUT_FILENO) < 0)
            throw NotRun("stdout cannot be watched here");
    }
    ~StdoutWatch() {
        flush();
        if (kept_ < 0) return;
        ::dup2(kept_, STDOUT_FILENO);
        ::close(kept_);
    }
    StdoutWatch(const StdoutWatch&) = delete;
    StdoutWatch& operator=(const StdoutWatch&) = delete;

    bool isEmpty() const {
        flush();
        return ::lseek(::fileno(file_.get()), 0, SEEK_END) == 0;
    }

 private:
    static void flush() {
        std::cout.flush();
        std::fflush(stdout);
    }
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
    int kept_;
};

/// Every kind of call that meets people's data.
void callAll(const Scenario& scenario, Caller& caller) {
    caller.raw(method::kCheck, encode(Nothing{}));
    caller.raw(method::kPull, encode(PullRequest{}));
    const ReadCall read{{scenario.known}};
    caller.raw(method::kRead, encode(read));
    const FindCall find{
        {scenario.address, {scenario.address.kind, std::string(kQuoted), scenario.address.name}}};
    caller.raw(method::kFind, encode(find));
    const ApplyCall call{writesOf({scenario.known}, scenario.slot, false)};
    caller.raw(method::kApply, encode(call));
    if (const auto health = caller.tryAsk<Health>(method::kHealth, Nothing{}))
        require(lowered(health->lastError).find(lowered(kQuoted)) == std::string::npos,
                "health quotes an address");
}

void mustQuoteNobody(const Scenario& scenario, const Caller& caller, const std::string& when) {
    for (const auto& text : caller.said())
        for (const auto& address : {std::string(kQuoted), scenario.address.value})
            require(lowered(text).find(lowered(address)) == std::string::npos,
                    "with " + when + ", a log line or an error quotes an address");
}

}  // namespace

void saysNothingAside(const Scenario& scenario) {
    const StdoutWatch watch;
    for (const auto fault :
         {Fault::None, Fault::Quoted, Fault::QuotedList, Fault::Gibberish, Fault::Truncated,
          Fault::Html, Fault::Unavailable, Fault::Forbidden, Fault::LostAfterSending}) {
        Caller caller(scenario);
        caller.setFault(fault);
        callAll(scenario, caller);
        mustQuoteNobody(scenario, caller, nameOf(fault));
    }
    require(watch.isEmpty(), "it prints to stdout");
}

}  // namespace concordat::sdk::conformance
