// SPDX-License-Identifier: Apache-2.0
#include <Poco/URI.h>

#include "tests/simulators/sellsy/account_setup.h"
#include "tests/support/check.h"

using namespace concordat::simulators;
using namespace concordat::simulators::sellsy;
using nlohmann::json;

namespace {

Reply batch(Bench& bench, const std::string& lines) {
    return bench.send("POST", "/v2/batch", lines, "text/plain");
}

json v1(Bench& bench, const std::string& method, const json& params) {
    std::string doIn;
    Poco::URI::encode(json({{"method", method}, {"params", params}}).dump(), "&=+%{}\":,[]", doIn);
    const Reply reply = bench.send("POST", "/0/", "request=1&io_mode=json&do_in=" + doIn,
                                   "application/x-www-form-urlencoded");
    CHECK(reply.status == 200);
    return json::parse(reply.body);
}

}  // namespace

TEST_CASE("a batch is pairs of lines and answers each call on its own", "[sellsy]") {
    Bench bench;
    const std::string id = bench.addContact("Batch");
    const Reply reply = batch(bench, R"({"uri":"/contacts/)" + id +
                                         R"(","method":"PUT"})"
                                         "\n{\"first_name\":\"Inside\"}\n"
                                         R"({"uri":"/contacts","method":"GET","query":{"limit":2}})"
                                         "\n{}\n"
                                         R"({"uri":"/contacts/999999","method":"GET"})"
                                         "\n{}\n");
    CHECK(reply.status == 207);
    const json body = json::parse(reply.body);
    CHECK(body["error"] == false);
    CHECK(body["responses"][0]["response"]["first_name"] == "Inside");
    CHECK(body["responses"][1]["response"]["data"].size() == 2);
    CHECK(body["responses"][2]["code"] == 404);
}

TEST_CASE("a batch can name what it is about to create", "[sellsy]") {
    Bench bench;
    const json body = json::parse(batch(bench, R"({"uri":"/contacts","method":"POST","uuid":"u-1"})"
                                               "\n{\"last_name\":\"New\"}\n"
                                               R"({"uri":"/contacts/u-1","method":"PUT"})"
                                               "\n{\"first_name\":\"Named\"}\n")
                                      .body);
    CHECK(body["responses"][1]["response"]["last_name"] == "New");
}

TEST_CASE("a batch has a type, a maximum and can fail in part", "[sellsy]") {
    Bench bench;
    const std::string line = R"({"uri":"/contacts?limit=1","method":"GET"})"
                             "\n{}\n";
    CHECK(bench.send("POST", "/v2/batch", line, "application/json").status == 400);
    CHECK(batch(bench, "nonsense\n{}\n").status == 400);
    bench.set({{"batch_max", 1}});
    CHECK(batch(bench, line + line).status == 413);
    bench.set({{"batch_max", 10}});
    bench.call("POST", "/_admin/faults", {{"kind", "partial_batch"}, {"share", 0.5}});
    const std::string read = R"({"uri":"/quotas","method":"GET"})"
                             "\n{}\n";
    const json body = json::parse(batch(bench, read + read).body);
    CHECK(body["responses"][0]["code"] == 200);
    CHECK(body["responses"][1]["code"] == 500);
}

TEST_CASE("v1 flags are opt-outs: Y means unsubscribed, one channel at a time", "[sellsy]") {
    Bench bench;
    const std::string id = bench.addContact("Old");
    const json before = v1(bench, "Peoples.getOne", {{"id", id}});
    CHECK(before["response"]["massmailingUnsubscribed"] == "N");
    const json done = v1(bench, "Peoples.update",
                         {{"id", id}, {"people", {{"massmailingUnsubscribedSMS", "Y"}}}});
    CHECK(done["status"] == "success");
    const json after = bench.call("GET", "/v2/contacts/" + id);
    CHECK(after["rgpd_consent"]["sms"] == false);
    CHECK(after["marketing_campaigns_subscriptions"].size() == 4);
    const std::string company = bench.call("GET", "/v2/companies?limit=1")["data"][0]["id"].dump();
    v1(bench, "Client.update", {{"clientid", company}, {"third", {{"phoningUnsubscribed", "N"}}}});
    CHECK(bench.call("GET", "/v2/companies/" + company)["rgpd_consent"]["phone"] == true);
}

TEST_CASE("v1 lists people by id with texts as values", "[sellsy]") {
    Bench bench;
    const json list =
        v1(bench, "Peoples.getList", {{"pagination", {{"nbperpage", 3}, {"pagenum", 2}}}});
    CHECK(list["response"]["infos"]["pagenum"] == 2);
    CHECK(list["response"]["result"].size() == 3);
    const auto first = list["response"]["result"].begin();
    CHECK(first.value()["id"] == first.key());
}

TEST_CASE("v1 failures are E codes inside HTTP 200", "[sellsy]") {
    Bench bench;
    const auto code = [](const json& reply) { return reply["error"]["code"].get<std::string>(); };
    CHECK(code(v1(bench, "Peoples.getOne", {{"id", "999999"}})) == "E_OBJ_NOT_LOADABLE");
    CHECK(code(v1(bench, "Peoples.updateGDPR", {{"id", "1"}})) == "E_METHOD_DONT_EXIT");
    CHECK(code(v1(bench, "Peoples.update", {{"id", "1"}})) != "");
    const std::string id = bench.addContact("Flags");
    CHECK(code(v1(bench, "Peoples.update",
                  {{"id", id}, {"people", {{"massmailingUnsubscribed", "true"}}}})) ==
          "E_PARAM_INVALID");
    bench.set({{"v1", false}});
    CHECK(code(v1(bench, "Peoples.getOne", {{"id", id}})) == "E_PRIV_NOT_ALLOWED");
    bench.token = "nonsense";
    CHECK(code(v1(bench, "Peoples.getOne", {{"id", id}})) == "E_USER_NOT_LOGGED");
}
