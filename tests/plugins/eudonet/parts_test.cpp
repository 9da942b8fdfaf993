// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "plugins/eudonet/apply.h"
#include "plugins/eudonet/times.h"
#include "tests/plugins/scripted_host.h"
#include "tests/support/check.h"
#include "tests/support/folders.h"

using namespace concordat;
using namespace concordat::plugins::eudonet;
using concordat::plugins::testing::lost;
using concordat::plugins::testing::replied;
using nlohmann::json;
using sdk::Shown;

namespace {

json testdata(const std::string& name) {
    std::ifstream file(concordat::tests::sourceFolder() + "/plugins/eudonet/testdata/" + name);
    REQUIRE(file.good());
    return json::parse(file);
}

Settings flags() {
    return readSettings({{"base_url", "https://x.example/EudoAPI/"},
                         {"layout", "contact_flags"},
                         {"contact",
                          {{"email", 208},
                           {"mobile", 209},
                           {"modified", 295},
                           {"created", 296},
                           {"external", {{"sap", 230}}}}},
                         {"flags",
                          {{"contact.email_optout", 254},
                           {"contact.sms_optin", 255},
                           {"contact.post_status",
                            {{"field", 256},
                             {"permit", {"12"}},
                             {"deny", {"13", "14"}},
                             {"date", 257},
                             {"source", 258}}}}}});
}

Settings table() {
    return readSettings({{"base_url", "https://x.example/EudoAPI"},
                         {"layout", "consent_table"},
                         {"contact", {{"email", 208}, {"modified", 295}}},
                         {"consent",
                          {{"tab", 1100},
                           {"channel", 1102},
                           {"status", 1103},
                           {"date", 1104},
                           {"source", 1105},
                           {"key", 1106},
                           {"modified", 1195},
                           {"channels", {{"email", {"1"}}, {"sms", {"2", "3"}}}},
                           {"permit", {"20"}},
                           {"deny", {"21"}}}}});
}

std::string at(const std::string& local) {
    const auto time = parseLocalTime(local);
    if (!time) return "none";
    std::string text = std::to_string(time->at / 1000);
    if (time->atLatest) text += ".." + std::to_string(*time->atLatest / 1000);
    return text + (time->precision == sdk::Precision::Day ? " day" : "");
}

Row rowWith(const std::string& id, const std::map<int, std::string>& stored) {
    Row row;
    row.fileId = id;
    for (const auto& [field, value] : stored) row.cells[field] = {value, value, "", true, true};
    return row;
}

const std::vector<std::string> kNasty = {"a'b",       "a\"b",     "a\\", "{\"x\":1}",
                                         "%25",       "a\nb\r\n", "a;b", "<b>&#039;",
                                         "é\x80\xff", "../..",    ""};

}  // namespace

TEST_CASE("local times of Paris follow the European rule") {
    CHECK(at("2026/11/23 19:22:59") == "1795458179");
    CHECK(at("2026/07/14 12:00:00") == "1784023200");
    CHECK(at("2026/03/29 01:59:59") == "1774745999");
    CHECK(at("2026/03/29 03:00:00") == "1774746000");
    CHECK(at("2026/03/29 02:30:00") == "1774747800");  // an hour that is left out
    CHECK(at("2026/10/25 01:59:59") == "1792886399");
    CHECK(at("2026/10/25 02:00:00") == "1792886400..1792890000");
    CHECK(at("2026/10/25 02:59:59") == "1792889999..1792893599");
    CHECK(at("2026/10/25 03:00:00") == "1792893600");
}

TEST_CASE("a date has the precision of a day, also when it is written with midnight") {
    CHECK(at("2026/11/23") == "1795392000 day");
    CHECK(at("2026/11/23 00:00:00") == "1795392000 day");
    CHECK(parseLocalTime("2026/07/14")->utcOffsetMinutes == 120);
    CHECK(parseLocalTime("2026/11/23")->utcOffsetMinutes == 60);
    CHECK(at("23/11/2026 19:22:59") == "1795458179");
    CHECK(at("2026-11-23T19:22:59") == "1795458179");
    CHECK(at("2026-11-23T18:22:59.12Z") == "1795458179");
    CHECK(at("2026-11-23T19:22:59+01:00") == "1795458179");
    for (const char* bad :
         {"", "x", "2026/13/01", "2026/02/30", "2026/11/23 25:00:00", "2026/11/23 19:22",
          "2026/11/23 19:22:59 foo", "23.11.2026", "////////////////////"})
        CHECK(at(bad) == "none");
}

