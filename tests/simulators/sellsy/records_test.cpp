// SPDX-License-Identifier: Apache-2.0
#include "tests/simulators/sellsy/account_setup.h"
#include "tests/support/check.h"

using namespace concordat::simulators;
using namespace concordat::simulators::sellsy;
using nlohmann::json;

namespace {

const std::string kArray = "marketing_campaigns_subscriptions";

}  // namespace

TEST_CASE("a create needs its required fields and omits nulls in the reply", "[sellsy]") {
    Bench bench;
    const json missing = bench.call("POST", "/v2/contacts", {{"first_name", "A"}});
    CHECK(missing["error"]["details"]["last_name"] == "Ce champ est manquant");
    CHECK(bench.status("POST", "/v2/individuals", {{"last_name", "A"}}) == 400);
    CHECK(bench.status("POST", "/v2/companies", {{"name", "A"}}) == 400);
    const Reply made = bench.send("POST", "/v2/companies", R"({"name":"A","type":"prospect"})");
    CHECK(made.status == 201);
    CHECK_FALSE(json::parse(made.body).contains("email"));
    CHECK_FALSE(json::parse(made.body).contains("sync"));
    const std::string path = "/v2/companies/" + json::parse(made.body)["id"].dump();
    CHECK(bench.call("GET", path)["email"].is_null());
}

TEST_CASE("a new record is subscribed to nothing, or to all by the account's switch", "[sellsy]") {
    Bench bench;
    CHECK(bench.call("POST", "/v2/contacts", {{"last_name", "A"}})[kArray].empty());
    bench.set({{"default_consent", true}});
    const json all = bench.call("POST", "/v2/contacts", {{"last_name", "B"}});
    CHECK(all[kArray].size() == 5);
    CHECK(all["rgpd_consent"]["postal_mail"] == true);
    const json none =
        bench.call("POST", "/v2/contacts", {{"last_name", "C"}, {kArray, json::array()}});
    CHECK(none[kArray].empty());
}

TEST_CASE("a PUT merges, replaces the whole array and keeps rgpd_consent in step", "[sellsy]") {
    Bench bench;
    const std::string path = "/v2/contacts/" + bench.addContact("Before");
    const json after = bench.call("PUT", path, {{kArray, {"sms"}}});
    CHECK(after["last_name"] == "Before");
    CHECK(after[kArray] == json::array({"sms"}));
    CHECK(after["rgpd_consent"]["sms"] == true);
    CHECK(after["rgpd_consent"]["email"] == false);
    bench.call("PUT", path, {{"email", "a@example.org"}});
    CHECK(bench.call("PUT", path, {{"email", nullptr}})["email"].is_null());
    CHECK(bench.call("PUT", path, {{"sync", {{"mailjet", false}}}})["sync"]["mailchimp"] == true);
}

TEST_CASE("unknown channels, doubles and unknown or read-only fields are refused", "[sellsy]") {
    Bench bench;
    const std::string path = "/v2/contacts/" + bench.addContact("Strict");
    const json mail = bench.call("PUT", path, {{kArray, {"mail"}}});
    CHECK(mail["error"]["code"] == 400);
    CHECK(mail["error"]["details"].contains(kArray));
    CHECK(bench.status("PUT", path, {{kArray, {"sms", "sms"}}}) == 400);
    CHECK(bench.status("PUT", path, {{kArray, "sms"}}) == 400);
    CHECK(bench.status("PUT", path, {{"rgpd_consent", {{"sms", true}}}}) == 400);
    CHECK(bench.status("PUT", path, {{"colour", "red"}}) == 400);
    CHECK(bench.status("PUT", path, {{"civility", "dr"}}) == 400);
    CHECK(bench.status("PUT", path, {{"last_name", std::string(201, 'x')}}) == 400);
    CHECK(bench.status("PUT", "/v2/contacts/999999", {{"last_name", "x"}}) == 404);
    CHECK(bench.call("GET", path)[kArray].size() == 5);
}

TEST_CASE("verify checks and changes nothing", "[sellsy]") {
    Bench bench;
    const std::string path = "/v2/contacts/" + bench.addContact("Same");
    const auto seq = bench.stage.journal.lastSeq();
    CHECK(bench.status("PUT", path + "?verify=true", {{"last_name", "Other"}}) == 204);
    CHECK(bench.status("PUT", path + "?verify=true", {{"last_name", 5}}) == 400);
    CHECK(bench.status("POST", "/v2/contacts?verify=true", {{"last_name", "New"}}) == 204);
    CHECK(bench.stage.journal.lastSeq() == seq);
}

