// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "hub/host/channel.h"
#include "hub/host/decode.h"
#include "hub/host/services.h"

namespace concordat::host {

/// What a connector may reach: borrowed, must outlive it. `files` absent: no drop boxes. `witness`
/// absent: nobody looks.
struct Services {
    HttpService& http;
    Surroundings& surroundings;
    FileService* files = nullptr;
    Witness* witness = nullptr;
};

/// The most HTTP requests that one host call may hold.
constexpr std::size_t kMaxRequests = 100;

/// Answers a connector's host calls on the lane's thread. Trusts nothing it is given. [lane]
class HostCalls {
 public:
    /// Takes the answer while what it views is alive.
    using Respond = std::function<void(concordat_status, const sdk::Encoded&)>;

    explicit HostCalls(Services services) : services_(services) {}

    /// Calls `respond` exactly once, with the reply or with {"error": …}. Throws only what
    /// `respond` throws.
    void serve(std::string_view method,
               const PayloadView& request,
               const RunningCall& running,
               const Respond& respond);

    /// A line the connector wrote to stdout or stderr, or logged; shortened, without control
    /// characters.
    void log(const std::string& level, std::string_view text);
    /// Lines are counted per call; those over the limit are dropped.
    void beginCall() { lines_ = 0; }

    Surroundings& surroundings() { return services_.surroundings; }
    Witness* witness() { return services_.witness; }

 private:
    struct Prepared;

    void prepare(std::string_view method,
                 const PayloadView& request,
                 const RunningCall& running,
                 Prepared& answer);
    void prepareHttp(const PayloadView& request, const RunningCall& running, Prepared& answer);
    void prepareFiles(const PayloadView& request, const RunningCall& running, Prepared& answer);

    Services services_;
    Decoder decoder_;
    int lines_ = 0;
};

/// `text` as one line of at most `limit` bytes that is safe to log or to show.
std::string asLine(std::string_view text, std::size_t limit);

}  // namespace concordat::host
