// SPDX-License-Identifier: Apache-2.0
#include "hub/flowmap/rules.h"

#include <algorithm>
#include <functional>

#include "tests/flowmap/lists.h"
#include "tests/flowmap/small_company.h"
#include "tests/support/check.h"

namespace concordat::flowmap {

using namespace manifest;
using testing::known;
using testing::lists;
using testing::on;
using testing::smallCompany;
using testing::text;

namespace {

template <typename T>
Stated<T> unknown() {
    Stated<T> stated;
    stated.saying = Saying::Unknown;
    return stated;
}

std::vector<RuleReport> checkAll(const Model& model, const Facts& facts = {}) {
    const Day today = testing::day("2026-11-24");
    const Graph graph = graphOf(model, lists(), today);
    return checkRules({model, lists(), graph, facts, today, {}});
}

/// Without what feeds that are not connected would add.
RuleReport onManifests(const Model& model, const std::string& rule) {
    const Day today = testing::day("2026-11-24");
    const Graph graph = graphOf(model, lists(), today);
    const Facts facts;
    Bar bar(rule);
    ruleFunctions().at(rule)({model, lists(), graph, facts, today, {}}, bar);
    return bar.report;
}

using Change = std::function<void(Model&)>;

struct Row {
    const char* rule;
    Outcome expected;
    Change change;
};

Flow& news(Model& model) { return model.systems.front().flows.front(); }
Engagement& mailer(Model& model) { return model.engagements[1]; }
Engagement& helpdesk(Model& model) { return model.engagements[2]; }
Activity& activity(Model& model) { return model.activities.front(); }

/// Everything that leaves the EEA is gone: one vendor in France is left.
void atHome(Model& model) {
    model.systems.front().flows.clear();
    model.engagements.resize(1);
}

/// The newsletter goes to the mailer under `mechanism`; its helper works from France.
Transfer& sendUnder(Model& model, const char* mechanism, const char* country) {
    model.engagements.resize(2);
    Party& party = model.parties[1];
    party.places = {testing::placeIn(country)};
    party.country = text(country);
    news(model).transfers.emplace_back();
    Transfer& transfer = news(model).transfers.front();
    transfer.mechanism = text(mechanism);
    return transfer;
}

void complete(Transfer& transfer) {
    transfer.instrument = text("DPA");
    transfer.signedOn = on("2025-01-10");
    transfer.tia.emplace();
    transfer.tia->ref = text("TIA");
    transfer.tia->date = on("2026-08-01");
    transfer.tia->lawChangeConsidered = known(true);
    transfer.proofs = {{"annex_I", "yes"},       {"annex_II", "yes"},
                       {"docking_clause", "no"}, {"clause_9_option", "2"},
                       {"clause_17_law", "IE"},  {"clause_18_forum", "IE"}};
}

void scope(Transfer& transfer, const char* date) {
    transfer.scopeCheck = known(ScopeCheck::Ok);
    transfer.checkedOn = on(date);
}

void derogate(Model& model, Frequency frequency) {
    Transfer& transfer = sendUnder(model, "DEROG_CONTRACT_DS", "IN");
    transfer.frequency = known(frequency);
    transfer.reason = text("a gift sent abroad");
    transfer.proofs = {{"contract_ref", "C"}};
    news(model).frequency = known(Frequency::Occasional);
}

void contract(Engagement& engagement) {
    engagement.contract.emplace();
    engagement.contract->ref = text("C-1");
    engagement.contract->signedOn = on("2024-01-01");
    engagement.contract->items = {"a", "b",       "c",        "d",      "e",    "f",      "g",
                                  "h", "subject", "duration", "nature", "data", "persons"};
}

void notice(Model& model, const char* until) {
    mailer(model).authorisation = known(Authorisation::General);
    SubProcessorNotice one;
    one.party = "helpdesk";
    one.seen = on("2026-10-01");
    one.objectionUntil = on(until);
    mailer(model).notices = {one};
}

void joint(Model& model) {
    Controller torino;
    torino.id = "torino";
    torino.country = "IT";
    model.organisation.controllers.push_back(torino);
    activity(model).controllers.push_back("torino");
}

void arrange(Model& model) {
    joint(model);
    activity(model).arrangement.emplace();
    activity(model).arrangement->ref = text("A-26");
    activity(model).arrangement->signedOn = on("2025-01-01");
    activity(model).arrangement->essencePublished = known(true);
    activity(model).arrangement->answers = "lyon";
}

void weigh(Model& model, bool told) {
    model.systems.front().purposes.front().basis = text("LEGITIMATE_INTEREST");
    activity(model).lias.emplace_back();
    activity(model).lias.front().ref = text("LIA-1");
    activity(model).notices.emplace_back();
    activity(model).notices.front().interestStated = known(told);
}

void screen(Model& model, std::size_t criteria) {
    activity(model).dpia.emplace();
    activity(model).dpia->screened = known(true);
    activity(model).dpia->criteria.assign(criteria, "WP248_1");
}

void procedure(Model& model, const char* tested) {
    model.organisation.breach.emplace();
    model.organisation.breach->owner = "quality";
    model.organisation.breach->authority = "CNIL";
    model.organisation.breach->templates = known(true);
    model.organisation.breach->lastTest = on(tested);
}

void channel(Model& model, const char* tested) {
    model.organisation.rights.emplace();
    model.organisation.rights->contact = text("privacy desk");
    model.organisation.rights->inNotice = known(true);
    model.organisation.rights->lastTest = on(tested);
}

void keep(Model& model, bool start) {
    news(model).retention.emplace_back();
    Retention& one = news(model).retention.front();
    one.category = "*";
    one.purpose = "*";
    one.duration = known(Period{36, 0, 0});
    if (start) one.start = text("last contact");
}

constexpr Outcome kPass = Outcome::Pass;
constexpr Outcome kFail = Outcome::Fail;
constexpr Outcome kUnknown = Outcome::Unknown;
constexpr Outcome kNone = Outcome::NotApplicable;

const std::vector<Row>& transferRows() {
    static const std::vector<Row> kRows{
        {"TRF-001", kPass, [](Model&) {}},
        {"TRF-001", kFail, [](Model& m) { m.parties[1].places.clear(); }},
        {"TRF-001", kUnknown,
         [](Model& m) { m.parties[1].places.front().country = unknown<std::string>(); }},
        {"TRF-002", kNone, atHome},
        {"TRF-002", kFail, [](Model&) {}},
        {"TRF-002", kPass, [](Model& m) { complete(sendUnder(m, "SCC_M2", "IN")); }},
        {"TRF-002", kUnknown, [](Model& m) { sendUnder(m, "ADEQUACY", "JP"); }},
        {"TRF-003", kNone, [](Model& m) { sendUnder(m, "ADEQUACY", "CH"); }},
        {"TRF-003", kPass, [](Model& m) { scope(sendUnder(m, "ADEQUACY", "JP"), "2026-09-01"); }},
        {"TRF-003", kFail, [](Model& m) { scope(sendUnder(m, "ADEQUACY", "JP"), "2025-09-01"); }},
        {"TRF-003", kUnknown,
         [](Model& m) { sendUnder(m, "ADEQUACY", "JP").scopeCheck = unknown<ScopeCheck>(); }},
        {"TRF-004", kNone, [](Model& m) { sendUnder(m, "SCC_M2", "US"); }},
        {"TRF-004", kFail, [](Model& m) { sendUnder(m, "ADEQUACY_DPF", "US"); }},
        {"TRF-004", kPass,
         [](Model& m) {
             Transfer& transfer = sendUnder(m, "ADEQUACY_DPF", "US");
             complete(transfer);
             transfer.fallbacks = {primaryOf(transfer)};
             transfer.fallbacks.front().mechanism = "SCC_M2";
         }},
        {"TRF-005", kNone, atHome},
        {"TRF-005", kPass, [](Model& m) { complete(sendUnder(m, "SCC_M2", "IN")); }},
        {"TRF-005", kFail, [](Model& m) { complete(sendUnder(m, "SCC_M1", "IN")); }},
        {"TRF-006", kNone, [](Model& m) { sendUnder(m, "ADEQUACY", "JP"); }},
        {"TRF-006", kPass, [](Model& m) { complete(sendUnder(m, "SCC_M2", "IN")); }},
        {"TRF-006", kFail, [](Model& m) { sendUnder(m, "SCC_M2", "IN"); }},
        {"TRF-006", kUnknown,
         [](Model& m) {
             Transfer& transfer = sendUnder(m, "SCC_M2", "IN");
             complete(transfer);
             transfer.tia->lawChangeConsidered = {};
         }},
        {"TRF-007", kNone, atHome},
        {"TRF-007", kPass, [](Model& m) { derogate(m, Frequency::Occasional); }},
        {"TRF-007", kFail, [](Model& m) { derogate(m, Frequency::Regular); }},
        {"TRF-008", kNone, atHome},
        {"TRF-008", kPass, [](Model& m) { sendUnder(m, "SCC_M2", "IN"); }},
        {"TRF-008", kFail, [](Model& m) { sendUnder(m, "PRIVACY_SHIELD", "US"); }},
        {"TRF-009", kNone, [](Model& m) { sendUnder(m, "SCC_M2", "IN"); }},
        {"TRF-009", kPass, [](Model& m) { sendUnder(m, "ADEQUACY", "CH"); }},
        {"TRF-009", kFail, [](Model& m) { sendUnder(m, "ADEQUACY", "IN"); }},
        {"TRF-011", kNone, atHome},
        {"TRF-011", kPass, [](Model& m) { complete(sendUnder(m, "SCC_M2", "IN")); }},
        {"TRF-011", kFail, [](Model& m) { sendUnder(m, "SCC_M2", "IN"); }},
        {"TRF-011", kUnknown,
         [](Model& m) { sendUnder(m, "SCC_M2", "IN").signedOn = unknown<Day>(); }},
        {"TRF-012", kNone, atHome},
        {"TRF-012", kPass,
         [](Model& m) {
             sendUnder(m, "ADEQUACY", "US"), m.parties[1].places.front() = {},
                                             m.parties[1].places.front().organisation = "EPO";
         }},
        {"TRF-012", kFail,
         [](Model& m) { sendUnder(m, "ADEQUACY", "US"), m.parties[1].organisation = "EPO"; }}};
    return kRows;
}

const std::vector<Row>& otherRows() {
    static const std::vector<Row> kRows{
        {"INV-013", kPass, [](Model&) {}},
        {"INV-013", kUnknown, [](Model& m) { mailer(m).role = unknown<Role>(); }},
        {"INV-013", kFail, [](Model& m) { mailer(m).role = {}; }},
        {"SUB-001", kNone, [](Model& m) { m.engagements.clear(); }},
        {"SUB-001", kFail, [](Model&) {}},
        {"SUB-001", kPass, [](Model& m) { contract(m.engagements[0]), contract(mailer(m)); }},
        {"SUB-001", kUnknown,
         [](Model& m) {
             contract(m.engagements[0]), contract(mailer(m));
             mailer(m).contract->signedOn = unknown<Day>();
         }},
        {"SUB-002", kNone, [](Model& m) { m.engagements.resize(2); }},
        {"SUB-002", kFail, [](Model&) {}},
        {"SUB-002", kPass,
         [](Model& m) {
             m.parties[2].address = text("1 Road"), m.parties[2].privacyContact = text("dpo");
             helpdesk(m).service = "support";
         }},
        {"SUB-003", kNone, [](Model&) {}},
        {"SUB-003", kPass, [](Model& m) { notice(m, "2026-12-01"); }},
        {"SUB-003", kFail, [](Model& m) { notice(m, "2026-11-01"); }},
        {"SUB-003", kUnknown,
         [](Model& m) { notice(m, "2026-12-01"), mailer(m).notices.front().seen = {}; }},
        {"SUB-004", kNone, [](Model& m) { m.engagements.resize(2); }},
        {"SUB-004", kFail, [](Model&) {}},
        {"SUB-004", kPass, [](Model& m) { contract(helpdesk(m)); }},
        {"CTR-001", kNone, [](Model&) {}},
        {"CTR-001", kPass, [](Model& m) { contract(mailer(m)); }},
        {"CTR-001", kFail,
         [](Model& m) { contract(mailer(m)), mailer(m).contract->ends = on("2026-11-24"); }},
        {"CTR-001", kUnknown,
         [](Model& m) { contract(mailer(m)), mailer(m).contract->ends = unknown<Day>(); }},
        {"SHR-001", kNone, [](Model&) {}},
        {"SHR-001", kFail, [](Model& m) { mailer(m).role = known(Role::Controller); }},
        {"SHR-001", kPass,
         [](Model& m) {
             mailer(m).role = known(Role::Controller), mailer(m).sharingTerms = text("S-1");
         }},
        {"BRE-004", kNone, [](Model& m) { m.engagements.clear(); }},
        {"BRE-004", kFail, [](Model&) {}},
        {"BRE-004", kPass,
         [](Model& m) {
             for (Engagement& one : m.engagements)
                 one.breachContact = text("soc"), one.breachHours = known(std::int64_t{24});
         }},
        {"REG-001", kPass, [](Model&) {}},
        {"REG-001", kFail, [](Model& m) { activity(m).controllers = {"torino"}; }},
        {"REG-004", kFail, [](Model&) {}},
        {"REG-004", kPass, [](Model& m) { activity(m).updated = on("2026-01-01"); }},
        {"REG-004", kUnknown, [](Model& m) { activity(m).updated = unknown<Day>(); }},
        {"LB-002", kNone, [](Model&) {}},
        {"LB-002", kPass, [](Model& m) { weigh(m, true); }},
        {"LB-002", kFail, [](Model& m) { weigh(m, false); }},
        {"DPI-001", kFail, [](Model&) {}},
        {"DPI-001", kPass, [](Model& m) { screen(m, 1); }},
        {"DPI-001", kFail, [](Model& m) { screen(m, 2); }},
        {"DPI-001", kUnknown,
         [](Model& m) { screen(m, 1), activity(m).dpia->screened = unknown<bool>(); }},
        {"JOI-001", kNone, [](Model&) {}},
        {"JOI-001", kFail, joint},
        {"JOI-001", kPass, arrange},
        {"JOI-001", kUnknown,
         [](Model& m) { arrange(m), activity(m).arrangement->ref = unknown<std::string>(); }},
        {"BRE-001", kFail, [](Model&) {}},
        {"BRE-001", kPass, [](Model& m) { procedure(m, "2026-02-01"); }},
        {"BRE-001", kFail, [](Model& m) { procedure(m, "2025-02-01"); }},
        {"DSR-001", kFail, [](Model&) {}},
        {"DSR-001", kPass, [](Model& m) { channel(m, "2026-08-01"); }},
        {"DSR-001", kFail, [](Model& m) { channel(m, "2026-02-01"); }},
        {"LB-001", kPass, [](Model&) {}},
        {"LB-001", kFail, [](Model& m) { news(m).terms.clear(); }},
        {"LB-001", kFail, [](Model& m) { news(m).terms.front().basis = text("ART9_CONSENT"); }},
        {"LB-001", kUnknown,
         [](Model& m) { news(m).terms.front().basis = unknown<std::string>(); }},
        {"LB-003", kNone, [](Model&) {}},
        {"LB-003", kFail, [](Model& m) { news(m).categories = {"SPECIAL.HEALTH"}; }},
        {"LB-003", kUnknown,
         [](Model& m) {
             news(m).categories = {"SPECIAL.HEALTH"};
             news(m).terms.front().art9 = unknown<std::string>();
         }},
        {"RET-001", kFail, [](Model&) {}},
        {"RET-001", kPass, [](Model& m) { keep(m, true); }},
        {"RET-001", kFail, [](Model& m) { keep(m, false); }},
        {"PUR-001", kNone, [](Model&) {}},
        {"PUR-001", kPass, [](Model& m) { helpdesk(m).purposes = {"NEWSLETTER"}; }},
        {"PUR-001", kFail, [](Model& m) { helpdesk(m).purposes = {"PROFILING"}; }}};
    return kRows;
}

void check(const std::vector<Row>& rows) {
    std::size_t number = 0;
    for (const Row& row : rows) {
        Model model = smallCompany();
        row.change(model);
        const RuleReport report = onManifests(model, row.rule);
        INFO(row.rule << " row " << ++number);
        for (const Verdict& one : report.verdicts) UNSCOPED_INFO(one.scope << " " << one.key);
        CHECK(report.outcome() == row.expected);
    }
}

const RuleReport& of(const std::vector<RuleReport>& all, const std::string& rule) {
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const RuleReport& one) { return one.rule == rule; });
    REQUIRE(found != all.end());
    return *found;
}

}  // namespace

