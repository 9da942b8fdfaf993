// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <Poco/File.h>
#include <Poco/TemporaryFile.h>
#include <nlohmann/json.hpp>

#include "hub/manifest/manifests.h"
#include "tests/support/check.h"
#include "tests/support/folders.h"

using namespace concordat::manifest;

namespace {

const std::string kOrganisation = R"(kind: organisation
name: Test
controllers: [{id: lyon, country: FR}]
consent: {purposes: [PROSPECTING], channels: [email]}
)";

const std::string kParty = R"(kind: party
id: agency
legal_name: Agency Ltd
country: GB
engagements:
  - {from: lyon, role: processor, contract: {ref: C1, ends: 2020-01-01}}
)";

const std::string kSystem = R"(kind: integration
system: files
controller: lyon
owner: Anna
flows:
  - id: nightly
    from: files
    to: agency
    kind: export
    run_by: company
    categories: [IDENTITY.NAME, CONTACT.EMAIL]
    comment: as agreed
    transfers: [{from: lyon, to: agency, mechanism: ADEQUACY}]
)";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    REQUIRE(text.find(what) != std::string::npos);
    return text.replace(text.find(what), what.size(), with);
}

/// A folder of manifests that goes away with the test.
class Folder {
 public:
    Folder() {
        directory_.createDirectories();
        with("a.yaml", kOrganisation).with("party.yaml", kParty).with("system.yaml", kSystem);
    }
    Folder& with(const std::string& name, const std::string& text) {
        std::ofstream(directory_.path() + "/" + name) << text;
        return *this;
    }
    Manifests read() const {
        return concordat::manifest::read(
            concordat::tests::sourceFolder() + "/manifests/vocabularies", directory_.path());
    }
    /// "file:line:column: message" of each problem, without the folder.
    std::vector<std::string> problems() const {
        std::vector<std::string> all;
        for (Problem problem : read().problems) {
            std::string text = toString(problem);
            for (std::size_t at; (at = text.find(directory_.path() + "/")) != std::string::npos;)
                text.erase(at, directory_.path().size() + 1);
            all.push_back(text);
        }
        return all;
    }
    std::string problem() const {
        const auto all = problems();
        for (const std::string& one : all) UNSCOPED_INFO(one);
        CHECK(all.size() == 1);
        return all.empty() ? "" : all.front();
    }

 private:
    Poco::TemporaryFile directory_;
};

std::string system(const std::string& what, const std::string& with) {
    return Folder().with("system.yaml", replaced(kSystem, what, with)).problem();
}

std::string hashOf(const std::string& systemText) {
    const auto all = Folder().with("system.yaml", systemText).read();
    REQUIRE(all.problems.empty());
    return unitHashes(all.model).at("integration/files");
}

}  // namespace

TEST_CASE("a company of the map is read with the place of each element") {
    const auto all = Folder().read();
    for (const Problem& problem : all.problems) UNSCOPED_INFO(toString(problem));
    REQUIRE(all.problems.empty());
    CHECK(all.integrations.empty());
    const Flow& flow = all.model.system("files")->flows.at(0);
    CHECK(flow.runBy.value == RunBy::Company);
    const std::string where = all.model.where(flow.at);
    CHECK(where.substr(where.rfind('/')) == "/system.yaml:6:5");
    CHECK(flow.transfers.at(0).mechanism.value == "ADEQUACY");
}

TEST_CASE("a contract that has ended is for a rule to find, not an error of the file") {
    CHECK(Folder().problems().empty());
}

TEST_CASE("unknown is read as said, with its reason") {
    const auto all =
        Folder()
            .with("party.yaml",
                  replaced(kParty, "country: GB",
                           "country: {unknown: nobody asked}\nprivacy_contact: unknown"))
            .read();
    REQUIRE(all.problems.empty());
    const Party* party = all.model.party("agency");
    CHECK(party->country.isUnknown());
    CHECK(party->country.why == "nobody asked");
    CHECK(party->privacyContact.isUnknown());
    CHECK(party->number.isAbsent());
}

TEST_CASE("bad input gets one sentence with place, text and remedy") {
    CHECK(system("comment: as agreed", "coment: as agreed") ==
          "system.yaml:12:5: unknown key 'coment': did you mean 'comment'?");
    CHECK(system("CONTACT.EMAIL", "CONTACT.EMIAL") ==
          "system.yaml:11:33: unknown data category 'CONTACT.EMIAL': did you mean "
          "'CONTACT.EMAIL'?");
    CHECK(system("run_by: company", "run_by: vendor") ==
          "system.yaml:10:13: 'run_by' must be one of: hub, company, party, not 'vendor'");
    CHECK(system("comment: as agreed", "effective: 2026-02-30") ==
          "system.yaml:12:16: 'effective' must be a day of the calendar such as 2026-11-23, not "
          "'2026-02-30'");
    CHECK(system("comment: as agreed", "places: [FX]") ==
          "system.yaml:12:14: unknown country 'FX': did you mean 'AX'?");
    CHECK(system("to: agency", "to: agencie") ==
          "system.yaml:6:5: unknown system or party 'agencie': did you mean 'agency'?");
    CHECK(system("ADEQUACY}", "ADEQUATE}") ==
          "system.yaml:13:53: unknown transfer mechanism 'ADEQUATE': did you mean 'ADEQUACY'?");
}

