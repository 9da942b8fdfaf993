// SPDX-License-Identifier: Apache-2.0
#pragma once
// A filled template: contacts with one opt-in flag. sdk/README.md points here.

#include <map>
#include <string>
#include <vector>

#include "sdk/concordat/answer.h"
#include "sdk/concordat/exchange.h"

namespace concordat::sample {

class Sample : public sdk::Connector {
 public:
    Sample(sdk::Host& host, const nlohmann::json& settings);
    static sdk::Description description();

    sdk::Check check() override;
    sdk::Page pull(const sdk::PullRequest& request) override;
    sdk::ReadReply read(const std::vector<sdk::RecordRef>& records) override;
    sdk::FindReply find(const std::vector<sdk::Identifier>& identifiers) override;
    sdk::ApplyReply apply(const std::vector<sdk::ApplyItem>& items) override;

 private:
    sdk::Answer send(const sdk::HttpRequest& request);
    std::vector<sdk::Answer> sendAll(const std::vector<sdk::HttpRequest>& requests);

    sdk::Host& host_;
    sdk::Exchange exchange_;
    std::string address_;
};

}  // namespace concordat::sample