TEST_CASE("each rule of transfers passes, fails, does not know or does not apply") {
    check(transferRows());
}

TEST_CASE(
    "each rule of contracts, activities and flows passes, fails, does not know or does not apply") {
    check(otherRows());
}

TEST_CASE("every rule of the list answers, and one without its feed never passes") {
    const auto reports = checkAll(smallCompany());
    REQUIRE(reports.size() == lists().rules.size());
    for (const Rule& rule : lists().rules) {
        const RuleReport& report = of(reports, rule.id);
        INFO(rule.id);
        const bool fed = report.missingFeed.empty();
        CHECK((fed || report.outcome() == Outcome::Unknown || report.outcome() == Outcome::Fail));
        CHECK((ruleFunctions().count(rule.id) == 1 || !fed));
    }
}

TEST_CASE("a rule that is implemented is a rule of the list") {
    for (const auto& [id, function] : ruleFunctions()) {
        INFO(id);
        CHECK(lists().rule(id) != nullptr);
    }
}

TEST_CASE("a source that did not answer is a cause of its own") {
    Facts facts;
    facts.failed = {"hub:propagation"};
    const auto reports = checkAll(smallCompany(), facts);
    CHECK(of(reports, "CON-006").verdicts.front().cause == Cause::Failed);
}

TEST_CASE("a finding keeps its id when its line moves, and has another for another value") {
    Model model = smallCompany();
    const std::string before = onManifests(model, "TRF-002").verdicts.front().id;
    news(model).at.line += 40;
    CHECK(onManifests(model, "TRF-002").verdicts.front().id == before);
    CHECK(findingId("TRF-002", "flow/news", "a") != findingId("TRF-002", "flow/news", "b"));
}

TEST_CASE("a finding names the place in the manifest and the edge") {
    Model model = smallCompany();
    news(model).terms.front().basis = text("NO_SUCH");
    news(model).terms.front().at = {1, 12, 5};
    const auto report = onManifests(model, "LB-001");
    REQUIRE(report.verdicts.size() == 1);
    CHECK(report.verdicts.front().scope == "flow/news");
    CHECK(model.where(report.verdicts.front().at) == "crm.yaml:12:5");
}

}  // namespace concordat::flowmap
