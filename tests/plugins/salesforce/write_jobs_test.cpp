// SPDX-License-Identifier: Apache-2.0
// Many refusals at once by an ingest job. The replies are written by hand after the vendor's guide.
#include "tests/plugins/salesforce/bench.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::plugins;
using namespace concordat::plugins::testing;

namespace {

constexpr const char* kWriteJob = "750000000000001AAA";

sdk::HttpReply lostOrNot(bool isLost, sdk::HttpReply reply) {
    return isLost ? lost(true) : std::move(reply);
}

/// An org whose ingest jobs go as the test says; from two refusals on.
struct JobBench : Bench {
    JobBench() : Bench({"Contact", "Lead"}, {{"bulk_write_from", 2}}) {
        for (int number = 1; number <= 4; ++number) org.add("Contact", number, kOld);
        org.fault = [this](const sdk::HttpRequest& request) { return answer(request); };
    }

    std::optional<sdk::HttpReply> answer(const sdk::HttpRequest& request) {
        const auto at = request.url.find("/jobs/ingest");
        if (at == std::string::npos) return std::nullopt;
        const std::string path = request.url.substr(at + 12);
        asked.push_back(request.method + " " + path);
        if (request.method == "POST") return created;
        if (request.method == "PUT") return table = request.body, uploaded;
        if (request.method == "PATCH") return end(json::parse(request.body).at("state"));
        if (path.find(kWriteJob) == std::string::npos)
            return replied(404, Org::error("NOT_FOUND", "no such job").dump());
        if (path == "/" + std::string(kWriteJob)) return replied(200, shown().dump());
        return replied(200, lists.at(path.substr(path.rfind('/') + 1)));
    }
    sdk::HttpReply end(const std::string& wanted) {
        if (wanted == "Aborted" || closes) state = wanted;
        return lostOrNot(wanted == "UploadComplete" && closingIsLost, replied(200, shown().dump()));
    }
    json shown() const {
        return {{"id", kWriteJob}, {"state", state}, {"createdDate", Org::stamp(kBegun)}};
    }
    sdk::ApplyReply refuse(int contacts) {
        std::vector<sdk::ApplyItem> items;
        for (int number = 1; number <= contacts; ++number)
            items.push_back(itemFor("Contact", number, "contact.email", false));
        return connector->apply(items);
    }
    /// What becomes of each of the pending.
    std::string polled(const sdk::ApplyReply& pending) {
        std::string kinds;
        for (const auto& outcome : pending.outcomes)
            kinds += kindsOf(connector->pollApply(outcome.token));
        return kinds;
    }
    std::size_t calls(const std::string& call) const {
        return static_cast<std::size_t>(std::count(asked.begin(), asked.end(), call));
    }

    static constexpr sdk::EpochMs kBegun = 1'795'000'000'000;
    sdk::HttpReply created = replied(200, json{{"id", kWriteJob}, {"state", "Open"}}.dump());
    sdk::HttpReply uploaded = replied(201, "");
    bool closes = true;
    bool closingIsLost = false;
    std::string state = "Open";
    std::map<std::string, std::string> lists{
        {"successfulResults", "\"sf__Id\",\"sf__Created\",\"Id\",\"HasOptedOutOfEmail\"\n"},
        {"failedResults", "\"sf__Id\",\"sf__Error\",\"Id\",\"HasOptedOutOfEmail\"\n"},
        {"unprocessedrecords", "\"Id\",\"HasOptedOutOfEmail\"\n"}};
    std::vector<std::string> asked;
    std::string table;
};

std::string quoted(const std::vector<std::string>& cells) {
    std::string line;
    for (const auto& cell : cells) line += (line.empty() ? "\"" : ",\"") + cell + "\"";
    return line + "\n";
}

}  // namespace

