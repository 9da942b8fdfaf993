// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <sstream>

#include "plugins/sellsy/apply.h"
#include "plugins/sellsy/notices.h"
#include "plugins/sellsy/requests.h"
#include "plugins/sellsy/times.h"
#include "sdk/concordat/text.h"
#include "tests/plugins/scripted_host.h"
#include "tests/support/check.h"
#include "tests/support/folders.h"

using namespace concordat;
using namespace concordat::plugins::sellsy;
using concordat::plugins::testing::lost;
using concordat::plugins::testing::replied;
using nlohmann::json;

namespace {

json testdata(const std::string& name) {
    std::ifstream file(concordat::tests::sourceFolder() + "/plugins/sellsy/testdata/" + name);
    REQUIRE(file.good());
    return json::parse(file);
}

Settings plain() { return readSettings({{"client_id", "id"}}); }

const Kind& contacts() { return kKinds[0]; }

std::string shownOf(const Record& record) {
    std::string text;
    for (const auto& slot : record.seen.slots)
        text += slot.slot + (slot.shown == sdk::Shown::Permit ? "+ " : "- ");
    return text;
}

const std::vector<std::string> kNasty = {"a'b",      "a\"b",     "a\\",       "{\"x\":1}", "100%25",
                                         "a\nb\r\n", "a&b=c#d?", "é\x80\xff", "../..",     ""};

}  // namespace

TEST_CASE("times are written for Sellsy's filters") {
    CHECK(isoTime(1755891424999) == "2025-08-22T19:37:04+00:00");
}

TEST_CASE("no value can end a line of a batch, a string or an address") {
    for (const auto& value : kNasty) {
        const auto call = searchValue(plain(), contacts(), "email", value);
        const auto request = batch(plain(), {call, putSet(contacts(), "3", {value})});
        CHECK(std::count(request.body.begin(), request.body.end(), '\n') == 4);
        std::istringstream lines(request.body);
        for (std::string line; std::getline(lines, line);)
            CHECK_FALSE(json::parse(line, nullptr, false).is_discarded());
        const auto alone =
            direct(plain(), searchPage(plain(), contacts(), {std::nullopt, value, 10}));
        CHECK(alone.url.find_first_of("'\"\n\r{}# ") == std::string::npos);
        CHECK(sdk::percentEncode(value).find('&') == std::string::npos);
    }
    for (const char* id : {"", "-1", "3/../4", "3?x", "3\n", "9999999999999999999999"})
        CHECK_FALSE(isId(id));
}

TEST_CASE("each kind filters on its own change time, and always sends the filters") {
    const auto settings = plain();
    CHECK(json::parse(searchPage(settings, contacts(), {0, "", 100}).body) ==
          json{{"filters", {{"updated", {{"start", "1970-01-01T00:00:00+00:00"}}}}}});
    CHECK(json::parse(searchPage(settings, kKinds[1], {0, "", 100}).body)["filters"].contains(
        "updated_at"));
    CHECK(searchPage(settings, contacts(), {}).body == R"({"filters":{}})");
    const auto first = direct(settings, searchPage(settings, contacts(), {}));
    CHECK(first.url == "https://api.sellsy.com/v2/contacts/search?order=id&limit=100");
    CHECK(first.idempotent);
    CHECK_FALSE(direct(settings, putSet(contacts(), "3", {})).idempotent);
    CHECK(putSet(contacts(), "3", {}).body == R"({"marketing_campaigns_subscriptions":[]})");
}

