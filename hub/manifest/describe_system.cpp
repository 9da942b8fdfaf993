// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/describe.h"

namespace concordat::manifest {

void describe(Shape& s, Term& term) {
    s.position(term.at);
    s.text("activity", term.activity);
    s.text("purpose", term.purpose, kNeed, Codes::Purpose);
    s.text("channel", term.channel, kPlain, Codes::Channel);
    s.text("audience", term.audience);
    s.texts("countries", term.countries, kPlain, Codes::Country);
    s.stated("basis", term.basis, kPlain, Codes::Basis);
    s.stated("eprivacy_basis", term.eprivacyBasis, kPlain, Codes::Eprivacy);
    s.stated("art9", term.art9, kPlain, Codes::Art9);
}

void describe(Shape& s, Retention& retention) {
    s.position(retention.at);
    s.text("category", retention.category, kPlain, Codes::Category);
    s.text("purpose", retention.purpose, kPlain, Codes::Purpose);
    s.word("phase", retention.phase);
    s.duration("duration", retention.duration, kNeed);
    s.stated("start", retention.start);
    s.word("fate", retention.fate);
}

void describe(Shape& s, Evidence& evidence) {
    s.position(evidence.at);
    s.word("kind", evidence.kind, kNote);
    s.text("who", evidence.who, kNote);
    s.date("when", evidence.when, kNote);
    s.text("how", evidence.how, kNote);
    s.text("source", evidence.source, kNote);
}

void describe(Shape& s, Withdrawal& withdrawal) {
    s.position(withdrawal.at);
    s.word("path", withdrawal.path);
    s.duration("latency", withdrawal.latency);
    s.text("contact", withdrawal.contact, kNote);
}

void describe(Shape& s, Backups& backups) {
    s.position(backups.at);
    s.duration("term", backups.term);
    s.flag("erasures_replayed", backups.erasuresReplayed);
}

void describe(Shape& s, Flow& flow) {
    s.position(flow.at);
    s.text("id", flow.id, kNeed);
    s.text("from", flow.from, kNeed);
    s.text("to", flow.to, kNeed);
    s.text("title", flow.title, kNote);
    s.word("kind", flow.kind, kNeed);
    s.word("state", flow.state);
    s.word("run_by", flow.runBy, kNeed);
    s.date("effective", flow.effective, kNote);
    s.text("owner", flow.owner, kNote);
    s.texts("categories", flow.categories, kNeed, Codes::Category);
    s.texts("subjects", flow.subjects, kPlain, Codes::Subject);
    s.list("terms", flow.terms);
    s.list("retention", flow.retention);
    s.texts("created_there", flow.createdThere, kPlain, Codes::Category);
    s.texts("returns", flow.returns, kPlain, Codes::Category);
    s.word("frequency", flow.frequency);
    s.word("mode", flow.mode);
    s.text("schedule", flow.schedule, kNote);
    s.stated("protocol", flow.protocol);
    s.list("hosts", flow.hosts);
    s.stated("encryption", flow.encryption);
    s.list("places", flow.places);
    s.list("access", flow.access);
    s.list("transfers", flow.transfers);
    s.always("evidence", flow.evidence, kNote);
    s.always("withdrawal", flow.withdrawal);
    s.map("backups", flow.backups);
    s.texts("labels", flow.labels, kNote);
    s.text("comment", flow.comment, kNote);
}

void describe(Shape& s, PurposeUse& use) {
    s.position(use.at);
    s.text("purpose", use.purpose, kNeed, Codes::Purpose);
    s.text("activity", use.activity);
    s.texts("channels", use.channels, kPlain, Codes::Channel);
    s.stated("basis", use.basis, kPlain, Codes::Basis);
    s.stated("eprivacy_basis", use.eprivacyBasis, kPlain, Codes::Eprivacy);
    s.stated("art9", use.art9, kPlain, Codes::Art9);
}

void describe(Shape& s, DataField& field) {
    s.position(field.at);
    s.text("field", field.field, kNeed);
    s.stated("category", field.category, kNeed, Codes::Category);
    s.texts("purposes", field.purposes, kPlain, Codes::Purpose);
    s.list("retention", field.retention);
    s.flag("optional", field.optional);
    s.text("why", field.why, kNote);
}

void describe(Shape& s, SubjectGroup& group) {
    s.position(group.at);
    s.shorthand("subject");
    s.text("subject", group.subject, kNeed, Codes::Subject);
    s.stated("volume", group.volume, kNote);
}

void describe(Shape& s, DataSource& source) {
    s.position(source.at);
    s.text("provider", source.provider, kNeed);
    s.text("country", source.country, kPlain, Codes::Country);
    s.stated("lawful_collection", source.lawfulCollection);
    s.stated("art14_notice", source.art14Notice);
}

void describe(Shape& s, Collection& collection) {
    s.position(collection.at);
    s.word("origin", collection.origin, kNeed);
    s.texts("ways", collection.ways);
    s.list("sources", collection.sources);
}

void describe(Shape& s, Measure& measure) {
    s.position(measure.at);
    s.shorthand("measure");
    s.text("measure", measure.measure, kNeed, Codes::Measure);
    s.text("note", measure.note, kNote);
    s.stated("evidence", measure.evidence, kNote);
}

void describe(Shape& s, RightsSupport& rights) {
    s.position(rights.at);
    s.word("access", rights.access);
    s.word("rectify", rights.rectify);
    s.word("erase", rights.erase);
    s.word("restrict", rights.restrict);
    s.word("port", rights.port);
    s.word("object", rights.object);
    s.word("withdraw", rights.withdraw);
    s.texts("export_formats", rights.exportFormats, kNote);
    s.date("verified", rights.verified, kNote);
    s.text("how", rights.how, kNote);
}

void describe(Shape& s, BreachContact& contact) {
    s.position(contact.at);
    s.stated("contact", contact.contact, kNote);
    s.number("hours", contact.hours, kNote);
}

void describe(Shape& s, Owner& owner) {
    s.position(owner.at);
    s.shorthand("name");
    s.text("name", owner.name, kNeed | kNote);
    s.text("email", owner.email, kNote);
    s.text("department", owner.department, kNote);
}

void describe(Shape& s, Review& review) {
    s.position(review.at);
    s.date("reviewed_on", review.reviewedOn, kNote);
    s.date("due", review.due, kNote);
    s.text("by", review.by, kNote);
}

void describe(Shape& s, System& system) {
    s.position(system.at);
    s.text("system", system.id, kNeed);
    s.text("title", system.title, kNote);
    s.text("connector", system.connector);
    s.text("controller", system.controller, kNeed);
    s.foreign("connection", "connection");
    s.foreign("identifiers", "identifiers");
    s.foreign("slots", "slots");
    s.foreign("policies", "policies");
    s.stated("operated_by", system.operatedBy);
    s.word("our_role", system.ourRole);
    s.word("vendor_role", system.vendorRole);
    s.map("owner", system.owner, kNote);
    s.text("environment", system.environment);
    s.list("purposes", system.purposes);
    s.list("data", system.data);
    s.list("subjects", system.subjects);
    s.map("collection", system.collection);
    s.texts("read_fields", system.readFields);
    s.list("flows", system.flows);
    s.list("engagements", system.engagements);
    s.list("transfers", system.transfers);
    s.list("places", system.places);
    s.list("access", system.access);
    s.list("hosts", system.hosts);
    s.list("security", system.security);
    s.map("rights", system.rights);
    s.map("breach", system.breach, kNote);
    s.map("review", system.review, kNote);
    s.map("backups", system.backups);
    s.texts("labels", system.labels, kNote);
    s.text("comment", system.comment, kNote);
}

void describe(Shape& s, SystemFile& file) {
    describe(s, file.system);
    s.list("parties", file.parties, kNote);
}

}  // namespace concordat::manifest