TEST_CASE("many refusals are one job: made, filled, closed, and asked for now and then") {
    JobBench bench;
    const auto reply = bench.refuse(3);
    CHECK(kindsOf(reply) == "ppp");
    CHECK(reply.outcomes[0].retryAfterMs > 0);
    CHECK(bench.table == "Id,HasOptedOutOfEmail\n" + idOf("Contact", 1) + ",true\n" +
                             idOf("Contact", 2) + ",true\n" + idOf("Contact", 3) + ",true\n");
    const std::string job = "/" + std::string(kWriteJob);
    CHECK(bench.asked ==
          std::vector<std::string>{"POST ", "PUT " + job + "/batches", "PATCH " + job});
    CHECK(bench.org.writes.empty());
    CHECK(bench.polled(reply) == "ppp");
    bench.pass(5'000);
    CHECK(bench.polled(reply) == "ppp");
    CHECK(bench.calls("GET " + job) == 1);
}

TEST_CASE("each row of a job has its own end") {
    JobBench bench;
    const auto reply = bench.refuse(4);
    bench.state = "JobComplete";
    const auto id = [](int number) { return idOf("Contact", number); };
    // Not in the order sent.
    bench.lists["failedResults"] +=
        quoted({"", "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access:--", id(3), "true"}) +
        quoted({id(2), "ENTITY_IS_DELETED:entity is deleted:--", id(2), "true"});
    bench.lists["successfulResults"] += quoted({id(1), "false", id(1), "true"});
    bench.pass(5'000);
    CHECK(bench.polled(reply) == "actX");
}

TEST_CASE("a job that was closed and failed tells what it came to") {
    for (const char* state : {"Failed", "Aborted"}) {
        JobBench bench;
        const auto reply = bench.refuse(3);
        bench.state = state;
        bench.lists["successfulResults"] +=
            quoted({idOf("Contact", 1), "false", idOf("Contact", 1), "true"});
        bench.lists["unprocessedrecords"] += quoted({idOf("Contact", 2), "true"});
        bench.pass(5'000);
        CHECK(bench.polled(reply) == "atX");
        // The next ones go by collections.
        bench.asked.clear();
        CHECK(kindsOf(bench.refuse(3)) == "aaa");
        CHECK(bench.asked.empty());
    }
}

TEST_CASE("what cannot be given to a job is written by collection at once") {
    for (const bool isUpload : {false, true}) {
        JobBench bench;
        (isUpload ? bench.uploaded : bench.created) =
            isUpload ? lost(true) : replied(403, Org::error("FEATURENOTENABLED", "no").dump());
        CHECK(kindsOf(bench.refuse(3)) == "aaa");
        CHECK(bench.state == (isUpload ? "Aborted" : "Open"));
        CHECK(bench.calls("PATCH /" + std::string(kWriteJob)) == (isUpload ? 1 : 0));
        CHECK_THAT(bench.host.logged.at(0), Catch::Contains("by collections"));
    }
}

TEST_CASE("a job whose closing was lost is looked at, and given up if it is open") {
    for (const bool arrived : {true, false}) {
        JobBench bench;
        bench.closingIsLost = true;
        bench.closes = arrived;
        const auto reply = bench.refuse(2);
        CHECK(kindsOf(reply) == "pp");
        bench.pass(5'000);
        CHECK(bench.polled(reply) == (arrived ? "pp" : "tt"));
        CHECK(bench.state == (arrived ? "UploadComplete" : "Aborted"));
    }
}

TEST_CASE("a job that does not move is ended after a quarter of an hour") {
    JobBench bench;
    const auto reply = bench.refuse(2);
    bench.state = "InProgress";
    bench.pass(20 * 60'000);
    CHECK(bench.polled(reply) == "pp");
    CHECK(bench.state == "Aborted");
    bench.lists["unprocessedrecords"] +=
        quoted({idOf("Contact", 1), "true"}) + quoted({idOf("Contact", 2), "true"});
    bench.pass(60'000);
    CHECK(bench.polled(reply) == "tt");
}

TEST_CASE("a job that is gone, or whose results cannot be read, leaves its rows unknown") {
    JobBench bench;
    const auto reply = bench.refuse(2);
    bench.state = "JobComplete";
    bench.lists["successfulResults"] = "<html>";
    for (int look = 0; look < 4; ++look) {
        bench.pass(60'000);
        CHECK(bench.polled(reply) == "pp");
    }
    bench.pass(60'000);
    CHECK(bench.polled(reply) == "XX");
    CHECK(kindsOf(bench.connector->pollApply("750000000000009AAA/" + idOf("Contact", 1))) == "X");
    CHECK(kindsOf(bench.connector->pollApply("nothing")) == "X");
}

TEST_CASE("another instance can say what became of a job") {
    JobBench bench;
    const auto reply = bench.refuse(2);
    bench.state = "JobComplete";
    for (const int number : {1, 2})
        bench.lists["successfulResults"] +=
            quoted({idOf("Contact", number), "false", idOf("Contact", number), "true"});
    Bench other;
    other.host.answer = bench.host.answer;
    CHECK(kindsOf(other.connector->pollApply(reply.outcomes[1].token)) == "a");
}

TEST_CASE("a row that a job refuses is tried once more by collection, whose word counts") {
    JobBench bench;
    const auto reply = bench.refuse(2);
    bench.state = "JobComplete";
    for (const int number : {1, 2})
        bench.lists["failedResults"] += quoted(
            {"", "DUPLICATES_DETECTED:Use one of these records?:--", idOf("Contact", number), ""});
    bench.pass(5'000);
    CHECK(bench.polled(reply) == "tt");
    bench.asked.clear();
    CHECK(kindsOf(bench.refuse(2)) == "aa");
    CHECK(bench.asked.empty());
}

TEST_CASE("a refusal next to a permit does not go by a job") {
    JobBench bench;
    std::vector<sdk::ApplyItem> items;
    for (const int number : {1, 2, 3, 4}) {
        bench.org.change("Contact", number, {{"HasOptedOutOfEmail", true}}, kOld);
        items.push_back(itemFor("Contact", number, "contact.email", true));
        items.back().writes.push_back({"contact.phone", false, std::nullopt});
        // The last two have moved on, so that only the refusal is written.
        items.back().expectedVersion = number < 3 ? kOld : kOld - 1'000;
    }
    CHECK(kindsOf(bench.connector->apply(items)) == "aann");
    CHECK(bench.asked.empty());
    for (const auto& [id, row] : bench.org.objects["Contact"])
        CHECK(row["DoNotCall"] == json(true));
}