TEST_CASE("an instant is written and found again in local time") {
    for (sdk::EpochMs t = 1'774'700'000'000; t < 1'793'000'000'000; t += 1'234'567'000) {
        const auto back = parseLocalTime(localText(t));
        REQUIRE(back);
        CHECK((back->at == t || back->atLatest == t));
    }
}

TEST_CASE("no change can hide in the hour that comes twice") {
    const sdk::EpochMs first = 1'792'886'400'000;  // 02:00 summer time
    CHECK(searchFloor(first + 3'000'000) == "2026/10/25 02:00:00");
    CHECK(searchFloor(first + 3'600'000 + 600'000) == "2026/10/25 02:10:00");
    CHECK(searchFloor(first - 1'000) == "2026/10/25 01:59:59");
    for (sdk::EpochMs floor = first - 7'200'000; floor < first + 10'800'000; floor += 600'000)
        for (sdk::EpochMs later = floor; later < first + 10'800'000; later += 600'000)
            CHECK(localText(later) >= searchFloor(floor));
    std::int64_t version = 0;
    for (sdk::EpochMs t = first - 3'600'000; t < first + 10'800'000; t += 60'000) {
        const auto next = versionOf(*parseLocalTime(localText(t)));
        CHECK(next >= version);
        version = next;
    }
}

TEST_CASE(
    "every search has a filter, columns and text values, and the first member's operator is 0") {
    const auto settings = flags();
    for (const auto& value : kNasty) {
        const auto request =
            search(settings, {200,
                              {201},
                              {{208, Operator::Equal, value}, {209, Operator::Equal, value}},
                              true,
                              295,
                              2,
                              50});
        const auto body = json::parse(request.body);
        const auto& members = body["WhereCustom"]["WhereCustoms"];
        CHECK(members[0]["InterOperator"] == 0);
        CHECK(members[1]["InterOperator"] == 2);
        CHECK(members[0]["Criteria"]["Field"] == "208");
        CHECK(members[0]["Criteria"]["Value"].is_string());
        const auto written = json::parse(write(settings, 200, "7", {{254, value}}).body);
        CHECK(written["Fields"][0]["Value"].is_string());
    }
    CHECK(search(settings, {}).url == "https://x.example/EudoAPI/Search/0");
    CHECK(write(settings, 200, "7", {}).method == "POST");
    CHECK(write(settings, 200, "7", {}).url == "https://x.example/EudoAPI/CUD/200/7");
    CHECK_FALSE(write(settings, 200, "7", {}).idempotent);
    CHECK_FALSE(columnsOf(readSettings({{"base_url", "https://x"},
                                        {"layout", "contact_flags"},
                                        {"flags", {{"contact.sms_optin", "SMS"}}}}),
                          flags().contact)
                    .empty());
    CHECK(base64("M") == "TQ==");
    CHECK(base64("Man\xff\xfe") == "TWFu//4=");
}

TEST_CASE("errors come inside an HTTP 200, by number") {
    const auto error = [](int number) {
        return answerOf(replied(200, json{{"ResultInfos",
                                           {{"Success", false},
                                            {"ErrorNumber", number},
                                            {"ErrorMessage", "L&#039;erreur"}}}}
                                         .dump()),
                        true);
    };
    CHECK(error(101).ending == Ending::SignIn);
    CHECK(error(199).ending == Ending::SignIn);
    CHECK(error(300).ending == Ending::Later);
    CHECK(error(300).retryAfterMs == 20'000);
    CHECK(error(204).ending == Ending::Refused);
    CHECK(error(701).reason == "Eudonet answered error 701: no column was asked for");
    CHECK(error(9).words == "L'erreur");
    CHECK(answerOf(replied(429, ""), true).retryAfterMs == 20'000);
    CHECK(answerOf(replied(401, ""), true).ending == Ending::SignIn);
    CHECK(answerOf(replied(500, ""), true).ending == Ending::Later);
    CHECK(answerOf(replied(500, ""), false).ending == Ending::Unclear);
    CHECK(answerOf(replied(404, ""), true).ending == Ending::NotFound);
    for (const char* body : {"", "<html>", "{\"ResultInfos\":", "{}", "[]", "null",
                             "{\"ResultInfos\":7}", "{\"ResultInfos\":{\"Success\":\"maybe\"}}",
                             "{\"ResultInfos\":{\"Success\":\"true\"}}", "\xff"}) {
        CHECK(answerOf(replied(200, body), true).ending == Ending::Later);
        CHECK(answerOf(replied(200, body), false).ending == Ending::Unclear);
    }
    CHECK(answerOf(lost(true), false).ending == Ending::Unclear);
    CHECK(answerOf(lost(false), false).ending == Ending::Later);
}

TEST_CASE("a row shows its flags by their polarity, its identifiers and its version") {
    const auto page = pageOf(answerOf(replied(200, testdata("search_contacts.json").dump()), true));
    REQUIRE(page);
    REQUIRE(page->rows.size() == 2);
    CHECK(page->totalRows == 2);
    const auto seen = observationOf(flags(), page->rows[0], 7);
    CHECK(seen.record == sdk::RecordRef{"contact", "244917"});
    REQUIRE(seen.slots.size() == 3);
    CHECK(seen.slots[0].slot == "contact.email_optout");
    CHECK(seen.slots[0].shown == Shown::Deny);
    CHECK(seen.slots[1].shown == Shown::Permit);  // post_status, in the order of the settings
    CHECK(seen.slots[1].time->precision == sdk::Precision::Day);
    CHECK(seen.slots[1].evidence->source == "Salon de l'agriculture");
    CHECK(seen.slots[2].shown == Shown::Absent);
    CHECK(seen.version == 1795458179);
    CHECK(seen.identifiers == std::vector<sdk::Identifier>{
                                  {sdk::IdentifierKind::Email, "zoe.o'brien@example.org", "email"},
                                  {sdk::IdentifierKind::Phone, "06 00 00 00 01", "mobile"},
                                  {sdk::IdentifierKind::External, "C-7", "sap"}});
    const auto other = observationOf(flags(), page->rows[1], 7);
    // A hidden field is no observation, a catalog value that nobody mapped says nothing.
    REQUIRE(other.slots.size() == 2);
    CHECK(other.slots[0].shown == Shown::None);
    CHECK(other.slots[1].slot == "contact.sms_optin");
    CHECK_FALSE(other.slots[0].evidence);
}

TEST_CASE("no value of a wrong type breaks the reading of a page") {
    const std::vector<json> wrong = {nullptr,
                                     true,
                                     -1,
                                     1e300,
                                     18446744073709551615ULL,
                                     "",
                                     "é",
                                     "&#xFFFFFFF;",
                                     json::array(),
                                     json::array({json::object()}),
                                     json::object()};
    const json page = testdata("search_contacts.json");
    const json flat = page.flatten();
    for (const auto& [path, value] : flat.items())
        for (const auto& odd : wrong) {
            json changed = page;
            changed[json::json_pointer(path)] = odd;
            const auto answer = answerOf(replied(200, changed.dump()), true);
            CHECK_NOTHROW(baseOf(answer.body));
            if (const auto read = pageOf(answer))
                for (const auto& row : read->rows) CHECK_NOTHROW(observationOf(flags(), row, 0));
        }
    json many = page;
    for (int i = 0; i < 50'000; ++i)
        many["ResultData"]["Rows"][0]["Fields"].push_back({{"DescId", 10'000 + i}, {"Value", "x"}});
    CHECK(pageOf(answerOf(replied(200, many.dump()), true))->rows[0].cells.size() > 50'000);
}

TEST_CASE("entities become characters, and only entities") {
    CHECK(unescaped("L&#039;&eacute;t&#xE9; &amp;&lt;&gt;&quot;&apos;") == "L'&eacute;té &<>\"'");
    CHECK(unescaped("AT&T; & &#; &#x; &#99999999; &") == "AT&T; & &#; &#x; � &");
    CHECK(ticked("Vrai") == true);
    CHECK(ticked("0") == false);
    CHECK_FALSE(ticked("12"));
}

TEST_CASE(
    "the newest row counts, of equally new ones the strictest, and a refusal without a date "
    "stays") {
    const auto settings = table();
    const auto shown = [&](const std::vector<Row>& rows) {
        return choiceOf(settings, "email", rows).reading.shown;
    };
    const auto row = [](const char* id, const char* status, const char* date) {
        return rowWith(id, {{1102, "1"}, {1103, status}, {1104, date}});
    };
    CHECK(shown({}) == Shown::Absent);
    CHECK(shown({rowWith("1", {{1102, "2"}, {1103, "21"}})}) == Shown::Absent);
    CHECK(shown({row("1", "21", "2026/01/01"), row("2", "20", "2026/02/01")}) == Shown::Permit);
    CHECK(shown({row("2", "20", "2026/02/01"), row("1", "21", "2026/03/01")}) == Shown::Deny);
    CHECK(shown({row("2", "20", "2026/02/01"), row("1", "21", "2026/02/01")}) == Shown::Deny);
    CHECK(shown({row("1", "21", ""), row("2", "20", "2026/02/01")}) == Shown::Deny);
    CHECK(shown({row("1", "20", ""), row("2", "21", "2026/02/01")}) == Shown::Deny);
    CHECK(shown({row("1", "99", "2026/02/01")}) == Shown::None);
    const auto choice = choiceOf(
        settings, "email",
        {rowWith("1",
                 {{1102, "1"}, {1103, "20"}, {1104, "2026/02/01 10:00:00"}, {1105, "web form"}})});
    CHECK(choice.reading.evidence->source == "web form");
    CHECK(choice.reading.time->at == 1769936400000);
}

TEST_CASE("only what differs is written, as text, and what is not allowed is said") {
    const auto settings = flags();
    Record record;
    record.row = rowWith(
        "7",
        {{254, "0"}, {255, "1"}, {256, "12"}, {257, ""}, {258, ""}, {295, "2026/11/23 19:22:59"}});
    record.seen = observationOf(settings, record.row, 0);
    Wish wish;
    wish.slots["contact.email_optout"] = {"contact.email_optout", false, std::nullopt};
    wish.slots["contact.sms_optin"] = {"contact.sms_optin", true, std::nullopt};
    wish.slots["contact.post_status"] = {"contact.post_status", false, std::nullopt};
    auto step = stepFor(settings, wish, record, "2026/11/23 20:00:00");
    REQUIRE(step.changes.size() == 1);
    CHECK(step.changes[0].fields ==
          Fields{{254, "1"}, {256, "13"}, {257, "2026/11/23 20:00:00"}, {258, "Concordat"}});
    record.row.cells[254].writable = false;
    step = stepFor(settings, wish, record, "now");
    CHECK(step.outcome.kind == sdk::OutcomeKind::Rejected);
    CHECK(step.outcome.message.find("254") != std::string::npos);
    CHECK(step.changes.size() == 1);  // the other withdrawal is written all the same
    record.row.writable = false;
    CHECK(stepFor(settings, wish, record, "now").changes.empty());
    record.row.writable = true;
    wish.slots["contact.sms_optin"].permit = true;
    record.row.cells[255].stored = "0";
    record.seen = observationOf(settings, record.row, 0);
    wish.expectedVersion = 5;
    step = stepFor(settings, wish, record, "now");
    CHECK(step.outcome.kind == sdk::OutcomeKind::Rejected);
    CHECK(step.changes[0].fields.front().first == 256);
    record.row.cells.erase(254);
    record.seen = observationOf(settings, record.row, 0);
    CHECK(stepFor(settings, wish, record, "now").outcome.kind == sdk::OutcomeKind::Rejected);
}

TEST_CASE("a permit carries its own evidence into the base") {
    auto settings = table();
    Record record;
    record.row = rowWith("7", {{295, "2026/11/23 19:22:59"}});
    sdk::SlotWrite permit{"consent.email", true, sdk::Evidence{}};
    permit.evidence->capturedAt =
        sdk::VendorTime{1'795'458'179'000, sdk::Precision::Second, std::nullopt, std::nullopt};
    permit.evidence->source = "portail";
    Wish wish;
    wish.slots["consent.email"] = permit;
    wish.creationKey = "t1g2";
    auto step = stepFor(settings, wish, record, "2026/11/24 00:00:01");
    REQUIRE(step.changes.size() == 1);
    CHECK(step.changes[0].fileId == "");
    CHECK(step.changes[0].fields == Fields{{1103, "20"},
                                           {1105, "portail"},
                                           {1104, "2026/11/23 19:22:59"},
                                           {200, "7"},
                                           {1102, "1"},
                                           {1106, "t1g2:email"}});
    record.consents = {
        rowWith("31", {{1102, "1"}, {1103, "21"}, {1104, "2026/11/23 20:00:00"}, {1106, "old"}})};
    step = stepFor(settings, wish, record, "2026/11/24 00:00:01");
    CHECK(step.changes[0].fileId == "31");
    settings.consents.append = true;
    step = stepFor(settings, wish, record, "2026/11/24 00:00:01");
    CHECK(step.changes[0].fileId == "");
    CHECK(step.changes[0].fields[2].second ==
          "2026/11/24 00:00:01");  // the newest row counts: not older than the one there
    record.consents.push_back(rowWith("32", {{1106, "t1g2:email"}}));
    CHECK(stepFor(settings, wish, record, "now").changes[0].fileId == "32");
}

TEST_CASE("labels become numbers, and an ambiguous or unknown one is named") {
    BaseInfo base;
    base.fields[208] = {200, 208, "E-MAIL", "", true, true};
    base.fields[254] = {200, 254, " Refus e-mail", "", true, true};
    base.fields[255] = {200, 255, "Double", "", true, true};
    base.fields[256] = {200, 256, "double", "", true, true};
    auto settings = readSettings({{"base_url", "https://x"},
                                  {"layout", "contact_flags"},
                                  {"flags", {{"contact.email_optout", "Refus E-mail"}}}});
    resolve(namesOf(settings), base);
    CHECK(settings.flags[0].field.descId == 254);
    CHECK(settings.contact.email.descId == 208);
    CHECK(settings.contact.modified.descId == 0);
    settings.flags[0].field = {0, "Double", true};
    CHECK_THROWS_WITH(resolve(namesOf(settings), base), Catch::Contains("several"));
    settings.flags[0].field = {0, "Nothing", true};
    CHECK_THROWS_WITH(resolve(namesOf(settings), base),
                      Catch::Contains("flags.contact.email_optout"));
}

TEST_CASE("a wrong setting is named") {
    const json good = {{"base_url", "https://x"},
                       {"layout", "contact_flags"},
                       {"flags", {{"contact.email_optout", 254}}}};
    const auto problem = [&](const json& patch) -> std::string {
        json settings = good;
        settings.merge_patch(patch);
        try {
            readSettings(settings);
        } catch (const sdk::CallError& error) {
            return error.what();
        }
        return "";
    };
    CHECK(problem(json::object()) == "");
    CHECK(problem({{"base_url", 3}}).find("base_url") != std::string::npos);
    CHECK(problem({{"layout", "x"}}).find("layout") != std::string::npos);
    CHECK(problem({{"flags", {{"contact.email", 1}}}}).find("contact.email ") != std::string::npos);
    CHECK(problem({{"flags", {{"address.email_optin", 401}}}}).find("address.email_optin") !=
          std::string::npos);
    CHECK(problem({{"flags", {{"contact.sms_status", 401}}}}).find("permit and deny") !=
          std::string::npos);
    CHECK(problem({{"flags", {{"contact.sms_optin", true}}}}).find("DescId") != std::string::npos);
    CHECK(problem({{"flags", nullptr}}).find("at least one") != std::string::npos);
    CHECK(problem({{"contact", {{"tab", 201}}}}).find("contact.tab") != std::string::npos);
    CHECK(problem({{"sweep_minutes", 0}}).find("sweep_minutes") != std::string::npos);
    CHECK(problem({{"layout", "consent_table"}}).find("consent.tab") != std::string::npos);
    CHECK(
        problem({{"layout", "consent_table"},
                 {"consent", {{"tab", 1100}, {"channel", 1102}, {"status", 1103}, {"date", 1104}}}})
            .find("consent.channels") != std::string::npos);
    CHECK_FALSE(json::parse(describe().settingsSchemaJson, nullptr, false).is_discarded());
    CHECK_FALSE(json::parse(describe().auth[0].parametersJson, nullptr, false).is_discarded());
    CHECK(describe().slots.size() == 35);
}