TEST_CASE("a batch is pairs of lines, and lists in its query are lists") {
    const auto settings = readSettings({{"external_ids", {{"erp", "cf.12"}}}});
    const auto request =
        batch(settings, {searchPage(settings, contacts(), {std::nullopt, "WyI0Il0=", 2}),
                         getRecord(settings, contacts(), "3")});
    std::istringstream lines(request.body);
    std::string head, body;
    std::getline(lines, head);
    CHECK(json::parse(head) ==
          json{{"uri", "/contacts/search"},
               {"method", "POST"},
               {"query",
                {{"order", "id"}, {"limit", 2}, {"offset", "WyI0Il0="}, {"embed", {"cf.12"}}}}});
    std::getline(lines, body);
    CHECK(body == R"({"filters":{}})");
    std::getline(lines, head);
    std::getline(lines, body);
    CHECK(body == "{}");
    CHECK(request.headers.at("content-type") == "text/plain");
}

TEST_CASE("v1 writes the opt-out flag, whose sense is inverted") {
    const auto settings = plain();
    const auto* email = channelOf(contacts(), "contact.email");
    const auto people = v1Update(settings, contacts(), "3", {{email, false}});
    CHECK(people.url == "https://apifeed.sellsy.com/0/");
    CHECK(people.body.find(sdk::percentEncode(R"("people":{"massmailingUnsubscribed":"Y"})")) !=
          std::string::npos);
    const auto third =
        v1Update(settings, kKinds[2], "3", {{channelOf(kKinds[2], "company.post"), true}});
    CHECK(third.body.find(
              sdk::percentEncode(R"("clientid":"3","third":{"massmailingUnsubscribedMail":"N"})")) !=
          std::string::npos);
}

TEST_CASE("a contact shows its set, its identifiers and its version") {
    const auto page = pageOf(testdata("contacts_page.json"), plain(), contacts(), 7);
    REQUIRE(page.records.size() == 2);
    const auto& antoine = page.records[0];
    CHECK(shownOf(antoine) ==
          "contact.email+ contact.sms+ contact.phone+ contact.post+ contact.custom+ ");
    CHECK(antoine.seen.version == 1755891424);
    CHECK(antoine.seen.modifiedAt->precision == sdk::Precision::Second);
    CHECK(antoine.seen.askedAt == 7);
    CHECK_FALSE(antoine.seen.organisation);
    CHECK(antoine.seen.identifiers ==
          std::vector<sdk::Identifier>{
              {sdk::IdentifierKind::Email, "antoine@example.org", "email"},
              {sdk::IdentifierKind::Phone, "+33600000003", "mobile_number"}});
    CHECK(shownOf(page.records[1]) ==
          "contact.email- contact.sms- contact.phone- contact.post- contact.custom- ");
    CHECK(page.offset == "WyI0Il0=");
}

TEST_CASE("individuals and companies say updated_at, and a company is an organisation") {
    const auto row = testdata("company.json");
    const auto company =
        recordOf(row, readSettings({{"external_ids", {{"erp", "reference"}, {"club", "cf.12"}}}}),
                 kKinds[2], 0);
    REQUIRE(company);
    CHECK(company->seen.organisation);
    CHECK(company->seen.version == 1755891424);
    CHECK(company->seen.identifiers.back() ==
          sdk::Identifier{sdk::IdentifierKind::External, "CLI-7", "erp"});
    CHECK(company->seen.identifiers.size() == 3);
}

TEST_CASE("where set and mirror differ the stricter counts") {
    const auto shown = [](json row) {
        row["id"] = 3;
        return shownOf(*recordOf(row, plain(), contacts(), 0));
    };
    CHECK(shown({{"marketing_campaigns_subscriptions", {"email"}},
                 {"rgpd_consent", {{"email", false}, {"sms", true}}}}) ==
          "contact.email- contact.sms- contact.phone- contact.post- contact.custom- ");
    CHECK(shown({{"marketing_campaigns_subscriptions", {"email"}}, {"rgpd_consent", nullptr}})
              .starts_with("contact.email+ contact.sms- "));
    // Without the set nothing permits, and what is not in the reply is no observation.
    CHECK(shown({{"rgpd_consent", {{"email", true}, {"sms", false}}}}) == "contact.sms- ");
    CHECK(shown({{"marketing_campaigns_subscriptions", nullptr}}) == "");
    CHECK(shown({{"marketing_campaigns_subscriptions", "email"}}) == "");
    // Neither does a set that cannot be read in full: what is not among the rest may be meant.
    CHECK(shown({{"marketing_campaigns_subscriptions", {1, nullptr, "email", {{"a", 1}}}}}) == "");
    CHECK(shown({{"marketing_campaigns_subscriptions", {5}}}) == "");
}

