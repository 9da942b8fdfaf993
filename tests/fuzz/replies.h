// SPDX-License-Identifier: Apache-2.0
#pragma once
// A vendor that answers anything: each line of the input is one reply, its first
// byte the status. A connector may refuse with one sentence (CallError); every other exception, a
// wrong number of outcomes, or an answer that cannot cross the edge is a defect.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sdk/concordat/json.h"
#include "tests/plugins/scripted_host.h"

namespace concordat::fuzz {

class Vendor {
 public:
    Vendor(const std::uint8_t* data, std::size_t size)
        : left_(reinterpret_cast<const char*>(data), size) {}

    sdk::HttpReply operator()(const sdk::HttpRequest&) {
        if (left_.empty() || ++replies_ > kMost) return plugins::testing::lost(replies_ % 2 == 0);
        const auto part = left_.substr(0, left_.find('\n'));
        left_.remove_prefix(std::min(left_.size(), part.size() + 1));
        if (part.empty()) return plugins::testing::lost(true);
        static constexpr std::array<int, 12> statuses{200, 200, 200, 200, 201, 204,
                                                      207, 400, 404, 409, 429, 503};
        const auto status = statuses[static_cast<unsigned char>(part[0]) % statuses.size()];
        return plugins::testing::replied(status, std::string(part.substr(1)),
                                         {{"date", "Wed, 18 Nov 2026 09:20:00 GMT"}});
    }

 private:
    static constexpr int kMost = 64;
    std::string_view left_;
    int replies_ = 0;
};

template <class Work>
void tried(Work work) {
    try {
        work();
    } catch (const sdk::CallError& error) {
        if (std::string_view(error.what()).empty()) std::abort();
    }
}

/// Every call of the protocol that reads replies, each with what is left of the input.
template <class Connector>
void callAll(Connector& connector, const sdk::RecordRef& record, const std::string& slot) {
    tried([&] { sdk::encode(connector.check()); });
    tried([&] {
        auto page = connector.pull({"", 10});
        sdk::encode(page);
        sdk::encode(connector.pull({page.cursor, 10}));
    });
    tried([&] { sdk::encode(connector.read({record})); });
    tried([&] {
        sdk::encode(connector.find({{sdk::IdentifierKind::Email, "a@example.org", ""}}));
    });
    tried([&] {
        sdk::ApplyItem item;
        item.record = record;
        item.generation = 1;
        item.writes = {{slot, false, std::nullopt}};
        const auto reply = connector.apply({item});
        sdk::encode(reply);
        if (reply.outcomes.size() != 1) std::abort();
    });
    tried([&] { sdk::encode(connector.health()); });
    tried([&] { sdk::encode(connector.discover()); });
}

}  // namespace concordat::fuzz
