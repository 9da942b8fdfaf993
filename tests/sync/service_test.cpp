// SPDX-License-Identifier: Apache-2.0
// What people do through the API: choices, inbox, merges, erasure, voiding.
#include "hub/sync/service.h"

#include "tests/support/check.h"
#include "tests/sync/world.h"

using namespace concordat;
using namespace concordat::sync;
using namespace concordat::sync::test;
using consent::Decision;
using sdk::Shown;

namespace {

Choice choice(Decision decision) {
    Choice choice;
    choice.scope = "acme";
    choice.purposes = {"marketing"};
    choice.channels = {"email"};
    choice.decision = decision;
    if (decision == Decision::Granted) {
        choice.proof.emplace();
        choice.proof->direct = true;
        choice.proof->source = "portal";
        choice.proof->method = "double_opt_in";
    }
    return choice;
}

Choice of(const std::string& email, Decision decision) {
    auto result = choice(decision);
    result.identifiers = {{sdk::IdentifierKind::Email, email, ""}};
    return result;
}

struct Two : World {
    Two() {
        addFlag("salesforce").create("a", "ada@example.org", {{kEmail, Shown::None}});
        addSet("sellsy").create("b", "ada@example.org", {{kEmail, Shown::Permit}});
        start();
    }
    std::string subject() { return subjectOf("salesforce", "a"); }
};

std::string mail(const std::string& address) { return "e:#" + address; }

}  // namespace

