// SPDX-License-Identifier: Apache-2.0
#include "hub/flowmap/transfer_class.h"

#include <functional>

#include "tests/flowmap/lists.h"
#include "tests/support/check.h"

namespace concordat::flowmap {

using manifest::ExporterLaw;
using manifest::Role;
using testing::known;
using testing::lists;
using testing::on;
using testing::text;

namespace {

constexpr const char* kToday = "2026-11-24";

/// A hop and what its pointers need.
struct Case {
    Hop hop;
    manifest::Transfer transfer;
    manifest::DpfEntry dpf;
    manifest::Day today = testing::day(kToday);

    Case() {
        hop.exporter = "lyon";
        hop.importer = "vendor";
        hop.categories = {"CONTACT.EMAIL"};
        hop.subjects = {"PROSPECT_B2C"};
    }
    Case(const Case&) = delete;
    Judgement judged() const { return judge(hop, lists(), today); }
};

void goTo(Case& c, const char* country) { c.hop.place.country = text(country); }

manifest::Tia tia(const char* date) {
    manifest::Tia one;
    one.ref = text("TIA-7");
    one.date = on(date);
    one.lawChangeConsidered = known(true);
    return one;
}

manifest::Proofs sccProofs() {
    return {{"annex_I", "yes"},       {"annex_II", "yes"},     {"docking_clause", "no"},
            {"clause_9_option", "2"}, {"clause_17_law", "IE"}, {"clause_18_forum", "IE"}};
}

void name(Case& c, const char* mechanism) {
    c.transfer.mechanism = text(mechanism);
    c.hop.transfer = &c.transfer;
}

/// Signed clauses of module 2 with a fresh analysis.
void clauses(Case& c, const char* mechanism = "SCC_M2") {
    name(c, mechanism);
    c.transfer.instrument = text("DPA-2025");
    c.transfer.signedOn = on("2025-01-10");
    c.transfer.tia = tia("2026-08-01");
    c.transfer.proofs = sccProofs();
}

void checked(Case& c, const char* mechanism, const char* date) {
    name(c, mechanism);
    c.transfer.scopeCheck = known(manifest::ScopeCheck::Ok);
    c.transfer.checkedOn = on(date);
}

/// To a certified importer in the United States, looked up on `date`.
void dpf(Case& c, const char* date) {
    goTo(c, "US");
    checked(c, "ADEQUACY_DPF", date);
    c.hop.importerCountry = "US";
    c.dpf.status = known(manifest::DpfStatus::Active);
    c.dpf.covers = {"non-hr"};
    c.hop.dpf = &c.dpf;
}

manifest::Instrument fallback() {
    manifest::Instrument one;
    one.mechanism = "SCC_M2";
    one.instrument = "DPA-2025";
    one.signedOn = on("2025-01-10");
    one.tia = tia("2026-08-01");
    one.proofs = sccProofs();
    return one;
}

void derogation(Case& c) {
    goTo(c, "IN");
    name(c, "DEROG_CONTRACT_DS");
    c.transfer.frequency = known(manifest::Frequency::Occasional);
    c.transfer.reason = text("one delivery abroad");
    c.transfer.proofs = {{"contract_ref", "C-9"}};
    c.hop.routine = false;
}

struct Row {
    const char* says;
    TransferClass expected;
    std::function<void(Case&)> make;
};

using T = TransferClass;

const std::vector<Row>& withoutMechanism() {
    static const std::vector<Row> kRows{
        {"an exporter under UK law is outside scope, wherever the data go", T::OutsideScope,
         [](Case& c) { goTo(c, "IN"), c.hop.law = ExporterLaw::Uk; }},
        {"an exporter under Swiss law is outside scope", T::OutsideScope,
         [](Case& c) { goTo(c, "US"), c.hop.law = ExporterLaw::Switzerland; }},
        {"an exporter under any other law is outside scope", T::OutsideScope,
         [](Case& c) { goTo(c, "FR"), c.hop.law = ExporterLaw::Other; }},
        {"outside scope wins over an unknown place", T::OutsideScope,
         [](Case& c) { c.hop.law = ExporterLaw::Other; }},
        {"UK clauses of a UK exporter are not judged", T::OutsideScope,
         [](Case& c) { clauses(c, "UK_IDTA"), goTo(c, "IN"), c.hop.law = ExporterLaw::Uk; }},
        {"own staff abroad are no transfer", T::NoTransfer,
         [](Case& c) { goTo(c, "MA"), c.hop.closeness = Closeness::OwnStaff; }},
        {"an own branch abroad is no transfer", T::NoTransfer,
         [](Case& c) { goTo(c, "US"), c.hop.closeness = Closeness::SameEntity; }},
        {"what the person sends is no transfer", T::NoTransfer,
         [](Case& c) { goTo(c, "US"), c.hop.closeness = Closeness::Person; }},
        {"own staff at a place nobody named are no transfer", T::NoTransfer,
         [](Case& c) { c.hop.closeness = Closeness::OwnStaff; }},
        {"a place that is silent is unknown", T::Unknown, [](Case&) {}},
        {"a place said to be unknown is unknown", T::Unknown,
         [](Case& c) { c.hop.place.country.saying = manifest::Saying::Unknown; }},
        {"clauses do not help a place that is unknown", T::Unknown, [](Case& c) { clauses(c); }},
        {"a place in the Union is EEA", T::Eea, [](Case& c) { goTo(c, "FR"); }},
        {"Norway is EEA", T::Eea, [](Case& c) { goTo(c, "NO"); }},
        {"an invalid mechanism does not worsen a place in the EEA", T::Eea,
         [](Case& c) { goTo(c, "DE"), name(c, "PRIVACY_SHIELD"); }},
        {"an exporter in Norway to Sweden is EEA", T::Eea,
         [](Case& c) { goTo(c, "SE"), c.hop.law = ExporterLaw::EeaEfta; }},
        {"a parent company in the United States changes no class", T::Eea,
         [](Case& c) { goTo(c, "FR"), c.hop.importerGroup = "us-parent"; }},
        {"an importer established in the United States with a place in the EEA is EEA", T::Eea,
         [](Case& c) { goTo(c, "IE"), c.hop.importerCountry = "US"; }},
        {"Switzerland is adequate without a paper", T::Adequate, [](Case& c) { goTo(c, "CH"); }},
        {"the United Kingdom is adequate before its decision ends", T::Adequate,
         [](Case& c) { goTo(c, "GB"); }},
        {"the United Kingdom is not adequate on the day its decision ends", T::Unsafeguarded,
         [](Case& c) { goTo(c, "GB"), c.today = testing::day("2031-12-27"); }},
        {"the United Kingdom was not adequate before its decision", T::Unsafeguarded,
         [](Case& c) { goTo(c, "GB"), c.today = testing::day("2021-06-27"); }},
        {"an exporter in Norway to Switzerland is adequate", T::Adequate,
         [](Case& c) { goTo(c, "CH"), c.hop.law = ExporterLaw::EeaEfta; }},
        {"India without a mechanism is unsafeguarded", T::Unsafeguarded,
         [](Case& c) { goTo(c, "IN"); }},
        {"a mechanism said to be unknown is unsafeguarded", T::Unsafeguarded,
         [](Case& c) { name(c, "UNKNOWN"), goTo(c, "IN"); }},
        {"a declaration that nothing leaves the EEA does not help a place outside",
         T::Unsafeguarded, [](Case& c) { name(c, "NONE_EEA"), goTo(c, "IN"); }}};
    return kRows;
}

const std::vector<Row>& adequacy() {
    static const std::vector<Row> kRows{
        {"Japan with a fresh scope check is adequate", T::Adequate,
         [](Case& c) { goTo(c, "JP"), checked(c, "ADEQUACY", "2026-01-10"); }},
        {"a scope check holds to its last day", T::Adequate,
         [](Case& c) { goTo(c, "JP"), checked(c, "ADEQUACY", "2025-11-24"); }},
        {"Japan with a stale scope check is unknown", T::Unknown,
         [](Case& c) { goTo(c, "JP"), checked(c, "ADEQUACY", "2025-11-23"); }},
        {"Japan without a scope check is unknown", T::Unknown,
         [](Case& c) { goTo(c, "JP"), name(c, "ADEQUACY"); }},
        {"Japan with nothing listed is unknown", T::Unknown, [](Case& c) { goTo(c, "JP"); }},
        {"Japan with a failed scope check is unsafeguarded", T::Unsafeguarded,
         [](Case& c) {
             goTo(c, "JP"), checked(c, "ADEQUACY", "2026-10-01");
             c.transfer.scopeCheck = known(manifest::ScopeCheck::Failed);
         }},
        {"a scope check in the future does not count", T::Unknown,
         [](Case& c) { goTo(c, "JP"), checked(c, "ADEQUACY", "2026-12-01"); }},
        {"Japan without a scope check is safeguarded by clauses", T::Safeguarded,
         [](Case& c) { goTo(c, "JP"), clauses(c); }},
        {"Brazil with a fresh scope check is adequate for France", T::Adequate,
         [](Case& c) { goTo(c, "BR"), checked(c, "ADEQUACY", "2026-09-01"); }},
        {"Brazil is not yet adequate for Norway", T::Unsafeguarded,
         [](Case& c) {
             goTo(c, "BR"), checked(c, "ADEQUACY", "2026-09-01");
             c.hop.law = ExporterLaw::EeaEfta;
         }},
        {"the European Patent Organisation with a scope check is adequate", T::Adequate,
         [](Case& c) { c.hop.place.organisation = "EPO", checked(c, "ADEQUACY", "2026-09-01"); }},
        {"the European Patent Organisation without a scope check is unknown", T::Unknown,
         [](Case& c) { c.hop.place.organisation = "EPO"; }},
        {"the seat of an organisation is not looked at", T::Unknown,
         [](Case& c) { c.hop.place.organisation = "EPO", goTo(c, "DE"); }},
        {"another organisation without a decision is unsafeguarded", T::Unsafeguarded,
         [](Case& c) { c.hop.place.organisation = "WHO"; }},
        {"the framework with the list seen this quarter is adequate", T::Adequate,
         [](Case& c) { dpf(c, "2026-09-01"); }},
        {"the list seen four months ago is stale, and unknown without a fallback", T::Unknown,
         [](Case& c) { dpf(c, "2026-07-24"); }},
        {"the list seen four months ago falls to a complete fallback", T::Safeguarded,
         [](Case& c) { dpf(c, "2026-07-24"), c.transfer.fallbacks = {fallback()}; }},
        {"an importer no longer on the list is unsafeguarded", T::Unsafeguarded,
         [](Case& c) {
             dpf(c, "2026-09-01");
             c.dpf.status = known(manifest::DpfStatus::Inactive);
         }},
        {"an importer no longer on the list falls to a complete fallback", T::Safeguarded,
         [](Case& c) {
             dpf(c, "2026-09-01"), c.transfer.fallbacks = {fallback()};
             c.dpf.status = known(manifest::DpfStatus::Withdrawn);
         }},
        {"staff data need the list's cover of staff data", T::Unsafeguarded,
         [](Case& c) { dpf(c, "2026-09-01"), c.hop.subjects = {"CRM_USER"}; }},
        {"staff data are adequate where the list covers them", T::Adequate,
         [](Case& c) {
             dpf(c, "2026-09-01"), c.hop.subjects = {"CRM_USER"};
             c.dpf.covers = {"hr", "non-hr"};
         }},
        {"an Irish importer with a place in the United States is not on the list", T::Unsafeguarded,
         [](Case& c) { dpf(c, "2026-09-01"), c.hop.importerCountry = "IE"; }},
        {"plain adequacy is no mechanism for the United States", T::Unknown,
         [](Case& c) { dpf(c, "2026-09-01"), name(c, "ADEQUACY"); }},
        {"the framework does not reach India", T::Unsafeguarded,
         [](Case& c) { dpf(c, "2026-09-01"), goTo(c, "IN"); }},
        {"the framework was not there before its day", T::Unsafeguarded,
         [](Case& c) { dpf(c, "2023-07-01"), c.today = testing::day("2023-07-09"); }},
        {"a party's default is no scope check of this hop", T::Unknown,
         [](Case& c) { dpf(c, "2026-09-01"), c.hop.byDefault = true; }}};
    return kRows;
}

void toIndia(Case& c, const char* mechanism = "SCC_M2") { clauses(c, mechanism), goTo(c, "IN"); }

const std::vector<Row>& safeguards() {
    static const std::vector<Row> kRows{
        {"India with signed clauses and a fresh analysis is safeguarded", T::Safeguarded,
         [](Case& c) { toIndia(c); }},
        {"clauses for other roles are incomplete", T::Incomplete,
         [](Case& c) { toIndia(c), c.hop.importerRole = Role::Controller; }},
        {"module 3 between processors is safeguarded", T::Safeguarded,
         [](Case& c) {
             toIndia(c, "SCC_M3"), c.hop.exporterRole = Role::Processor;
             c.hop.importerRole = Role::SubProcessor;
         }},
        {"clauses that are not signed are incomplete", T::Incomplete,
         [](Case& c) { toIndia(c), c.transfer.signedOn = {}; }},
        {"clauses signed tomorrow are incomplete", T::Incomplete,
         [](Case& c) { toIndia(c), c.transfer.signedOn = on("2026-11-25"); }},
        {"clauses that ended are incomplete", T::Incomplete,
         [](Case& c) { toIndia(c), c.transfer.ends = on("2026-11-23"); }},
        {"clauses hold on their last day", T::Safeguarded,
         [](Case& c) { toIndia(c), c.transfer.ends = on(kToday); }},
        {"clauses without a reference are incomplete", T::Incomplete,
         [](Case& c) { toIndia(c), c.transfer.instrument = {}; }},
        {"clauses that leave a category out are incomplete", T::Incomplete,
         [](Case& c) { toIndia(c), c.transfer.categories = {"IDENTITY.NAME"}; }},
        {"clauses that cover a block of categories cover each of it", T::Safeguarded,
         [](Case& c) { toIndia(c), c.transfer.categories = {"CONTACT"}; }},
        {"clauses without an analysis are incomplete", T::Incomplete,
         [](Case& c) { toIndia(c), c.transfer.tia.reset(); }},
        {"an analysis of two years ago still counts", T::Safeguarded,
         [](Case& c) { toIndia(c), c.transfer.tia = tia("2024-11-24"); }},
        {"an analysis older than two years is incomplete", T::Incomplete,
         [](Case& c) { toIndia(c), c.transfer.tia = tia("2024-11-23"); }},
        {"an analysis before the law changed is incomplete", T::Incomplete,
         [](Case& c) { toIndia(c), goTo(c, "US"), c.transfer.tia = tia("2026-06-28"); }},
        {"an analysis after the law changed is safeguarded", T::Safeguarded,
         [](Case& c) { toIndia(c), goTo(c, "US"), c.transfer.tia = tia("2026-06-29"); }},
        {"where no list says when the law changed, the reviewer must have looked", T::Incomplete,
         [](Case& c) { toIndia(c), c.transfer.tia->lawChangeConsidered = {}; }},
        {"an analysis of another importer is incomplete", T::Incomplete,
         [](Case& c) { toIndia(c), c.transfer.tia->importer = "other"; }},
        {"an analysis of other categories is incomplete", T::Incomplete,
         [](Case& c) { toIndia(c), c.transfer.tia->categories = {"IDENTITY.NAME"}; }},
        {"clauses without their annex are incomplete", T::Incomplete,
         [](Case& c) { toIndia(c), c.transfer.proofs.erase("annex_II"); }},
        {"specific authorisation asks for annex III", T::Incomplete,
         [](Case& c) { toIndia(c), c.transfer.proofs["clause_9_option"] = "1"; }},
        {"specific authorisation with annex III is safeguarded", T::Safeguarded,
         [](Case& c) {
             toIndia(c), c.transfer.proofs["clause_9_option"] = "1";
             c.transfer.proofs["annex_III"] = "yes";
         }},
        {"the clauses of 2010 are unsafeguarded", T::Unsafeguarded,
         [](Case& c) { toIndia(c, "SCC_2010"); }},
        {"Privacy Shield is unsafeguarded, and not unknown", T::Unsafeguarded,
         [](Case& c) { toIndia(c, "PRIVACY_SHIELD"), goTo(c, "US"); }},
        {"UK clauses of a French exporter are unsafeguarded", T::Unsafeguarded,
         [](Case& c) { toIndia(c, "UK_IDTA"); }},
        {"clauses before their decision are unsafeguarded", T::Unsafeguarded,
         [](Case& c) { toIndia(c), c.today = testing::day("2021-06-26"); }},
        {"clauses of an exporter in Norway are safeguarded", T::Safeguarded,
         [](Case& c) { toIndia(c), c.hop.law = ExporterLaw::EeaEfta; }},
        {"binding rules of the importer's group do not bind us", T::Unsafeguarded,
         [](Case& c) { toIndia(c, "BCR_P"), c.hop.importerGroup = "salesforce"; }},
        {"binding rules hold inside the group", T::Safeguarded,
         [](Case& c) {
             toIndia(c, "BCR_P"), c.hop.importerGroup = c.hop.exporterGroup = "salesforce";
             c.transfer.proofs = {{"approval_decision", "2023-1"},
                                  {"lead_sa", "IE"},
                                  {"client_contract_ref", "DPA"}};
         }},
        {"binding rules without their approval are incomplete", T::Incomplete,
         [](Case& c) {
             toIndia(c, "BCR_P"), c.hop.importerGroup = c.hop.exporterGroup = "salesforce";
         }},
        {"a party's default mechanism has no paper of this hop", T::Incomplete,
         [](Case& c) { toIndia(c), c.hop.byDefault = true; }},
        {"onward from an importer bound by clauses, a flow-down is safeguarded", T::Safeguarded,
         [](Case& c) {
             toIndia(c, "SCC_M3"), c.hop.exporterRole = Role::Processor;
             c.hop.importerRole = Role::SubProcessor;
             c.hop.law = ExporterLaw::Other, c.hop.arrival = Arrival::BoundByClauses;
         }},
        {"onward from an importer bound by clauses, nothing is unsafeguarded", T::Unsafeguarded,
         [](Case& c) {
             goTo(c, "IN"), c.hop.law = ExporterLaw::Other;
             c.hop.arrival = Arrival::BoundByClauses;
         }},
        {"onward from an adequate country goes by the law there", T::OutsideScope, [](Case& c) {
             goTo(c, "IN"), c.hop.law = ExporterLaw::Switzerland;
             c.hop.arrival = Arrival::UnderAdequateLaw;
         }}};
    return kRows;
}

const std::vector<Row>& derogations() {
    static const std::vector<Row> kRows{
        {"an occasional transfer for a contract is a derogation", T::Derogation,
         [](Case& c) { derogation(c); }},
        {"a derogation for routine traffic is unsafeguarded", T::Unsafeguarded,
         [](Case& c) { derogation(c), c.hop.routine = true; }},
        {"a regular derogation is unsafeguarded", T::Unsafeguarded,
         [](Case& c) {
             derogation(c), c.transfer.frequency = known(manifest::Frequency::Regular);
         }},
        {"a derogation of unknown frequency is unsafeguarded", T::Unsafeguarded,
         [](Case& c) { derogation(c), c.transfer.frequency = {}; }},
        {"a derogation without a reason is unsafeguarded", T::Unsafeguarded,
         [](Case& c) { derogation(c), c.transfer.reason = {}; }},
        {"a derogation without its evidence is unsafeguarded", T::Unsafeguarded,
         [](Case& c) { derogation(c), c.transfer.proofs.clear(); }},
        {"a derogation that fails towards the United States is not unknown", T::Unsafeguarded,
         [](Case& c) { derogation(c), goTo(c, "US"), c.hop.routine = true; }},
        {"a derogation is not asked for where the place is adequate", T::Adequate,
         [](Case& c) { derogation(c), goTo(c, "CH"); }},
        {"a derogation with clauses behind it is safeguarded: Art. 46 before 49", T::Safeguarded,
         [](Case& c) { derogation(c), c.transfer.fallbacks = {fallback()}; }}};
    return kRows;
}

void check(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        Case one;
        row.make(one);
        const Judgement judged = one.judged();
        INFO(row.says << ": " << wordOf(judged.value));
        CHECK(judged.value == row.expected);
    }
}

}  // namespace

