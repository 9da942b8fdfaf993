// SPDX-License-Identifier: Apache-2.0
// Whatever Salesforce may answer.
#include <nlohmann/json.hpp>

#include "plugins/salesforce/connector.h"
#include "tests/fuzz/replies.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace concordat;
    plugins::testing::ScriptedHost host;
    host.answer = fuzz::Vendor(data, size);
    static const auto settings = nlohmann::json::parse(
        R"({"my_domain_url": "https://acme.my.salesforce.com", "client_id": "id"})");
    plugins::salesforce::SalesforceConnector connector(host, settings);
    fuzz::callAll(connector, {"Contact", "003000000000001AAA"}, "contact.email");
    return 0;
}
