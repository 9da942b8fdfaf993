// SPDX-License-Identifier: Apache-2.0
// Each connector of the product against its simulator, as `concordat test` runs it.
#include <nlohmann/json.hpp>

#include "tests/e2e/harness.h"
#include "tests/support/check.h"
#include "tests/support/folders.h"

using namespace concordat::e2e;
using Json = nlohmann::json;

namespace {

constexpr int kSeconds = 600;

/// The program's exit code, and what failed or was not run: "12 not_run: name …".
std::string verdict(const std::string& connector,
                    const std::string& simulator,
                    std::vector<std::string> more) {
    const Folder folder;
    std::vector<std::string> arguments{
        "test", concordat::tests::buildFolder() + "/plugins/" + connector + ".so", "--json",
        "--simulator", simulator};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto code = run(hubProgram(folder.path(), arguments), kSeconds);
    const Json said = Json::parse(textOf(folder / "hub.out"), nullptr, false);
    std::string text = std::to_string(code.value_or(-1));
    if (said.is_discarded()) return text + " " + textOf(folder / "hub.log");
    for (const Json& item : said.at("items"))
        if (item.at("state") != "ok")
            text += "\n" + std::to_string(item.at("number").get<int>()) + " " +
                    item.at("state").get<std::string>() + ": " + item.value("problem", "") +
                    item.value("not_run", "");
    return text;
}

}  // namespace

TEST_CASE("salesforce conforms, tried against its simulator") {
    const Folder folder;
    const Simulator simulator("salesforce", folder.path(), 120, 1);
    CHECK(verdict("salesforce", simulator.address(),
                  {"--setting", "client_id=demo-client", "--secret",
                   "client_secret=env:DEMO_SALESFORCE_SECRET"}) == "0");
}

TEST_CASE("salesforce conforms where the first load is a bulk job") {
    const Folder folder;
    const Simulator simulator("salesforce", folder.path(), 120, 1);
    CHECK(verdict("salesforce", simulator.address(),
                  {"--setting", "client_id=demo-client", "--setting", "bulk_from=1", "--secret",
                   "client_secret=env:DEMO_SALESFORCE_SECRET"}) == "0");
    CHECK(simulator.get("calls").at("by_call").contains("POST /jobs/query"));
}

TEST_CASE("salesforce conforms where refusals are bulk jobs, and tells merges and conversions") {
    const Folder folder;
    const Simulator simulator("salesforce", folder.path(), 120, 1);
    CHECK(verdict("salesforce", simulator.address(),
                  {"--setting", "client_id=demo-client", "--setting", "bulk_write_from=1",
                   "--secret", "client_secret=env:DEMO_SALESFORCE_SECRET"}) == "0");
    CHECK(simulator.get("calls").at("by_call").contains("PUT /jobs/ingest/{id}/batches"));
    const std::string writes = simulator.get("writes").dump();
    for (const char* field : {"MasterRecordId", "ConvertedContactId"})
        CHECK_THAT(writes, Catch::Contains(std::string("\"") + field + "\""));
}

TEST_CASE("a recording is played without a vendor, and tells what has changed since") {
    const Folder folder;
    const std::string tape = folder / "tape";
    const std::vector<std::string> connector{"test",
                                             concordat::tests::buildFolder() + "/plugins/sellsy.so",
                                             "--json", "--cassette", tape};
    {
        const Simulator simulator("sellsy", folder.path(), 60, 1);
        CHECK(verdict("sellsy", simulator.address(),
                      {"--setting", "client_id=demo-client", "--secret",
                       "client_secret=env:DEMO_SELLSY_SECRET", "--cassette", tape}) == "0");
    }
    CHECK(run(hubProgram(folder.path(), connector), kSeconds) == 0);
    CHECK(textOf(folder / "hub.log").find("The recording lacks") == std::string::npos);
    CHECK_THAT(textOf(tape + "/cassette.jsonl"), !Catch::Contains("demo-secret"));
}

TEST_CASE("sellsy conforms, tried against its simulator") {
    const Folder folder;
    const Simulator simulator("sellsy", folder.path(), 120, 1);
    CHECK(verdict("sellsy", simulator.address(),
                  {"--setting", "client_id=demo-client", "--secret",
                   "client_secret=env:DEMO_SELLSY_SECRET"}) == "0");
}

TEST_CASE("eudonet conforms, tried against its simulator") {
    const Folder folder;
    const Simulator simulator("eudonet", folder.path(), 120, 1);
    CHECK(verdict("eudonet", simulator.address(),
                  {"--setting", "base_url=" + simulator.address() + "/EudoAPI", "--setting",
                   "subscriber_login=demo", "--setting", "base_name=DEMO", "--setting",
                   "user_login=api", "--setting", "layout=contact_flags", "--setting",
                   R"(contact={"tab":200,"id_field":200,"email":221,"mobile":222,"modified":296,)"
                   R"("created":295})",
                   "--setting", R"(flags={"contact.email_optout":231})", "--secret",
                   "subscriber_password=env:DEMO_EUDONET_SUBSCRIBER", "--secret",
                   "user_password=env:DEMO_EUDONET_USER"}) == "0");
}

TEST_CASE("the checks write, so they need a simulator or the word sandbox") {
    const Folder folder;
    const auto arguments =
        std::vector<std::string>{"test", concordat::tests::buildFolder() + "/plugins/sellsy.so"};
    CHECK(run(hubProgram(folder.path(), arguments)) == 2);
    CHECK_THAT(textOf(folder / "hub.log"), Catch::Contains("--sandbox"));
}

TEST_CASE("a simulator that does not answer is named") {
    const Folder folder;
    const auto said = verdict(
        "sellsy", "http://127.0.0.1:9",
        {"--setting", "client_id=demo-client", "--secret", "client_secret=env:DEMO_SELLSY_SECRET"});
    CHECK_THAT(said, Catch::StartsWith("4 ") &&
                         Catch::Contains("no simulator answers at http://127.0.0.1:9"));
}
