// SPDX-License-Identifier: Apache-2.0
#pragma once
// An instance of the linked connector, with the kit in the hub's place.

#include <string>
#include <string_view>
#include <vector>

#include "sdk/abi/concordat_abi.h"
#include "sdk/concordat/json.h"
#include "sdk/conformance/kit.h"

namespace concordat::sdk::conformance {

/// What is wrong with the connector, in one sentence.
struct Problem : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Throws Problem with `text` unless `holds`.
void require(bool holds, const std::string& text);

/// What happens to the vendor's answers on their way.
enum class Fault { None, Cancelled, LostAfterSending, Refused };

struct RawReply {
    concordat_status status = CONCORDAT_OK;
    std::string json;
    std::vector<std::string> attachments;
};

/// A configured connector. Throws Problem if it cannot be made.
class Caller {
 public:
    explicit Caller(const Scenario& scenario);
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

    void setFault(Fault fault) { fault_ = fault; }
    int requestsMade() const { return requests_; }

 private:
    static concordat_status onHostCall(void* context,
                                       concordat_text method,
                                       const concordat_message* request,
                                       const concordat_reply* reply) noexcept;
    Encoded serve(std::string_view method, const concordat_message& request, HttpReplies& replies);
    HttpReply answer(const HttpRequest& request);

    const Scenario& scenario_;
    Fault fault_ = Fault::None;
    int requests_ = 0;
    EpochMs now_ = 1'700'000'000'000;
    concordat_host host_;
    concordat_instance* instance_ = nullptr;
};

/// What the connector says it is. Throws Problem.
Description describe(const Scenario& scenario);

}  // namespace concordat::sdk::conformance
