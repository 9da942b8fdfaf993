// SPDX-License-Identifier: Apache-2.0
// Whatever Sellsy may answer.
#include <nlohmann/json.hpp>

#include "plugins/sellsy/connector.h"
#include "tests/fuzz/replies.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace concordat;
    plugins::testing::ScriptedHost host;
    host.answer = fuzz::Vendor(data, size);
    static const auto settings =
        nlohmann::json::parse(R"({"client_id": "id", "objects": ["contacts", "individuals"]})");
    plugins::sellsy::SellsyConnector connector(host, settings);
    fuzz::callAll(connector, {"contact", "3"}, "contact.email");
    return 0;
}
