// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "hub/host/host_calls.h"
#include "hub/host/isolated.h"
#include "hub/host/line_reader.h"
#include "hub/host/process.h"
#include "hub/host/restart.h"

namespace concordat::host {

/// The socket to a connector's process, and its life. An empty `settingsJson` means that only
/// `describe` is asked.
class IsolatedChannel final : public Channel {
 public:
    IsolatedChannel(std::string system,
                    Library library,
                    std::string settingsJson,
                    Services services,
                    IsolatedOptions options);

    Answer call(std::string_view method,
                const sdk::Encoded& request,
                const RunningCall& running) override;

 private:
    void ensureStarted(const RunningCall& running);
    void start(const RunningCall& running);
    Answer exchange(std::string_view method,
                    const sdk::Encoded& request,
                    const RunningCall& running);
    Answer awaitReply(const FrameHead& head, const RunningCall& running);
    void wait(short events);
    std::chrono::milliseconds retryAfter();
    std::string stop();
    [[noreturn]] void lost(std::string_view method, const std::string& why);

    std::string system_;
    Library library_;
    std::string settingsJson_;
    HostCalls hostCalls_;
    IsolatedOptions options_;
    RestartPolicy restart_;
    LineReader lines_;
    Descriptor wake_;  // an eventfd: the running call was cancelled
    bool isPrinting_ = false;
    std::uint32_t lastCall_ = 0;
    SteadyTime limit_;  // when the process is killed
    std::unique_ptr<Process> process_;
    std::optional<FrameSocket> socket_;
};

}  // namespace concordat::host
