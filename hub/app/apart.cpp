// SPDX-License-Identifier: Apache-2.0
#include "hub/app/apart.h"

#include "hub/app/connectors.h"
#include "hub/host/isolated_channel.h"

namespace concordat::app {

namespace {

namespace kit = sdk::conformance;

/// The vendor of the conformance kit as the connector's way out.
class KitVendor : public host::HttpService {
 public:
    explicit KitVendor(const std::function<sdk::HttpReply(const sdk::HttpRequest&)>& vendor)
        : vendor_(vendor) {}
    std::vector<sdk::HttpReply> send(const std::vector<sdk::HttpRequest>& requests,
                                     const host::CallContext&) override {
        std::vector<sdk::HttpReply> replies;
        for (const auto& request : requests) replies.push_back(vendor_(request));
        return replies;
    }
    void cancel() override {}

 private:
    const std::function<sdk::HttpReply(const sdk::HttpRequest&)>& vendor_;
};

class StillTime : public host::Surroundings {
 public:
    explicit StillTime(sdk::EpochMs now) : now_(now) {}
    sdk::EpochMs now() override { return now_; }
    std::uint64_t random() override { return 4; }
    void log(const std::string&, const std::string&) override {}
    void progress(const std::string&, double) override {}

 private:
    sdk::EpochMs now_;
};

}  // namespace

kit::Apart apartOf(const host::Library& library) {
    return [library](const std::string& settingsJson, const std::vector<kit::Question>& questions,
                     const std::function<sdk::HttpReply(const sdk::HttpRequest&)>& vendor,
                     sdk::EpochMs now) {
        KitVendor way(vendor);
        StillTime surroundings(now);
        host::IsolatedChannel channel("test", library, settingsJson,
                                      {way, surroundings, nullptr, nullptr},
                                      {.program = connectorProgram()});
        std::vector<kit::RawReply> replies;
        for (const auto& question : questions) {
            host::RunningCall running;
            running.endsAt = std::chrono::steady_clock::now() + running.context.deadline;
            const auto answer = channel.call(question.method, {question.json, {}}, running);
            const auto& parts = answer.payload.attachments;
            replies.push_back({answer.status, std::string(answer.payload.json),
                               std::vector<std::string>(parts.begin(), parts.end())});
        }
        return replies;
    };
}

}  // namespace concordat::app
