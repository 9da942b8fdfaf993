// SPDX-License-Identifier: Apache-2.0
#include "tests/flowmap/small_company.h"

#include "tests/flowmap/lists.h"

namespace concordat::flowmap::testing {

using namespace manifest;

namespace {

Party party(const char* id, const char* country) {
    Party one;
    one.id = id;
    one.legalName = text(id);
    one.country = text(country);
    one.places = {placeIn(country)};
    return one;
}

Engagement engagement(const char* from, const char* to, Role role) {
    Engagement one;
    one.from = from;
    one.party = to;
    one.role = known(role);
    return one;
}

Term newsTerm() {
    Term term;
    term.activity = "news";
    term.purpose = "NEWSLETTER";
    term.channel = "email";
    term.audience = "B2C";
    term.basis = text("CONSENT");
    return term;
}

Flow news() {
    Flow flow;
    flow.id = "news";
    flow.unit = "integration/crm";
    flow.from = "crm";
    flow.to = "mailer";
    flow.kind = known(FlowKind::Sending);
    flow.state = known(FlowState::Running);
    flow.runBy = known(RunBy::Company);
    flow.frequency = known(Frequency::Regular);
    flow.categories = {"CONTACT.EMAIL"};
    flow.subjects = {"PROSPECT_B2C"};
    flow.terms = {newsTerm()};
    return flow;
}

System crm() {
    System system;
    system.unit = "integration/crm";
    system.id = "crm";
    system.title = "CRM";
    system.connector = "sellsy";
    system.controller = "lyon";
    system.controllers = {"lyon"};
    system.operatedBy = text("crm-vendor");
    system.vendorRole = known(Role::Processor);
    system.places = {placeIn("FR")};
    SlotMapping slot;
    slot.slot = "email";
    slot.purposes = {"NEWSLETTER"};
    slot.channels = {"email"};
    system.slots = {slot};
    system.externalIds = {{"id", "id"}};
    PurposeUse use;
    use.purpose = "NEWSLETTER";
    use.activity = "news";
    use.basis = text("CONSENT");
    system.purposes = {use};
    system.subjects.emplace_back();
    system.subjects.back().subject = "PROSPECT_B2C";
    system.flows = {news()};
    return system;
}

System ownHub() {
    System hub;
    hub.unit = "hub/hub";
    hub.id = "hub";
    hub.title = "Concordat";
    hub.controller = "lyon";
    hub.controllers = {"lyon"};
    hub.operatedBy = text("lyon");
    hub.places = {placeIn("FR")};
    return hub;
}

}  // namespace

Place placeIn(const char* country) {
    Place place;
    place.country = text(country);
    return place;
}

Model smallCompany() {
    Model model;
    model.files = {"", "crm.yaml"};
    Controller lyon;
    lyon.id = "lyon";
    lyon.name = "Lyon SAS";
    lyon.country = "FR";
    model.organisation.controllers = {lyon};
    model.parties = {party("crm-vendor", "FR"), party("mailer", "US"), party("helpdesk", "IN")};
    model.engagements = {engagement("lyon", "crm-vendor", Role::Processor),
                         engagement("lyon", "mailer", Role::Processor),
                         engagement("mailer", "helpdesk", Role::SubProcessor)};
    model.systems = {crm()};
    model.hub = ownHub();
    Activity activity;
    activity.unit = "activity/news";
    activity.id = "news";
    activity.controllers = {"lyon"};
    activity.purposes = {"NEWSLETTER"};
    model.activities = {activity};
    return model;
}

}  // namespace concordat::flowmap::testing