TEST_CASE("who exports and where data lie decide before any mechanism does") {
    check(withoutMechanism());
}

TEST_CASE("an adequacy of limited scope counts while somebody checked it") { check(adequacy()); }

TEST_CASE("a safeguard counts for the pair that signed it, complete or with a gap") {
    check(safeguards());
}

TEST_CASE("a derogation carries only what is occasional and has a reason") { check(derogations()); }

TEST_CASE("a complete fallback adds a word to an adequate hop and changes no class") {
    Case one;
    dpf(one, "2026-09-01");
    CHECK_FALSE(one.judged().fallbackReady);
    one.transfer.fallbacks = {fallback()};
    CHECK(one.judged().fallbackReady);
    CHECK(one.judged().value == TransferClass::Adequate);
    CHECK(one.judged().limited);
    CHECK(one.judged().mechanism == "ADEQUACY_DPF");
    one.transfer.fallbacks.front().tia.reset();
    CHECK_FALSE(one.judged().fallbackReady);
}

TEST_CASE("a hop says what it lacks") {
    Case one;
    toIndia(one);
    one.transfer.tia->importer = "other";
    one.transfer.signedOn = {};
    CHECK(one.judged().gaps == std::set<Gap>{Gap::Unsigned, Gap::TiaCover});
}

TEST_CASE("classes are ordered as the law weighs them") {
    CHECK(worst(TransferClass::Unsafeguarded, TransferClass::Unknown) ==
          TransferClass::Unsafeguarded);
    CHECK(worst(TransferClass::Derogation, TransferClass::Incomplete) == TransferClass::Derogation);
    CHECK(worst(TransferClass::Adequate, TransferClass::Eea) == TransferClass::Adequate);
    CHECK(wordOf(TransferClass::Incomplete) == "incomplete");
}

}  // namespace concordat::flowmap
