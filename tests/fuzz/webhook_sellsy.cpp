// SPDX-License-Identifier: Apache-2.0
// Webhook bodies as anybody may post them to Sellsy's address.
#include <nlohmann/json.hpp>

#include "plugins/sellsy/connector.h"
#include "tests/fuzz/replies.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace concordat;
    plugins::testing::ScriptedHost host;
    host.answer = [](const sdk::HttpRequest&) { return plugins::testing::lost(false); };
    static const auto settings = nlohmann::json::parse(R"({"client_id": "id"})");
    plugins::sellsy::SellsyConnector connector(host, settings);
    sdk::WebhookRequest request;
    request.method = "POST";
    request.headers["content-type"] =
        size > 0 && data[0] % 2 == 0 ? "application/x-www-form-urlencoded" : "application/json";
    request.body.assign(reinterpret_cast<const char*>(data), size);
    fuzz::tried([&] { sdk::encode(connector.parseWebhook(request)); });
    return 0;
}
