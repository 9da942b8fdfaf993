// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "hub/host/channel.h"
#include "hub/host/decode.h"
#include "hub/host/services.h"

namespace concordat::host {

/// The typed calls over a channel: writes requests, reads and checks replies, turns statuses into
/// one sentence.
class TypedConnector final : public Connector {
 public:
    /// `system` is named in messages. `http` is told to stop when a call is cancelled; borrowed.
    TypedConnector(std::string system,
                   std::unique_ptr<Channel> channel,
                   HttpService& http,
                   Witness* witness = nullptr);

    sdk::Description description() override;
    sdk::Check check(const CallContext& context) override;
    sdk::Discovery discover(const CallContext& context) override;
    sdk::Page pull(const sdk::PullRequest& request, const CallContext& context) override;
    sdk::ReadReply read(const std::vector<sdk::RecordRef>& records,
                        const CallContext& context) override;
    sdk::FindReply find(const std::vector<sdk::Identifier>& identifiers,
                        const CallContext& context) override;
    sdk::ApplyReply apply(const std::vector<sdk::ApplyItem>& items,
                          const CallContext& context) override;
    sdk::ApplyReply pollApply(const std::string& token, const CallContext& context) override;
    sdk::WebhookNews parseWebhook(const sdk::WebhookRequest& request,
                                  const CallContext& context) override;
    sdk::Subscription subscribeWebhook(const std::string& address,
                                       const CallContext& context) override;
    std::vector<sdk::Subscription> listWebhooks(const CallContext& context) override;
    void removeWebhook(const std::string& id, const CallContext& context) override;
    void note(const sdk::RecordRef& record,
              const std::string& text,
              const CallContext& context) override;
    sdk::Health health(const CallContext& context) override;
    void cancel() override;

 private:
    template <class Reply, class Request>
    Reply ask(std::string_view method, const Request& request, const CallContext& context);
    Answer run(std::string_view method, const sdk::Encoded& request, const CallContext& context);
    std::string reasonOf(std::string_view method, const Answer& answer);
    [[noreturn]] void refuse(std::string_view method, const Answer& answer);

    std::string system_;
    std::unique_ptr<Channel> channel_;
    HttpService& http_;
    Witness* witness_;
    Decoder decoder_;
    std::optional<sdk::Description> description_;
    std::mutex mutex_;  // guards running_
    std::optional<std::stop_source> running_;
};

}  // namespace concordat::host
