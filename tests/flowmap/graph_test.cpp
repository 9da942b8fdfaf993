// SPDX-License-Identifier: Apache-2.0
#include "hub/flowmap/graph.h"

#include <algorithm>

#include "tests/flowmap/lists.h"
#include "tests/flowmap/small_company.h"
#include "tests/support/check.h"

namespace concordat::flowmap {

using testing::known;
using testing::lists;
using testing::smallCompany;
using testing::text;

namespace {

Graph draw(const manifest::Model& model) {
    return graphOf(model, lists(), testing::day("2026-11-24"));
}

const Edge& edgeOf(const Graph& graph, const char* id) {
    const Edge* edge = graph.edge(id);
    INFO(id);
    REQUIRE(edge != nullptr);
    return *edge;
}

}  // namespace

TEST_CASE("the hub draws its own flows to and from each connected system") {
    const auto model = smallCompany();
    const Graph graph = draw(model);
    const Edge& out = edgeOf(graph, "flow/sync:hub>crm");
    CHECK(out.categories == std::vector<std::string>{"PREFERENCE", "IDENTIFIER.CRM_ID"});
    CHECK(out.purposes == std::vector<std::string>{"NEWSLETTER"});
    CHECK(out.own == TransferClass::Eea);
    CHECK(out.flow->derived);
    const Edge& back = edgeOf(graph, "flow/sync:crm>hub");
    CHECK(back.own == TransferClass::NoTransfer);
}

TEST_CASE("a flow between hub and system that a person wrote is not drawn twice") {
    auto model = smallCompany();
    manifest::Flow own;
    own.id = "mine";
    own.from = "hub";
    own.to = "crm";
    model.systems.front().flows.push_back(own);
    CHECK(draw(model).edge("flow/sync:hub>crm") == nullptr);
}

TEST_CASE("an unconnected system has no flow with the hub") {
    auto model = smallCompany();
    model.systems.front().connector.clear();
    CHECK(draw(model).edge("flow/sync:hub>crm") == nullptr);
}

TEST_CASE("a sub-processor chain is drawn from the party that engages, and judged onward") {
    const auto model = smallCompany();
    const Graph graph = draw(model);
    const Edge& onward = edgeOf(graph, "engagement/mailer/helpdesk");
    CHECK(onward.own == TransferClass::Unsafeguarded);
    CHECK(onward.hops.front().hop.onward());
    CHECK(onward.categories == std::vector<std::string>{"CONTACT.EMAIL"});
}

TEST_CASE("a flow has its own class and the worst class it reaches, with the place it is reached") {
    const auto model = smallCompany();
    const Graph graph = draw(model);
    const Edge& news = edgeOf(graph, "flow/news");
    CHECK(news.own == TransferClass::Unknown);
    CHECK(news.reach == TransferClass::Unsafeguarded);
    CHECK(news.reachNode == "helpdesk");
    CHECK(edgeOf(graph, "flow/sync:hub>crm").reach == TransferClass::Eea);
}

TEST_CASE("a system reaches only with the categories it passes on") {
    auto model = smallCompany();
    model.engagements.back().categories = {"INTERACTION.NOTE"};
    CHECK(edgeOf(draw(model), "flow/news").reach == TransferClass::Unknown);
}

TEST_CASE("the lane of a node is the worst class that reaches it") {
    const auto model = smallCompany();
    const Graph graph = draw(model);
    CHECK(graph.node("crm")->lane == TransferClass::Eea);
    CHECK(graph.node("mailer")->lane == TransferClass::Unknown);
    CHECK(graph.node("helpdesk")->lane == TransferClass::Unsafeguarded);
}

TEST_CASE("a cycle of sub-processors ends the chain and not the program") {
    auto model = smallCompany();
    auto back = model.engagements.back();
    back.from = "helpdesk";
    back.party = "mailer";
    model.engagements.push_back(back);
    const Graph graph = draw(model);
    CHECK(graph.edge("engagement/helpdesk/mailer") != nullptr);
    CHECK(graph.edge("flow/news")->reach == TransferClass::Unsafeguarded);
}

TEST_CASE("a party under a third country's control bears the mark and keeps its class") {
    auto model = smallCompany();
    model.parties.front().controlledFrom.emplace();
    model.parties.front().controlledFrom->country = text("US");
    const Graph graph = draw(model);
    CHECK(graph.node("crm")->controlledFrom == "US");
    CHECK(graph.node("crm")->lane == TransferClass::Eea);
}

TEST_CASE("a party controlled from the EEA bears no mark") {
    auto model = smallCompany();
    model.parties.front().controlledFrom.emplace();
    model.parties.front().controlledFrom->country = text("DE");
    CHECK(draw(model).node("crm")->controlledFrom.empty());
}

TEST_CASE("a connected system is told by the hub, another recipient as its flow says") {
    auto model = smallCompany();
    CHECK(edgeOf(draw(model), "flow/news").withdrawal.isAbsent());
    CHECK(edgeOf(draw(model), "flow/sync:hub>crm").withdrawal.value ==
          manifest::WithdrawalPath::Hub);
    model.systems.front().flows.front().withdrawal.path = known(manifest::WithdrawalPath::Upstream);
    CHECK(edgeOf(draw(model), "flow/news").withdrawal.value == manifest::WithdrawalPath::Upstream);
}

TEST_CASE("a hub without a manifest of its own is a place nobody knows") {
    auto model = smallCompany();
    model.hub.reset();
    CHECK(draw(model).node("hub")->lane == TransferClass::Unknown);
}

TEST_CASE("vendor staff who read from a third country are a hop of their own") {
    auto model = smallCompany();
    manifest::Access access;
    access.who = known(manifest::AccessBy::VendorStaff);
    access.country = text("IN");
    model.systems.front().access = {access};
    const Graph graph = draw(model);
    CHECK(edgeOf(graph, "flow/sync:hub>crm").own == TransferClass::Unsafeguarded);
    model.systems.front().access.front().who = known(manifest::AccessBy::OwnStaff);
    CHECK(edgeOf(draw(model), "flow/sync:hub>crm").own == TransferClass::Eea);
}

TEST_CASE("a use of the data whose place nobody named is unknown") {
    auto model = smallCompany();
    model.systems.front().places.front().uses = {manifest::PlaceUse::Store};
    CHECK(edgeOf(draw(model), "flow/sync:hub>crm").own == TransferClass::Unknown);
}

TEST_CASE(
    "what a person sends is no transfer, and what the controller's vendor keeps of it may be") {
    auto model = smallCompany();
    manifest::Flow form;
    form.id = "form";
    form.from = "people";
    form.to = "crm";
    model.systems.front().flows.push_back(form);
    const Graph graph = draw(model);
    CHECK(edgeOf(graph, "flow/form").hops.front().judgement.value == TransferClass::NoTransfer);
    CHECK(edgeOf(graph, "flow/form").own == TransferClass::Eea);
    model.systems.front().places = {testing::placeIn("IN")};
    CHECK(edgeOf(draw(model), "flow/form").own == TransferClass::Unsafeguarded);
}

}  // namespace concordat::flowmap
