// SPDX-License-Identifier: Apache-2.0
#pragma once
// A hub for one connector under test: every request goes to a function, time stands still unless
// moved.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sdk/concordat/connector.h"

namespace concordat::plugins::testing {

class ScriptedHost : public sdk::Host {
 public:
    std::function<sdk::HttpReply(const sdk::HttpRequest&)> answer;
    std::vector<sdk::HttpRequest> sent;
    std::vector<std::string> logged;
    sdk::EpochMs clock = 1'795'000'000'000;  // 2026-11-18
    int exchanges = 0;                       ///< calls of http(), however many requests they held

    using sdk::Host::http;
    std::vector<sdk::HttpReply> http(const std::vector<sdk::HttpRequest>& requests) override {
        ++exchanges;
        if (requests.size() > 100) throw sdk::CallError("a host call takes at most 100 requests");
        std::vector<sdk::HttpReply> replies;
        for (const auto& request : requests) {
            sent.push_back(request);
            replies.push_back(answer(request));
        }
        return replies;
    }
    sdk::EpochMs now() override { return clock; }
    std::uint64_t random() override { return 4; }
    void log(const std::string&, const std::string& text) override { logged.push_back(text); }
    void progress(const std::string&, double) override {}
};

inline sdk::HttpReply replied(int status,
                              std::string body,
                              std::map<std::string, std::string> headers = {}) {
    sdk::HttpReply reply;
    reply.status = status;
    reply.kind = status < 300    ? sdk::HttpClass::Ok
                 : status == 401 ? sdk::HttpClass::Auth
                 : status == 404 ? sdk::HttpClass::NotFound
                 : status == 409 ? sdk::HttpClass::Conflict
                 : status == 429 ? sdk::HttpClass::RateLimited
                 : status >= 500 ? sdk::HttpClass::Transient
                                 : sdk::HttpClass::Permanent;
    reply.body = std::move(body);
    reply.headers = std::move(headers);
    return reply;
}

inline sdk::HttpReply lost(bool maybeSent) {
    sdk::HttpReply reply;
    reply.kind = sdk::HttpClass::Transient;
    reply.maybeSent = maybeSent;
    reply.error = "timeout";
    return reply;
}

}  // namespace concordat::plugins::testing