TEST_CASE("no value of a wrong type breaks the reading of a page") {
    const std::vector<json> wrong = {nullptr,
                                     true,
                                     -1,
                                     1e300,
                                     "",
                                     "é",
                                     json::array(),
                                     json::array({json::object()}),
                                     json::object(),
                                     {{"a", {{"b", 1}}}}};
    const json page = testdata("contacts_page.json");
    const json flat = page.flatten();
    for (const auto& [path, value] : flat.items())
        for (const auto& odd : wrong) {
            json changed = page;
            changed[json::json_pointer(path)] = odd;
            CHECK_NOTHROW(pageOf(changed, plain(), contacts(), 0));
        }
    CHECK_THROWS_AS(pageOf({{"data", 1}}, plain(), contacts(), 0), sdk::CallError);
    CHECK_THROWS_AS(pageOf(nullptr, plain(), contacts(), 0), sdk::CallError);
    CHECK(pageOf({{"data", {{{"id", "x"}}, 3, {{"id", -3}}}}}, plain(), contacts(), 0).skipped ==
          3);
}

TEST_CASE("a record of very many fields is read like any other") {
    json row = {{"id", 3}, {"marketing_campaigns_subscriptions", {"sms"}}};
    for (int i = 0; i < 50'000; ++i) row["f" + std::to_string(i)] = i;
    CHECK(shownOf(*recordOf(row, plain(), contacts(), 0))
              .starts_with("contact.email- contact.sms+ "));
}

TEST_CASE("errors are told by status, never by their words") {
    const auto notFound = answerOf(
        replied(404, R"({"error":{"code":404,"message":"Not Found","details":[],"context":null}})"),
        true);
    CHECK(notFound.ending == Ending::NotFound);
    CHECK(notFound.words == "Not Found");
    const auto invalid = answerOf(replied(400, testdata("validation_error.json").dump()), false);
    CHECK(invalid.ending == Ending::Refused);
    CHECK(invalid.words.find("Ce champ est manquant") != std::string::npos);
    CHECK(invalid.reason == "Sellsy answered 400, field last_name");
    CHECK(answerOf(replied(403, ""), true).reason.find("scope") != std::string::npos);
    CHECK(answerOf(replied(401, "{}"), true).ending == Ending::SignIn);
    CHECK(answerOf(replied(409, "{}"), false).ending == Ending::Conflict);
    CHECK(answerOf(replied(418, "nonsense"), false).ending == Ending::Refused);
    CHECK(answerOf(replied(500, "<html>"), true).ending == Ending::Later);
    CHECK(answerOf(replied(500, "<html>"), false).ending == Ending::Unclear);
}

TEST_CASE("a 2xx that is not JSON is late for a read and unclear for a write") {
    for (const char* body :
         {"<html>maintenance</html>", "{\"data\":[{\"id\":", "\xff\xfe", "[[[["}) {
        CHECK(answerOf(replied(200, body), true).ending == Ending::Later);
        CHECK(answerOf(replied(200, body), false).ending == Ending::Unclear);
    }
    CHECK(answerOf(replied(204, ""), false).ending == Ending::Done);
    CHECK(answerOf(replied(200, ""), true).ending == Ending::Later);
    CHECK(answerOf(lost(true), false).ending == Ending::Unclear);
    CHECK(answerOf(lost(false), false).ending == Ending::Later);
}

TEST_CASE("which counter is empty says how long to wait") {
    const auto wait = [](std::map<std::string, std::string> headers) {
        return answerOf(replied(429, "{}", std::move(headers)), true).retryAfterMs;
    };
    CHECK(wait({{"x-quota-remaining-by-second", "0"}, {"x-quota-remaining-by-minute", "9"}}) ==
          2'000);
    CHECK(wait({{"x-quota-remaining-by-minute", "0"}}) == 60'000);
    CHECK(wait({{"x-quota-remaining-by-day", "-1"}}) == 3'600'000);
    auto told = replied(429, "{}");
    told.retryAfterMs = 5'000;
    CHECK(answerOf(told, true).retryAfterMs == 5'000);
}

TEST_CASE("a batch gives one answer per call, whatever came") {
    const std::vector<bool> reads = {true, false, false};
    const auto endings = [&reads](const sdk::HttpReply& reply) {
        std::vector<Ending> list;
        for (const auto& answer : batchAnswers(reply, reads)) list.push_back(answer.ending);
        return list;
    };
    using E = Ending;
    CHECK(
        endings(replied(
            207,
            R"({"error":false,"responses":[{"code":200,"response":{}},{"code":404,"response":{}},{"code":429}]})")) ==
        std::vector<E>{E::Done, E::NotFound, E::Later});
    CHECK(endings(replied(207, R"({"responses":[{"code":200}]})")) ==
          std::vector<E>{E::Done, E::Unclear, E::Unclear});
    CHECK(endings(replied(207, R"({"responses":{"code":200}})")) ==
          std::vector<E>{E::Later, E::Unclear, E::Unclear});
    CHECK(endings(replied(207, R"({"responses":["x",{"code":"200"},null]})")) ==
          std::vector<E>{E::Later, E::Unclear, E::Unclear});
    CHECK(endings(replied(200, "<html>")) == std::vector<E>{E::Later, E::Unclear, E::Unclear});
    CHECK(endings(replied(502, "<html>")) == std::vector<E>{E::Later, E::Unclear, E::Unclear});
    CHECK(endings(replied(429, "{}")) == std::vector<E>{E::Later, E::Later, E::Later});
    CHECK(endings(replied(404, "{}")) == std::vector<E>{E::Refused, E::Refused, E::Refused});
    CHECK(endings(lost(true)) == std::vector<E>{E::Later, E::Unclear, E::Unclear});
}

TEST_CASE("v1 tells its errors inside an HTTP 200") {
    CHECK(v1Answer(replied(200, R"({"response":"3","error":"","status":"success"})")).ending ==
          Ending::Done);
    CHECK(v1Answer(
              replied(200,
                      R"({"status":"error","error":{"code":"E_OBJ_NOT_LOADABLE","message":"x"}})"))
              .ending == Ending::NotFound);
    CHECK(v1Answer(replied(200, R"({"status":"error","error":"Acces refuse"})")).ending ==
          Ending::Refused);
    CHECK(v1Answer(replied(200, R"({"status":"error","error":"oauth_problem=token_rejected"})"))
              .ending == Ending::SignIn);
    CHECK(v1Answer(replied(200, R"({"status":7})")).ending == Ending::Unclear);
    CHECK(v1Answer(replied(200, "oops")).ending == Ending::Unclear);
}

TEST_CASE("a notice is a hint which record to read, in a form or as JSON") {
    const std::vector<const Kind*> kinds = {&kKinds[0], &kKinds[1], &kKinds[2]};
    const auto changed = [&kinds](const std::string& body) {
        std::string text;
        for (const auto& record : noticeOf({"POST", "", {}, body}, kinds).changed)
            text += record.object + " " + record.id + ";";
        return text;
    };
    const std::string people =
        R"({"eventType":"people","event":"updated","relatedtype":"people","relatedid":"3","timestamp":"1"})";
    CHECK(changed(people) == "contact 3;");
    CHECK(changed("notif=" + sdk::percentEncode(people)) == "contact 3;");
    CHECK(changed("x=1&notif=" + sdk::percentEncode(people) + "&y=2") == "contact 3;");
    CHECK(changed(json{{"notif", people}}.dump()) == "contact 3;");
    CHECK(changed(R"({"relatedtype":"third","relatedid":8,"individual":"Y"})") == "individual 8;");
    CHECK(changed(R"({"relatedtype":"client","relatedid":"8","individual":false})") ==
          "company 8;");
    CHECK(changed(R"({"relatedtype":"client","relatedid":"8"})") == "individual 8;company 8;");
    CHECK(changed(R"({"relatedtype":"invoice","relatedid":"8"})") == "");
    CHECK(changed(R"({"relatedtype":"people","relatedid":"8/../9"})") == "");
    CHECK(changed(R"([{"relatedtype":"people","relatedid":"8"},7])") == "contact 8;");
    CHECK(noticeOf({"GET", "", {}, ""}, kinds).changed.empty());
    for (const char* bad : {"", "notif=%7B", "hello", "<xml/>", "notif=%zz", "7"})
        CHECK_THROWS_AS(noticeOf({"POST", "", {}, bad}, kinds), sdk::CallError);
}

TEST_CASE("what is already so is not written, and a moved record takes only what tightens") {
    json row = {{"id", 3},
                {"marketing_campaigns_subscriptions", {"email", "sms", "fancy"}},
                {"updated", "2025-08-22T19:37:04Z"}};
    const auto now = *recordOf(row, plain(), contacts(), 0);
    Wish wish;
    wish.kind = &contacts();
    const auto* email = &kChannels[0];
    const auto* phone = &kChannels[2];
    wish.permit = {{email, true}};
    CHECK_FALSE(stepFor(wish, now, true).writes);
    wish.permit = {{email, false}, {phone, true}};
    CHECK(stepFor(wish, now, true).members == std::vector<std::string>{"sms", "fancy", "phone"});
    wish.expectedVersion = 5;
    const auto moved = stepFor(wish, now, true);
    CHECK(moved.members == std::vector<std::string>{"sms", "fancy"});
    CHECK(moved.outcome->kind == sdk::OutcomeKind::Conflict);
    // A mirror that denies what the set permits: the withdrawal is written into the set.
    row["rgpd_consent"] = {{"email", false}};
    wish = {&contacts(), {{email, false}}, 0};
    CHECK(stepFor(wish, *recordOf(row, plain(), contacts(), 0), true).writes);
    row.erase("marketing_campaigns_subscriptions");
    row["rgpd_consent"] = {{"email", true}};
    const auto blind = stepFor(wish, *recordOf(row, plain(), contacts(), 0), true);
    CHECK_FALSE(blind.writes);
    CHECK(blind.outcome->kind == sdk::OutcomeKind::Rejected);
    // A vendor in trouble refuses nothing.
    row["marketing_campaigns_subscriptions"] = {5};
    const auto garbled = stepFor(wish, *recordOf(row, plain(), contacts(), 0), true);
    CHECK_FALSE(garbled.writes);
    CHECK(garbled.outcome->kind == sdk::OutcomeKind::Retry);
}

TEST_CASE("a wrong setting is named") {
    const auto problem = [](const json& settings) -> std::string {
        try {
            readSettings(settings);
        } catch (const sdk::CallError& error) {
            return error.what();
        }
        return "";
    };
    CHECK(problem({{"base_url", "ftp://x"}}).find("base_url") != std::string::npos);
    CHECK(problem({{"objects", {"leads"}}}).find("objects") != std::string::npos);
    CHECK(problem({{"batch_size", 0}}).find("batch_size") != std::string::npos);
    CHECK(problem({{"v1", "yes"}}).find("v1") != std::string::npos);
    CHECK(problem({{"external_ids", 3}}).find("external_ids") != std::string::npos);
    CHECK(problem(json::array()).find("object") != std::string::npos);
    CHECK_FALSE(json::parse(describe().settingsSchemaJson, nullptr, false).is_discarded());
}
