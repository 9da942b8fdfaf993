// SPDX-License-Identifier: Apache-2.0
#pragma once
// One running connector of one system, as the sync room calls it.

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "sdk/concordat/messages.h"

namespace concordat::host {

enum class Priority { Tightening, Consent, Read, Sweep };

/// The frame of one call. `deadline` is at most 30 s. The gateway starts no request after
/// `sendBefore`.
struct CallContext {
    std::chrono::milliseconds deadline{30'000};
    Priority priority = Priority::Read;
    std::chrono::steady_clock::time_point sendBefore = std::chrono::steady_clock::time_point::max();
    /// May find out whether a system that failed answers again. Not what loosens.
    bool mayProbe = true;
    /// Set by the host for what it calls itself (services.h); what a caller puts here is not looked
    /// at.
    std::stop_token cancel;
};

/// An instance of a connector. One call at a time [lane], cancel() from anywhere [any].
/// A crash, a hang or a refusal throws PluginError with one sentence; apply() answers instead: one
/// outcome per item, always, `Unknown` for those whose fate nobody knows. What the connector does
/// not have throws NotImplementedError.
class Connector {
 public:
    virtual ~Connector() = default;
    virtual sdk::Description description() = 0;
    virtual sdk::Check check(const CallContext& context) = 0;
    virtual sdk::Discovery discover(const CallContext& context) = 0;
    virtual sdk::Page pull(const sdk::PullRequest& request, const CallContext& context) = 0;
    virtual sdk::ReadReply read(const std::vector<sdk::RecordRef>& records,
                                const CallContext& context) = 0;
    virtual sdk::FindReply find(const std::vector<sdk::Identifier>& identifiers,
                                const CallContext& context) = 0;
    virtual sdk::ApplyReply apply(const std::vector<sdk::ApplyItem>& items,
                                  const CallContext& context) = 0;
    virtual sdk::ApplyReply pollApply(const std::string& token, const CallContext& context) = 0;
    virtual sdk::WebhookNews parseWebhook(const sdk::WebhookRequest& request,
                                          const CallContext& context) = 0;
    virtual sdk::Subscription subscribeWebhook(const std::string& address,
                                               const CallContext& context) = 0;
    virtual std::vector<sdk::Subscription> listWebhooks(const CallContext& context) = 0;
    virtual void removeWebhook(const std::string& id, const CallContext& context) = 0;
    virtual void note(const sdk::RecordRef& record,
                      const std::string& text,
                      const CallContext& context) = 0;
    virtual sdk::Health health(const CallContext& context) = 0;
    /// Ends the running call early; does nothing between calls. [any]
    virtual void cancel() = 0;
};

}  // namespace concordat::host
