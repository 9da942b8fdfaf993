// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <sys/types.h>

#include "hub/host/descriptor.h"

namespace concordat::host {

/// A connector's process: started by the constructor, ended and collected by the destructor at the
/// latest. It dies with the thread that started it.
class Process {
 public:
    /// Executes `program` (see child.h) with nothing but a socket, the opened library and a pipe
    /// for its lines. Throws PluginError.
    Process(const std::string& program, const std::string& library, std::uint64_t memoryBytes);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    int socket() const { return socket_.get(); }
    /// The reading end of its stdout and stderr; does not block.
    int lines() const { return lines_.get(); }

    /// Kills it unless it has ended, and says how it ended: "was ended by signal 11 (Segmentation
    /// fault)".
    std::string end();

 private:
    Descriptor socket_;
    Descriptor lines_;
    pid_t pid_ = -1;
};

}  // namespace concordat::host
