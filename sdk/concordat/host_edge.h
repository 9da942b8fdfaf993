// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sdk/concordat/connector.h"

namespace concordat::sdk {

/// The hub's side of the edge as a Host. Borrows the C struct, which lives until destroy(). [call]
class HostEdge final : public Host {
 public:
    explicit HostEdge(const concordat_host& host) : host_(host) {}

    std::vector<HttpReply> http(const std::vector<HttpRequest>& requests) override;
    EpochMs now() override;
    std::uint64_t random() override;
    void log(const std::string& level, const std::string& text) override;
    void progress(const std::string& what, double share) override;
    FileReply files(const FileRequest& request) override;

 private:
    const concordat_host& host_;
};

}  // namespace concordat::sdk