TEST_CASE("a choice said by address reaches the systems of that person") {
    Two world;
    const auto said = say(world.core(), of("ADA@example.org", Decision::Withdrawn));
    CHECK(said.subject == world.subject());
    CHECK_FALSE(said.isNewSubject);
    world.run(10'000);
    CHECK(world.system("sellsy").shown("b", kEmail) == Shown::Absent);
    CHECK(world.system("salesforce").shown("a", kEmail) == Shown::Deny);
}

TEST_CASE("a choice of somebody unknown is kept and found again when a record appears") {
    Two world;
    const auto said = say(world.core(), of("new@example.org", Decision::Withdrawn));
    CHECK(said.isNewSubject);
    world.system("sellsy").create("n", "new@example.org", {{kEmail, Shown::Permit}});
    world.run(20'000);
    CHECK(world.subjectOf("sellsy", "n") == said.subject);
    CHECK(world.system("sellsy").shown("n", kEmail) == Shown::Absent);
}

TEST_CASE("a grant without proof, an unknown purpose and an unknown scope are refused in words") {
    Two world;
    auto bare = of("ada@example.org", Decision::Granted);
    bare.proof.reset();
    CHECK_THROWS_AS(say(world.core(), bare), RequestError);
    auto purpose = of("ada@example.org", Decision::Withdrawn);
    purpose.purposes = {"spam"};
    CHECK_THROWS_AS(say(world.core(), purpose), RequestError);
    auto scope = of("ada@example.org", Decision::Withdrawn);
    scope.scope = "evil";
    CHECK_THROWS_AS(say(world.core(), scope), RequestError);
}

TEST_CASE("the forecast of a candidate's evidence is what adding it gives") {
    Two world;
    say(world.core(), of("ada@example.org", Decision::Withdrawn));
    world.run(10'000);
    world.clock.advance(3'600'000);
    world.system("sellsy").set("b", kEmail, Shown::Permit);
    world.run(10'000);
    REQUIRE(world.openItems("candidate") == 1);
    const auto item = world.store.state.inbox.front().id;
    world.clock.advance(3'600'000);
    const auto evidence = choice(Decision::Granted);
    const auto expected = forecastEvidence(world.core(), item, evidence);
    const auto said = addEvidence(world.core(), item, evidence);
    const consent::Key key{"acme", "marketing", "email"};
    CHECK(answerOf(expected, key) == answerOf(said.answers, key));
    CHECK(answerOf(said.answers, key) == consent::Answer::Permit);
    CHECK(world.openItems("candidate") == 0);
    world.run(10'000);
    CHECK(world.system("sellsy").shown("b", kEmail) == Shown::Permit);
}

TEST_CASE("a merge made by a system joins the restrictions and asks a person") {
    World world;
    auto& sellsy = world.addSet("sellsy");
    world.addFlag("salesforce").create("x", "old@example.org", {{kEmail, Shown::None}});
    sellsy.create("b", "old@example.org", {{kEmail, Shown::Permit}});
    sellsy.create("c", "new@example.org", {{kEmail, Shown::Permit}});
    world.start();
    say(world.core(), of("new@example.org", Decision::Withdrawn));
    world.run(10'000);
    sellsy.change("b", [](Row& row) {
        row.deleted = true;
        row.mergedInto = sdk::RecordRef{"Contact", "c"};
    });
    world.run(10'000);
    CHECK(world.openItems("merge") == 1);
    CHECK(world.answer("salesforce", "x") == "deny");
    CHECK(world.system("salesforce").shown("x", kEmail) == Shown::Deny);

    const auto one = world.subjectOf("salesforce", "x");
    unmerge(world.core(), one, world.subjectOf("sellsy", "c"), "dpo", "two people");
    world.run(10'000);
    CHECK(world.answer("salesforce", "x") == "unknown");
    REQUIRE(world.openItems("unmerge") == 1);
    for (const auto& item : world.store.state.inbox)
        if (item.kind == "unmerge") {
            accept(world.core(), item.id, "dpo");
            break;
        }
    world.run(10'000);
    CHECK(world.system("salesforce").shown("x", kEmail) == Shown::None);
}

TEST_CASE("a record that several people may own is asked about, and denies them all meanwhile") {
    World world;
    auto& sellsy = world.addSet("sellsy");
    auto& salesforce = world.addFlag("salesforce");
    const auto external = [](const std::string& value) {
        return sdk::Identifier{sdk::IdentifierKind::External, value, "sap"};
    };
    salesforce.create("a", "ada@example.org", {{kEmail, Shown::None}});
    salesforce.create("b", "", {{kEmail, Shown::None}});
    salesforce.change("b", [&](Row& row) { row.identifiers.push_back(external("77")); });
    world.start();
    sellsy.create("c", "ada@example.org", {{kEmail, Shown::Permit}});
    sellsy.change("c", [&](Row& row) { row.identifiers.push_back(external("77")); });
    world.run(10'000);
    REQUIRE(world.openItems("ambiguous") == 1);
    sellsy.set("c", kEmail, Shown::Absent);
    world.run(10'000);
    CHECK(world.answer("salesforce", "a") == "deny");
    CHECK(world.answer("salesforce", "b") == "deny");
    matchRecord(world.core(), world.store.state.inbox.front().id,
                world.subjectOf("salesforce", "a"), "dpo");
    world.run(10'000);
    CHECK(world.openItems("ambiguous") == 0);
    CHECK(world.answer("salesforce", "a") == "deny");
}

TEST_CASE(
    "case 16: the erased are denied wherever they reappear, until they come back themselves") {
    Two world;
    erase(world.core(), world.subject(), "dpo");
    world.run(10'000);
    CHECK(world.system("salesforce").shown("a", kEmail) == Shown::Deny);
    CHECK(world.store.state.tombstones.contains(mail("ada@example.org")));
    world.system("sellsy").create("again", "ada@example.org", {{kEmail, Shown::Permit}});
    world.run(20'000);
    CHECK(world.system("sellsy").shown("again", kEmail) == Shown::Absent);
    CHECK(world.openIncidents("erased_returned") == 1);

    world.clock.advance(86'400'000);
    const auto said = say(world.core(), of("ada@example.org", Decision::Granted));
    const consent::Key key{"acme", "marketing", "email"};
    CHECK(answerOf(said.answers, key) == consent::Answer::Permit);
    CHECK(answerOf(said.answers, {"acme", "newsletter", "email"}) != consent::Answer::Permit);
}

TEST_CASE("voiding takes two people and gives back what a broken import had denied") {
    World world;
    world.addRecord("eudonet").create("c", "ada@example.org", {{kEmail, Shown::Deny}});
    world.start();
    world.clock.advance(3'600'000);
    VoidRequest request;
    request.system = "eudonet";
    request.to = world.clock.wall;
    request.reason = "the import wrote the wrong column";
    const auto proposed = proposeVoid(world.core(), request, "ada");
    CHECK(proposed.events == 1);
    CHECK_THROWS_AS(confirmVoid(world.core(), proposed.proposal, "ada"), RequestError);
    confirmVoid(world.core(), proposed.proposal, "bob");
    CHECK(world.answer("eudonet", "c") == "unknown");
}

TEST_CASE("the service answers a sender's question for known, denied and unknown addresses") {
    Two world;
    say(world.core(), of("ada@example.org", Decision::Withdrawn));
    const auto hash = world.core().pointHash;
    FakeRandom random(7);
    Service service({world.store, world.company, world.clock, random, hash, "key"});
    const consent::Key key{"acme", "marketing", "email"};
    const auto answers =
        service.effectiveOf({{{sdk::IdentifierKind::Email, "ada@example.org", ""}, "", key},
                             {{sdk::IdentifierKind::Email, "nobody@example.org", ""}, "", key}},
                            "FR");
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].answer == consent::Answer::Deny);
    CHECK(answers[1].answer == consent::Answer::Unknown);
    const auto found = service.find("ada@example.org", "FR");
    REQUIRE(found.size() == 1);
    const auto view = service.subject(found.front());
    CHECK(view.records.size() == 2);
    CHECK_FALSE(view.answers.empty());
    CHECK_THROWS_AS(service.fullStop("sellsy", "", "dpo", 1'000), RequestError);
    CHECK_THROWS_AS(service.fullStop("sellsy", "repair", "dpo", 90'000'000), RequestError);
}
