// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the host needs from outside to serve a connector. Implemented by the app over the gateway;
// by tests with fakes.

#include <cstdint>
#include <string>
#include <vector>

#include "hub/host/connector.h"

namespace concordat::host {

/// HTTP on behalf of one system. [any] Replies in the order of the requests, all there after
/// `context.deadline`. `context.cancel` ends it early.
class HttpService {
 public:
    virtual ~HttpService() = default;
    virtual std::vector<sdk::HttpReply> send(const std::vector<sdk::HttpRequest>& requests,
                                             const CallContext& context) = 0;
    /// Ends what is under way; it answers `Cancelled`. [any]
    virtual void cancel() = 0;
};

/// Time, randomness and the log of one system's connector. [any]
class Surroundings {
 public:
    virtual ~Surroundings() = default;
    virtual sdk::EpochMs now() = 0;
    virtual std::uint64_t random() = 0;
    virtual void log(const std::string& level, const std::string& text) = 0;
    virtual void progress(const std::string& what, double share) = 0;
};

/// The drop boxes that the integration declares. [lane] Throws Error with one sentence.
class FileService {
 public:
    virtual ~FileService() = default;
    virtual sdk::FileReply handle(const sdk::FileRequest& request, const CallContext& context) = 0;
};

}  // namespace concordat::host
