// SPDX-License-Identifier: Apache-2.0
// Whatever Eudonet may answer.
#include <nlohmann/json.hpp>

#include "plugins/eudonet/connector.h"
#include "tests/fuzz/replies.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace concordat;
    plugins::testing::ScriptedHost host;
    host.answer = fuzz::Vendor(data, size);
    static const auto settings = nlohmann::json::parse(R"({
        "base_url": "https://x.example/EudoAPI", "base_name": "EXEMPLE", "layout": "contact_flags",
        "contact": {"email": 208, "mobile": 209, "phone": 210, "modified": 295, "created": 296},
        "flags": {"contact.email_optout": 254, "contact.sms_optin": 255}})");
    plugins::eudonet::EudonetConnector connector(host, settings);
    fuzz::callAll(connector, {"contact", "244917"}, "contact.email_optout");
    return 0;
}
