// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/describe.h"

namespace concordat::manifest {

void describe(Shape& s, Source& source) {
    s.shorthand("ref");
    s.text("ref", source.ref, kNote);
    s.date("date", source.date, kNote);
    s.text("confidence", source.confidence, kNote);
}

void describe(Shape& s, Place& place) {
    s.position(place.at);
    s.shorthand("country");
    s.stated("country", place.country, kPlain, Codes::Country);
    s.text("organisation", place.organisation, kPlain, Codes::Organisation);
    s.text("city", place.city, kNote);
    s.text("region", place.region);
    s.text("latitude", place.latitude, kNote);
    s.text("longitude", place.longitude, kNote);
    s.words("uses", place.uses);
    s.text("service", place.service);
    s.always("source", place.source, kNote);
}

void describe(Shape& s, Contact& contact) {
    s.text("name", contact.name, kNote);
    s.text("email", contact.email, kNote);
    s.text("phone", contact.phone, kNote);
    s.text("address", contact.address, kNote);
    s.text("postcode", contact.postcode, kNote);
    s.text("town", contact.town, kNote);
    s.text("country", contact.country, kNote, Codes::Country);
}

void describe(Shape& s, Host& host) {
    s.position(host.at);
    s.shorthand("name");
    s.text("name", host.name, kNeed);
    s.text("path", host.path);
    s.texts("methods", host.methods);
    s.text("party", host.party);
}

void describe(Shape& s, Tia& tia) {
    s.position(tia.at);
    s.stated("ref", tia.ref);
    s.date("date", tia.date);
    s.date("review", tia.review, kNote);
    s.texts("categories", tia.categories, kPlain, Codes::Category);
    s.text("importer", tia.importer);
    s.flag("law_change_considered", tia.lawChangeConsidered);
}

void describe(Shape& s, Instrument& instrument) {
    s.position(instrument.at);
    s.shorthand("mechanism");
    s.text("mechanism", instrument.mechanism, kNeed, Codes::Mechanism);
    s.text("instrument", instrument.instrument);
    s.date("signed", instrument.signedOn);
    s.date("ends", instrument.ends);
    s.text("covers", instrument.covers);
    s.map("tia", instrument.tia);
    s.names("evidence", instrument.proofs);
    s.always("source", instrument.source, kNote);
}

void describe(Shape& s, Transfer& transfer) {
    s.position(transfer.at);
    s.text("from", transfer.from);
    s.text("to", transfer.to);
    s.words("uses", transfer.uses);
    s.list("places", transfer.places);
    s.stated("mechanism", transfer.mechanism, kNeed, Codes::Mechanism);
    s.stated("instrument", transfer.instrument);
    s.date("signed", transfer.signedOn);
    s.date("ends", transfer.ends);
    s.texts("categories", transfer.categories, kPlain, Codes::Category);
    s.texts("subjects", transfer.subjects, kPlain, Codes::Subject);
    s.map("tia", transfer.tia);
    s.word("scope_check", transfer.scopeCheck);
    s.date("checked_on", transfer.checkedOn);
    s.list("fallback", transfer.fallbacks);
    s.list("others", transfer.others);
    s.word("frequency", transfer.frequency);
    s.stated("reason", transfer.reason);
    s.names("evidence", transfer.proofs);
    s.always("source", transfer.source, kNote);
}

void describe(Shape& s, Access& access) {
    s.position(access.at);
    s.word("who", access.who, kNeed);
    s.text("entity", access.entity);
    s.stated("country", access.country, kNeed, Codes::Country);
    s.text("purpose", access.purpose, kNote);
    s.always("source", access.source, kNote);
}

void describe(Shape& s, Contract& contract) {
    s.position(contract.at);
    s.stated("ref", contract.ref, kNote);
    s.date("signed", contract.signedOn);
    s.date("ends", contract.ends, kNote);
    s.texts("items", contract.items);
    s.stated("flow_down", contract.flowDown);
    s.word("final_fate", contract.finalFate);
    s.stated("fate_proof", contract.fateProof, kNote);
}

void describe(Shape& s, SubProcessorNotice& notice) {
    s.position(notice.at);
    s.text("party", notice.party, kNeed);
    s.date("seen", notice.seen, kNote);
    s.date("effective", notice.effective, kNote);
    s.date("objection_until", notice.objectionUntil, kNote);
    s.word("decision", notice.decision, kNote);
    s.date("decided_on", notice.decidedOn, kNote);
}

void describe(Shape& s, Engagement& engagement) {
    s.position(engagement.at);
    s.text("from", engagement.from);
    s.text("party", engagement.party);
    s.word("role", engagement.role, kNeed);
    s.text("service", engagement.service);
    s.texts("systems", engagement.systems);
    s.map("contract", engagement.contract);
    s.word("authorisation", engagement.authorisation);
    s.list("notices", engagement.notices, kNote);
    s.texts("categories", engagement.categories, kPlain, Codes::Category);
    s.texts("purposes", engagement.purposes, kPlain, Codes::Purpose);
    s.texts("subjects", engagement.subjects, kPlain, Codes::Subject);
    s.list("places", engagement.places);
    s.list("access", engagement.access);
    s.list("transfers", engagement.transfers);
    s.stated("breach_contact", engagement.breachContact, kNote);
    s.number("breach_hours", engagement.breachHours, kNote);
    s.stated("sharing_terms", engagement.sharingTerms);
    s.date("reviewed_on", engagement.reviewedOn, kNote);
    s.always("source", engagement.source, kNote);
}

void describe(Shape& s, ControlledFrom& control) {
    s.position(control.at);
    s.shorthand("country");
    s.stated("country", control.country, kNeed, Codes::Country);
    s.stated("analysis", control.analysis, kNote);
    s.date("analysis_date", control.analysisDate, kNote);
    s.always("source", control.source, kNote);
}

void describe(Shape& s, DpfEntry& entry) {
    s.position(entry.at);
    s.text("entity", entry.entity, kNeed);
    s.word("status", entry.status, kNeed);
    s.texts("covers", entry.covers);
    s.texts("entities", entry.entities);
    s.date("checked_on", entry.checkedOn, kNote);
    s.date("next_certification", entry.nextCertification, kNote);
    s.always("source", entry.source, kNote);
}

void describe(Shape& s, Certification& certification) {
    s.position(certification.at);
    s.text("name", certification.name, kNeed);
    s.text("scope", certification.scope);
    s.date("valid_to", certification.validTo, kNote);
    s.always("source", certification.source, kNote);
}

void describe(Shape& s, SourcedFact& fact) {
    s.position(fact.at);
    s.text("of", fact.of, kNeed);
    s.stated("value", fact.value);
    s.always("source", fact.source, kNote);
}

void describe(Shape& s, Party& party) {
    s.position(party.at);
    s.text("id", party.id, kNeed);
    s.stated("legal_name", party.legalName, kNeed);
    s.stated("number", party.number);
    s.stated("address", party.address, kNote);
    s.stated("privacy_contact", party.privacyContact, kNote);
    s.stated("country", party.country, kPlain, Codes::Country);
    s.word("law", party.law);
    s.text("organisation", party.organisation, kPlain, Codes::Organisation);
    s.text("recipient_type", party.recipientType, kPlain, Codes::RecipientType);
    s.map("controlled_from", party.controlledFrom);
    s.text("group", party.group);
    s.list("places", party.places);
    s.list("hosts", party.hosts);
    s.list("certifications", party.certifications);
    s.map("dpf", party.dpf);
    s.map("default_transfer", party.defaultTransfer);
    s.list("facts", party.facts, kNote);
}

void describe(Shape& s, PartyFile& file) {
    describe(s, file.party);
    s.list("engagements", file.engagements);
}

void describe(Shape& s, VendorSlot& slot) {
    s.position(slot.at);
    s.text("slot", slot.slot, kNeed);
    s.texts("channels", slot.channels, kPlain, Codes::Channel);
    s.stated("polarity", slot.polarity);
    s.always("source", slot.source, kNote);
}

void describe(Shape& s, VendorLimit& limit) {
    s.position(limit.at);
    s.text("pool", limit.pool, kNeed);
    s.stated("limit", limit.limit, kNeed);
    s.always("source", limit.source, kNote);
}

void describe(Shape& s, ConnectorManifest& connector) {
    s.position(connector.at);
    s.text("id", connector.id, kNeed);
    s.text("title", connector.title, kNote);
    s.text("version", connector.version, kNeed);
    s.date("checked_on", connector.checkedOn, kNote);
    s.stated("vendor", connector.vendor, kNeed);
    s.stated("abi", connector.abi);
    s.list("hosts", connector.hosts);
    s.list("slots", connector.slots);
    s.texts("identifiers", connector.identifiers);
    s.texts("read_fields", connector.readFields);
    s.list("limits", connector.limits, kNote);
    s.list("places", connector.places);
    s.list("sub_processors", connector.subProcessors);
    s.list("access", connector.access);
    s.list("facts", connector.facts, kNote);
}

void describe(Shape& s, ConnectorFile& file) {
    describe(s, file.connector);
    s.list("parties", file.parties, kNote);
}

}  // namespace concordat::manifest