TEST_CASE("every problem of a folder is told, not only the first") {
    const auto all = Folder()
                         .with("system.yaml", replaced(replaced(kSystem, "ADEQUACY}", "X1}"),
                                                       "run_by: company", "run_by: vendor"))
                         .with("party.yaml", replaced(kParty, "country: GB", "country: ZZ"))
                         .problems();
    CHECK(all.size() == 3);
}

TEST_CASE("a chain of sub-processors that comes back is refused with the whole chain") {
    const std::string second =
        "kind: party\nid: printer\nlegal_name: Printer\nengagements:\n"
        "  - {from: agency, role: sub_processor}\n";
    const std::string back = replaced(kParty, "engagements:\n",
                                      "engagements:\n  - {from: printer, role: sub_processor}\n");
    const std::string problem =
        Folder().with("party.yaml", back).with("printer.yaml", second).problem();
    CHECK(problem.find("agency → printer → agency comes back to where it began") !=
          std::string::npos);
}

TEST_CASE("one party with two stories is refused with both places") {
    CHECK(Folder().with("twin.yaml", kParty).problems().empty());
    const std::string problem =
        Folder().with("twin.yaml", replaced(kParty, "country: GB", "country: IE")).problem();
    CHECK(problem.find("twin.yaml:1:1: the party 'agency' says something else at ") == 0);
    CHECK(problem.find("party.yaml:1:1") != std::string::npos);
}

TEST_CASE("a wildcard on a name that many tenants share is refused") {
    for (const char* name : {"*.amazonaws.com", "*.co.uk", "*.com", "*.github.io"}) {
        INFO(name);
        CHECK(system("comment: as agreed", "hosts: ['" + std::string(name) + "']")
                  .find("is shared by many tenants") != std::string::npos);
    }
    CHECK(Folder()
              .with("system.yaml",
                    replaced(kSystem, "comment: as agreed", "hosts: ['*.example.com']"))
              .problems()
              .empty());
    CHECK(
        system("comment: as agreed", "hosts: ['https://a.example.com']").find("is no host name") !=
        std::string::npos);
}

TEST_CASE("a purpose that names its channel is read as both, and refused when written twice") {
    const std::string term = "terms: [{purpose: PROSPECTING.EMAIL, basis: CONSENT}]";
    const auto all =
        Folder().with("system.yaml", replaced(kSystem, "comment: as agreed", term)).read();
    REQUIRE(all.problems.empty());
    CHECK(all.model.systems[0].flows[0].terms[0].purpose == "PROSPECTING");
    CHECK(all.model.systems[0].flows[0].terms[0].channel == "email");
    CHECK(system("comment: as agreed", replaced(term, "basis", "channel: email, basis"))
              .find("already names a channel: write purpose PROSPECTING and channel email") !=
          std::string::npos);
}

TEST_CASE("wiring without a connector is refused") {
    CHECK(system("owner: Anna", "owner: Anna\npolicies: {grants: never}")
              .find("'policies' needs 'connector'") != std::string::npos);
}

TEST_CASE("fifty megabytes of YAML and an alias bomb end in a sentence") {
    std::string big = "kind: party\nid: x\nlegal_name: y\nfacts:\n";
    while (big.size() < (50U << 20U)) big += "  - {of: something, value: something else}\n";
    CHECK(Folder().with("big.yaml", big).problem().find("big.yaml: larger than 4 MiB") == 0);
    CHECK(Folder()
              .with("bomb.yaml", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")
              .problem()
              .find("bomb.yaml:2:8: aliases (*name) are not allowed") == 0);
}

TEST_CASE("what only records does not change the hash; what is signed does") {
    const std::string hash = hashOf(kSystem);
    CHECK(hashOf(replaced(kSystem, "as agreed", "as discussed")) == hash);
    CHECK(hashOf(replaced(kSystem, "Anna", "Berta")) == hash);
    CHECK(hashOf(replaced(kSystem, "[IDENTITY.NAME, CONTACT.EMAIL]",
                          "[CONTACT.EMAIL, IDENTITY.NAME]")) == hash);
    CHECK(hashOf(replaced(kSystem, ", CONTACT.EMAIL", "")) != hash);
    CHECK(hashOf(replaced(kSystem, "mechanism: ADEQUACY", "mechanism: SCC_M2")) != hash);
    CHECK(hashOf(replaced(kSystem, "comment: as agreed", "encryption: unknown")) != hash);
}

TEST_CASE("the canonical form is sorted JSON without white space") {
    const auto all = Folder().read();
    const std::string text = canonical(all.model, "integration/files");
    CHECK(nlohmann::json::parse(text).dump() == text);
    CHECK(text.find("Anna") == std::string::npos);
    CHECK(canonical(all.model, "integration/none").empty());
    CHECK(mapHash(all.model).size() == 64);
}

TEST_CASE("the demo company shows its faults on the map and has none in its files") {
    const auto all = read(concordat::tests::sourceFolder() + "/manifests/vocabularies",
                          concordat::tests::sourceFolder() + "/manifests/demo");
    for (const Problem& problem : all.problems) UNSCOPED_INFO(toString(problem));
    REQUIRE(all.problems.empty());
    CHECK(all.integrations.size() == 3);
    CHECK(all.model.systems.size() >= 12);
    CHECK(all.model.controllersOf("maison") == std::vector<std::string>{"lyon", "torino"});
    CHECK(all.model.hub);
    CHECK(all.model.system("loyalty-club")->controllers.size() == 2);
    CHECK(all.model.connector("eudonet")->places.at(0).country.isUnknown());
    CHECK(all.model.inventories.at(0).none.size() == 3);
}
