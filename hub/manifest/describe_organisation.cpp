// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/describe.h"

namespace concordat::manifest {

void describe(Shape& s, DataProtectionOfficer& officer) {
    s.position(officer.at);
    s.flag("designated", officer.designated, kNeed);
    s.stated("reason", officer.reason, kNote);
    s.always("contact", officer.contact, kNote);
    s.text("company", officer.company, kNote);
    s.date("since", officer.since, kNote);
    s.date("authority_told", officer.authorityTold, kNote);
    s.flag("published", officer.published, kNote);
}

void describe(Shape& s, Establishment& establishment) {
    s.position(establishment.at);
    s.shorthand("country");
    s.text("country", establishment.country, kNeed, Codes::Country);
    s.text("city", establishment.city, kNote);
    s.flag("main", establishment.main);
}

void describe(Shape& s, Controller& controller) {
    s.position(controller.at);
    s.text("id", controller.id, kNeed);
    s.text("name", controller.name, kNote);
    s.stated("legal_name", controller.legalName);
    s.stated("number", controller.number);
    s.always("contact", controller.contact, kNote);
    s.text("country", controller.country, kPlain, Codes::Country);
    s.word("law", controller.law);
    s.text("spread", controller.spread);
    s.text("group", controller.group);
    s.map("dpo", controller.dpo);
    s.map("representative", controller.representative, kNote);
    s.flag("representative_needed", controller.representativeNeeded);
    s.list("establishments", controller.establishments);
    s.text("lead_authority", controller.leadAuthority, kNote);
}

void describe(Shape& s, Scope& scope) {
    s.position(scope.at);
    s.text("id", scope.id, kNeed);
    s.text("name", scope.name, kNote);
    s.texts("controllers", scope.controllers, kNeed);
    s.text("spread", scope.spread);
    s.text("group", scope.group);
}

void describe(Shape& s, BreachProcedure& breach) {
    s.position(breach.at);
    s.stated("ref", breach.ref, kNote);
    s.text("owner", breach.owner, kNote);
    s.text("authority", breach.authority, kNote);
    s.flag("templates", breach.templates, kNote);
    s.date("last_test", breach.lastTest, kNote);
}

void describe(Shape& s, RightsChannel& channel) {
    s.position(channel.at);
    s.stated("contact", channel.contact, kNote);
    s.flag("in_notice", channel.inNotice, kNote);
    s.date("last_test", channel.lastTest, kNote);
}

void describe(Shape& s, Training& training) {
    s.position(training.at);
    s.date("last", training.last, kNote);
    s.text("audience", training.audience, kNote);
}

void describe(Shape& s, PolicyDocument& policy) {
    s.position(policy.at);
    s.text("name", policy.name, kNote | kNeed);
    s.text("ref", policy.ref, kNote);
    s.date("date", policy.date, kNote);
}

void describe(Shape& s, Company& company) {
    s.position(company.at);
    s.text("name", company.name, kNeed | kNote);
    s.list("controllers", company.controllers, kNeed);
    s.list("scopes", company.scopes);
    s.foreign("consent", "consent");
    s.map("breach", company.breach, kNote);
    s.map("rights", company.rights, kNote);
    s.map("training", company.training, kNote);
    s.list("policies", company.policies, kNote);
}

void describe(Shape& s, Arrangement& arrangement) {
    s.position(arrangement.at);
    s.stated("ref", arrangement.ref);
    s.date("signed", arrangement.signedOn);
    s.flag("essence_published", arrangement.essencePublished);
    s.text("answers", arrangement.answers);
}

void describe(Shape& s, PrivacyNotice& notice) {
    s.position(notice.at);
    s.text("ref", notice.ref, kNeed);
    s.text("version", notice.version);
    s.date("date", notice.date, kNote);
    s.texts("languages", notice.languages, kNote);
    s.texts("countries", notice.countries, kNote, Codes::Country);
    s.texts("recipients", notice.recipients, kNote);
    s.flag("transfers_stated", notice.transfersStated, kNote);
    s.flag("safeguards_stated", notice.safeguardsStated, kNote);
    s.flag("interest_stated", notice.interestStated, kNote);
    s.texts("items", notice.items, kNote);
}

void describe(Shape& s, CategoryNeed& need) {
    s.position(need.at);
    s.text("category", need.category, kNeed, Codes::Category);
    s.texts("purposes", need.purposes, kPlain, Codes::Purpose);
    s.stated("why", need.why, kNote);
}

void describe(Shape& s, Lia& lia) {
    s.position(lia.at);
    s.stated("ref", lia.ref, kNote);
    s.date("date", lia.date, kNote);
    s.texts("purposes", lia.purposes, kPlain, Codes::Purpose);
}

void describe(Shape& s, Dpia& dpia) {
    s.position(dpia.at);
    s.texts("criteria", dpia.criteria, kPlain, Codes::Criterion);
    s.flag("screened", dpia.screened, kNote);
    s.stated("ref", dpia.ref, kNote);
    s.date("date", dpia.date, kNote);
    s.stated("result", dpia.result, kNote);
    s.stated("not_needed_because", dpia.notNeededBecause, kNote);
    s.flag("high_residual_risk", dpia.highResidualRisk);
    s.stated("prior_consultation", dpia.priorConsultation, kNote);
}

void describe(Shape& s, Activity& activity) {
    s.position(activity.at);
    s.text("id", activity.id, kNeed);
    s.text("reference", activity.reference, kNote);
    s.localised("name", activity.name, kNeed | kNote);
    s.date("created", activity.created, kNote);
    s.date("updated", activity.updated, kNote);
    s.texts("controllers", activity.controllers, kNeed);
    s.word("our_role", activity.ourRole);
    s.texts("clients", activity.clients);
    s.map("arrangement", activity.arrangement);
    s.texts("purposes", activity.purposes, kNeed, Codes::Purpose);
    s.text("main_purpose", activity.mainPurpose, kNote, Codes::Purpose);
    s.texts("subjects", activity.subjects, kPlain, Codes::Subject);
    s.list("needs", activity.needs);
    s.list("notices", activity.notices, kNote);
    s.list("lias", activity.lias, kNote);
    s.map("dpia", activity.dpia);
    s.flag("automated_decisions", activity.automatedDecisions);
    s.flag("profiling", activity.profiling);
    s.stated("compatibility", activity.compatibility, kNote);
    s.texts("sectors", activity.sectors, kPlain, Codes::Sector);
    s.date("active_since", activity.activeSince, kNote);
    s.text("owner", activity.owner, kNote);
}

void describe(Shape& s, InventoryItem& item) {
    s.position(item.at);
    s.text("name", item.name, kNeed);
    s.text("system", item.system);
    s.text("party", item.party);
    s.texts("purposes", item.purposes, kPlain, Codes::Purpose);
    s.texts("categories", item.categories, kPlain, Codes::Category);
    s.text("activity", item.activity);
    s.stated("basis", item.basis, kPlain, Codes::Basis);
    s.stated("notice", item.notice, kNote);
    s.stated("country", item.country, kPlain, Codes::Country);
    s.duration("retention", item.retention);
    s.duration("lifetime", item.lifetime);
    s.flag("recording", item.recording);
    s.flag("exempt", item.exempt);
    s.texts("country_rules", item.countryRules, kPlain, Codes::Country);
    s.stated("direction", item.direction);
    s.flag("audiences", item.audiences);
    s.word("role", item.role);
    s.stated("lawful_collection", item.lawfulCollection);
    s.stated("art14_notice", item.art14Notice);
    s.texts("api_scopes", item.apiScopes);
    s.text("note", item.note, kNote);
}

void describe(Shape& s, Inventory& inventory) {
    s.position(inventory.at);
    s.text("system", inventory.system);
    std::vector<InventoryItem> all;
    const Words& uses = wordsOf(Use{});
    for (std::size_t i = 0; i < uses.size(); ++i) {
        std::vector<InventoryItem> items;
        for (const InventoryItem& item : inventory.items)
            if (item.use == static_cast<Use>(i)) items.push_back(item);
        s.list(uses[i].c_str(), items);
        for (InventoryItem& item : items) {
            item.use = static_cast<Use>(i);
            all.push_back(item);
        }
    }
    inventory.items = all;
    s.words("none", inventory.none);
}

}  // namespace concordat::manifest
