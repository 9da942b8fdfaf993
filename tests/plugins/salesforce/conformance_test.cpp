// SPDX-License-Identifier: Apache-2.0
#include "sdk/conformance/kit.h"
#include "tests/plugins/salesforce/bench.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::plugins::testing;

TEST_CASE("the connector passes the conformance kit") {
    Org org;
    org.add("Contact", 1, kOld);
    sdk::conformance::Scenario scenario;
    scenario.connector = &sdk::concordat_connector;
    scenario.settingsJson = R"({"my_domain_url":"https://acme.my.salesforce.com","client_id":"x"})";
    scenario.vendor = [&org](const sdk::HttpRequest& request) {
        org.clock += 2'000;
        return org(request);
    };
    scenario.known = {"Contact", idOf("Contact", 1)};
    scenario.slot = "contact.email";
    scenario.address = {sdk::IdentifierKind::Email, "p1@example.org", ""};
    scenario.unknown = {"Contact", idOf("Contact", 2)};
    for (const auto& finding : sdk::conformance::examine(scenario)) {
        INFO(finding.number << " " << finding.rule << ": " << finding.problem);
        CHECK(finding.problem.empty());
    }
}
