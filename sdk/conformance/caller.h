// SPDX-License-Identifier: Apache-2.0
#pragma once
// An instance of the linked connector, with the kit in the hub's place.

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/abi/concordat_abi.h"
#include "sdk/concordat/json.h"
#include "sdk/conformance/faults.h"
#include "sdk/conformance/kit.h"

namespace concordat::sdk::conformance {

/// What is wrong with the connector, in one sentence.
struct Problem : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Why a check cannot be run here.
struct NotRun : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Throws Problem with `text` unless `holds`.
void require(bool holds, const std::string& text);

/// A configured connector. Throws Problem if it cannot be made.
class Caller {
 public:
    explicit Caller(const Scenario& scenario);
    Caller(const Scenario& scenario, const std::string& settingsJson);
    ~Caller();
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    /// The reply, whatever its status. Throws Problem if the answer breaks the ABI's rules.
    RawReply raw(std::string_view method, const Encoded& request);

    /// The reply as a message. Throws Problem if the call fails.
    template <class Reply, class Request>
    Reply ask(std::string_view method, const Request& request) {
        const RawReply reply = raw(method, encode(request));
        require(reply.status == CONCORDAT_OK,
                std::string(method) + " fails: " + decode<ErrorReply>(reply.json).error);
        return decode<Reply>(reply.json, {reply.attachments.begin(), reply.attachments.end()});
    }
    /// The same where failing is allowed: nothing then.
    template <class Reply, class Request>
    std::optional<Reply> tryAsk(std::string_view method, const Request& request) {
        const RawReply reply = raw(method, encode(request));
        if (reply.status != CONCORDAT_OK) return std::nullopt;
        return decode<Reply>(reply.json, {reply.attachments.begin(), reply.attachments.end()});
    }

    /// Every request fails this way.
    void setFault(Fault fault);
    /// Each request fails, or not, as the plan says.
    void setPlan(FaultPlan plan) { plan_ = std::move(plan); }
    /// Every exchange takes so long by the hub's clock.
    void setDelay(EpochMs ms) { delay_ = ms; }
    /// Called once, behind the vendor's next answer and before the connector has it.
    void onNextAnswer(std::function<void()> act) { onAnswer_ = std::move(act); }

    /// What it logged so far, and the sentences that calls ended with.
    const std::vector<std::string>& said() const { return said_; }

    /// Since the last raw(): exchanges, and when the last of them began.
    int exchanges() const { return exchanges_; }
    EpochMs lastExchangeAt() const { return lastExchangeAt_; }
    /// Since the last raw(): exchanges after the hub ended the call.
    int exchangesAfterEnd() const { return exchangesAfterEnd_; }

 private:
    static concordat_status onHostCall(void* context,
                                       concordat_text method,
                                       const concordat_message* request,
                                       const concordat_reply* reply) noexcept;
    Encoded serve(std::string_view method, const concordat_message& request, HttpReplies& replies);
    void exchange(const HttpCall& call, HttpReplies& replies);
    EpochMs now();

    const Scenario& scenario_;
    FaultPlan plan_;
    bool cancelled_ = false;
    EpochMs delay_ = 0;
    EpochMs delayed_ = 0;
    std::function<void()> onAnswer_;
    std::vector<std::string> said_;
    int exchanges_ = 0;
    int exchangesAfterEnd_ = 0;
    EpochMs lastExchangeAt_ = 0;
    EpochMs ticks_ = 1'700'000'000'000;
    concordat_host host_;
    concordat_instance* instance_ = nullptr;
};

/// What the connector says it is. Throws Problem.
Description describe(const Scenario& scenario);

}  // namespace concordat::sdk::conformance
