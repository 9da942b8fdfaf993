// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a message reaches a connector: by a function call (inprocess.h) or through a socket
// (isolated.h).

#include "hub/consent/error.h"
#include "hub/host/connector.h"
#include "hub/host/frames.h"
#include "sdk/abi/concordat_abi.h"
#include "sdk/concordat/json.h"

namespace concordat::host {

using SteadyTime = std::chrono::steady_clock::time_point;

/// The call that is running: when it ends, and whether it was ended. Host calls after that are
/// answered `cancelled`.
struct RunningCall {
    CallContext context;  ///< with `cancel` set
    SteadyTime endsAt;

    bool isOver() const {
        return context.cancel.stop_requested() || std::chrono::steady_clock::now() >= endsAt;
    }
};

/// What a connector answered. The views are valid until the next call.
struct Answer {
    concordat_status status = CONCORDAT_OK;
    PayloadView payload;
};

/// The connector was not reached, so nothing was done. `retryAfter`: when it is
/// worth asking again.
struct NotReached : PluginError {
    NotReached(const std::string& message, std::chrono::milliseconds wait)
        : PluginError(message), retryAfter(wait) {}
    std::chrono::milliseconds retryAfter;
};

/// One connector's end. [lane]
class Channel {
 public:
    virtual ~Channel() = default;
    /// Throws NotReached, or PluginError when the connector was lost during the call.
    virtual Answer call(std::string_view method,
                        const sdk::Encoded& request,
                        const RunningCall& running) = 0;
};

/// Sees every message in both directions, for recordings and tests. [lane]
class Witness {
 public:
    virtual ~Witness() = default;
    /// who: "hub" or "connector".
    virtual void saw(std::string_view who,
                     std::string_view method,
                     int status,
                     std::string_view json,
                     const std::vector<std::string_view>& attachments) = 0;
};

}  // namespace concordat::host
