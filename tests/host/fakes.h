// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>

#include "hub/host/inprocess.h"
#include "hub/host/isolated.h"

namespace concordat::host {

/// A folder of its own for copies of connectors; goes with the object.
class CacheFolder {
 public:
    CacheFolder();
    ~CacheFolder() { std::filesystem::remove_all(path_); }
    CacheFolder(const CacheFolder&) = delete;
    CacheFolder& operator=(const CacheFolder&) = delete;
    const std::string& path() const { return path_; }

 private:
    std::string path_;
};

/// HTTP, time, randomness and log of a connector under test.
struct FakeSurroundings final : HttpService, Surroundings {
    std::vector<sdk::HttpReply> send(const std::vector<sdk::HttpRequest>& requests,
                                     const CallContext& context) override;
    void cancel() override {}
    sdk::EpochMs now() override { return time; }
    std::uint64_t random() override { return 7; }
    void log(const std::string& level, const std::string& text) override;
    void progress(const std::string& what, double share) override;

    /// Everything that was logged, a line each.
    std::string logged();

    sdk::EpochMs time = 1'700'000'000'000;
    std::function<void(const CallContext&)> onSend = [](const CallContext&) {};
    std::vector<sdk::HttpRequest> sent;
    std::string body = "[1,2,3]";  ///< of every answer

 private:
    std::mutex mutex_;  // guards logged_
    std::string logged_;
};

/// Every message as one readable line.
struct Transcript final : Witness {
    void saw(std::string_view who,
             std::string_view method,
             int status,
             std::string_view json,
             const std::vector<std::string_view>& attachments) override;
    std::string text;
};

IsolatedOptions childOptions();

}  // namespace concordat::host
