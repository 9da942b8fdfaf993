// SPDX-License-Identifier: Apache-2.0
#include "tests/simulators/salesforce/rig.h"
#include "tools/simulators/salesforce/times.h"

using namespace concordat::simulators;
using namespace concordat::simulators::salesforce;
using nlohmann::json;

namespace {

const std::string kBase = "/services/data/v66.0";

json part(const std::string& reference,
          const std::string& method,
          const std::string& url,
          json body = {}) {
    json out = {{"referenceId", reference}, {"method", method}, {"url", kBase + url}};
    if (!body.is_null()) out["body"] = std::move(body);
    return out;
}

json run(Rig& rig, json parts, bool allOrNone) {
    return rig
        .json("POST", "/composite",
              json{{"allOrNone", allOrNone}, {"compositeRequest", std::move(parts)}}.dump())
        .at("compositeResponse");
}

}  // namespace

TEST_CASE("later parts of a composite use what earlier ones made") {
    Rig rig;
    const auto out = run(
        rig,
        {part("i", "POST", "/sobjects/Individual", {{"LastName", "C"}}),
         part("c", "POST", "/sobjects/Contact", {{"LastName", "C"}, {"IndividualId", "@{i.id}"}}),
         part("r", "GET", "/sobjects/Contact/@{c.id}?fields=IndividualId")},
        true);
    CHECK(out[0].at("httpStatusCode") == 201);
    CHECK(out[2].at("body").at("IndividualId") == out[0].at("body").at("id"));
    CHECK(rig.admin("GET", "calls").at("by_call").at("POST /composite").at("calls") == 1);
}

TEST_CASE("a composite of all or none halts and rolls back") {
    Rig rig;
    const auto out =
        run(rig,
            {part("a", "POST", "/sobjects/Contact", {{"LastName", "Zz"}}),
             part("b", "POST", "/sobjects/Contact", {{"Email", "x"}}), part("c", "GET", "/limits")},
            true);
    CHECK(out[0].at("body")[0].at("errorCode") == "PROCESSING_HALTED");
    CHECK(out[1].at("body")[0].at("errorCode") == "INVALID_EMAIL_ADDRESS");
    CHECK(out[2].at("body")[0].at("errorCode") == "PROCESSING_HALTED");
    CHECK(rig.query("SELECT Id FROM Contact WHERE LastName = 'Zz'").at("totalSize") == 0);
}

TEST_CASE("a broken reference halts only its own part") {
    Rig rig;
    const auto out =
        run(rig,
            {part("a", "PATCH", "/sobjects/Contact/@{nothing.id}", {{"DoNotCall", true}}),
             part("b", "POST", "/sobjects/Contact", {{"LastName", "Zz"}})},
            false);
    CHECK(out[0].at("body")[0].at("errorCode") == "PROCESSING_HALTED");
    CHECK(out[1].at("httpStatusCode") == 201);
}

TEST_CASE("parts of a composite may carry conditions but no credentials") {
    Rig rig;
    auto conditional = part("a", "PATCH", "/sobjects/Contact/" + rig.contact({{"LastName", "X"}}),
                            {{"DoNotCall", true}});
    conditional["httpHeaders"] = {{"If-Unmodified-Since", showHttpTime(rig.stage.now() - 60000)}};
    CHECK(run(rig, {conditional}, false)[0].at("httpStatusCode") == 412);
    conditional["httpHeaders"] = {{"Authorization", "x"}};
    CHECK(rig.ask("POST", "/composite", json{{"compositeRequest", {conditional}}}.dump()).status ==
          400);
}

TEST_CASE("a composite takes 25 parts of which five are queries") {
    Rig rig;
    json parts = json::array();
    for (int i = 0; i < 6; ++i)
        parts.push_back(
            part("q" + std::to_string(i), "GET", "/query?q=SELECT+Id+FROM+Lead+LIMIT+1"));
    const auto send = [&] {
        return rig.ask("POST", "/composite", json{{"compositeRequest", parts}}.dump()).status;
    };
    CHECK(send() == 400);
    parts.erase(0);
    CHECK(send() == 200);
    for (int i = 0; i < 21; ++i) parts.push_back(part("l" + std::to_string(i), "GET", "/limits"));
    CHECK(send() == 400);
}

TEST_CASE("a batch runs its parts apart, meters each, and halts on demand") {
    Rig rig;
    const json batch = {{"haltOnError", true},
                        {"batchRequests",
                         {{{"method", "POST"},
                           {"url", "v66.0/sobjects/Contact"},
                           {"richInput", {{"LastName", "Zz"}}}},
                          {{"method", "GET"}, {"url", "v66.0/sobjects/Nothing"}},
                          {{"method", "GET"}, {"url", "v66.0/limits"}}}}};
    const auto reply = rig.ask("POST", "/composite/batch", batch.dump());
    const auto out = json::parse(reply.body);
    CHECK(out.at("hasErrors") == true);
    CHECK(out.at("results")[0].at("statusCode") == 201);
    CHECK(out.at("results")[2].at("statusCode") == 412);
    CHECK(headerOf(reply, "Sforce-Limit-Info") == "api-usage=3/100000");
    CHECK(rig.query("SELECT Id FROM Contact WHERE LastName = 'Zz'").at("totalSize") == 1);
}

TEST_CASE("each graph is all or nothing by itself") {
    Rig rig;
    const json graphs = {
        {"graphs",
         {{{"graphId", "1"},
           {"compositeRequest", {part("a", "POST", "/sobjects/Contact", {{"LastName", "G1"}})}}},
          {{"graphId", "2"},
           {"compositeRequest",
            {part("a", "POST", "/sobjects/Contact", {{"LastName", "G2"}}),
             part("b", "POST", "/sobjects/Contact", json::object())}}}}}};
    const auto out = rig.json("POST", "/composite/graph", graphs.dump()).at("graphs");
    CHECK(out[0].at("isSuccessful") == true);
    CHECK(out[1].at("isSuccessful") == false);
    CHECK(rig.query("SELECT Id FROM Contact WHERE LastName IN ('G1','G2')").at("totalSize") == 1);
}