TEST_CASE("both replies to a PUT can be had", "[sellsy]") {
    Bench bench;
    const std::string path = "/v2/contacts/" + bench.addContact("Reply");
    CHECK(bench.send("PUT", path, R"({"first_name":"A"})").status == 200);
    bench.set({{"put_reply", 204}});
    const Reply empty = bench.send("PUT", path, R"({"first_name":"B"})");
    CHECK(empty.status == 204);
    CHECK(empty.body.empty());
    CHECK(bench.call("GET", path)["first_name"] == "B");
}

TEST_CASE("what is not there is 404 with an empty list of details", "[sellsy]") {
    Bench bench;
    const std::string path = "/v2/contacts/" + bench.addContact("Gone");
    CHECK(bench.status("DELETE", path) == 204);
    const json gone = bench.call("GET", path);
    CHECK(
        gone ==
        json::parse(R"({"error":{"code":404,"message":"Not Found","details":[],"context":null}})"));
    CHECK(bench.status("DELETE", path) == 404);
}

TEST_CASE("tags and comments can be left on a record", "[sellsy]") {
    Bench bench;
    const std::string id = bench.addContact("Tagged");
    const std::string path = "/v2/contacts/" + id + "/smart-tags";
    const json tags = bench.call("POST", path, json::array({{{"value", "Opposition RGPD"}}}));
    CHECK(tags["data"][0]["value"] == "Opposition RGPD");
    bench.call("POST", path, json::array({{{"value", "Opposition RGPD"}}}));
    CHECK(bench.call("GET", path)["data"].size() == 1);
    const json related = json::array({{{"id", std::stoi(id)}, {"type", "contact"}}});
    CHECK(bench.status("POST", "/v2/comments", {{"description", "Why"}, {"related", related}}) ==
          201);
    CHECK(bench.status("POST", "/v2/comments", {{"related", related}}) == 400);
}

TEST_CASE("custom field values are checked by type", "[sellsy]") {
    Bench bench;
    const std::string path = "/v2/contacts/" + bench.addContact("Custom") + "/custom-fields";
    const auto put = [&](int id, const json& value) {
        return bench.status("PUT", path, json::array({{{"id", id}, {"value", value}}}));
    };
    CHECK(put(1, "2026-02-01") == 200);
    CHECK(put(1, "01/02/2026") == 400);
    CHECK(put(2, 7) == 400);
    CHECK(put(3, 31) == 200);
    CHECK(put(3, 99) == 400);
    CHECK(put(4, "yes") == 400);
    CHECK(put(9, "x") == 400);
    CHECK(bench.call("GET", "/v2/custom-fields")["data"].size() == 4);
}

TEST_CASE("persons' acts and calls are told apart in the history", "[sellsy]") {
    Bench bench;
    const std::string id = bench.addContact("Acts");
    bench.call("PUT", "/v2/contacts/" + id, {{kArray, {"email"}}});
    bench.call("POST", "/_admin/act",
               {{"do", "archive"}, {"object", "contact"}, {"id", id}, {"user", "Luc"}});
    const json writes = bench.call("GET", "/_admin/writes?id=" + id)["writes"];
    CHECK(writes[0]["field"] == "exists");
    const json& put = writes[writes.size() - 2];
    CHECK(put["actor"] == "api:demo-client");
    CHECK(put["before"].size() == 5);
    CHECK(put["after"] == json::array({"email"}));
    CHECK(writes.back()["actor"] == "user:Luc");
    CHECK(writes.back()["field"] == "is_archived");
    CHECK(bench.call("GET", "/v2/contacts/" + id)["is_archived"] == true);
}

TEST_CASE("a restored account is what it was", "[sellsy]") {
    Bench bench;
    const std::string id = bench.addContact("Kept");
    bench.call("POST", "/v2/contacts/" + id + "/smart-tags", json::array({{{"value", "Kept"}}}));
    bench.call("POST", "/_admin/snapshot");
    const json before = bench.call("GET", "/_admin/records?object=contact&id=" + id);
    bench.call("PUT", "/v2/contacts/" + id, {{kArray, json::array()}});
    bench.addContact("Lost");
    bench.call("DELETE", "/v2/contacts/" + id);
    bench.call("POST", "/_admin/restore");
    CHECK(bench.call("GET", "/_admin/records?object=contact&id=" + id) == before);
    CHECK(bench.call("GET", "/v2/contacts/" + id + "/smart-tags")["data"].size() == 1);
    CHECK(bench.call("POST", "/v2/contacts/search", {{"filters", {{"last_name", "Lost"}}}})["data"]
              .empty());
}
