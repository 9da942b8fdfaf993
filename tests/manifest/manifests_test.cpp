// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/manifests.h"

#include <fstream>

#include <Poco/File.h>
#include <Poco/TemporaryFile.h>

#include "tests/support/check.h"
#include "tests/support/folders.h"

using namespace concordat::manifest;

namespace {

const std::string kCompany = R"(kind: company
name: Test
controllers: [{id: lyon}]
consent:
  purposes: [PROSPECTING]
  channels: [email, sms]
)";

const std::string kIntegration = R"(kind: integration
system: crm-one
connector: sellsy
controller: lyon
connection:
  settings: {base_url: "https://api.example.com"}
  secrets: {client_secret: env:SECRET}
slots:
  - {slot: contact.email, purposes: [PROSPECTING], channels: [email]}
)";

/// A folder of manifests that goes away with the test.
class Folder {
 public:
    Folder() { directory_.createDirectories(); }
    Folder& with(const std::string& name, const std::string& text) {
        std::ofstream(directory_.path() + "/" + name) << text;
        return *this;
    }
    Manifests read() const {
        return concordat::manifest::read(
            concordat::tests::sourceFolder() + "/manifests/vocabularies", directory_.path());
    }

 private:
    Poco::TemporaryFile directory_;
};

std::string problemsOf(const std::string& integration) {
    std::string all;
    for (Problem problem :
         Folder().with("company.yaml", kCompany).with("one.yaml", integration).read().problems) {
        problem.file = problem.file.substr(problem.file.rfind('/') + 1);
        all += toString(problem) + "\n";
    }
    return all;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    return text.replace(text.find(what), what.size(), with);
}

}  // namespace

TEST_CASE("a sound folder is read without a problem") {
    const auto all = Folder().with("company.yaml", kCompany).with("one.yaml", kIntegration).read();
    REQUIRE(all.problems.empty());
    REQUIRE(all.integrations.size() == 1);
    CHECK(all.integrations[0].system == "crm-one");
    CHECK(all.integrations[0].slots[0].channels == std::vector<std::string>{"email"});
    CHECK(policyOf(all).purposes.at("PROSPECTING").directMarketing);
}

TEST_CASE("the demo company is sound") {
    const auto all = read(concordat::tests::sourceFolder() + "/manifests/vocabularies",
                          concordat::tests::sourceFolder() + "/manifests/demo");
    for (const Problem& problem : all.problems) UNSCOPED_INFO(toString(problem));
    CHECK(all.problems.empty());
    CHECK(all.company.name == "Maison Demo");
}

TEST_CASE("a secret written out is refused without repeating it") {
    const std::string problems = problemsOf(replaced(kIntegration, "env:SECRET", "hunter2"));
    CHECK(problems.find("must be a reference, env:NAME or file:/path") != std::string::npos);
    CHECK(problems.find("hunter2") == std::string::npos);
}

TEST_CASE("an integration sets the limits of its own contract") {
    const std::string own = replaced(kIntegration, "slots:",
                                     "  limits: [{pool: api, per_second: 50, concurrency: 16}]\n"
                                     "slots:");
    const auto all = Folder().with("company.yaml", kCompany).with("one.yaml", own).read();
    REQUIRE(all.problems.empty());
    const auto& limits = all.integrations.at(0).connection.limits;
    REQUIRE(limits.size() == 1);
    CHECK(limits[0].pool == "api");
    CHECK(limits[0].perSecond == 50);
    CHECK(limits[0].perDay == -1);
    CHECK(limits[0].concurrency == 16);
    CHECK_FALSE(problemsOf(replaced(own, "concurrency: 16", "concurrency: 0")).empty());
    CHECK(problemsOf(replaced(own, "per_second", "per_secnd")).find("did you mean 'per_second'?") !=
          std::string::npos);
}

TEST_CASE("a host rule of the wiring may have a port; the map shows the name") {
    const std::string own = replaced(
        kIntegration, "slots:", "  hosts: ['api.example.com:8443', '127.0.0.1:*']\nslots:");
    const auto all = Folder().with("company.yaml", kCompany).with("one.yaml", own).read();
    REQUIRE(all.problems.empty());
    CHECK(all.model.systems.at(0).hosts.at(0).name == "api.example.com");
    CHECK(all.integrations.at(0).connection.hosts.at(0) == "api.example.com:8443");
}

TEST_CASE("an unknown purpose names the place and the nearest word") {
    CHECK(problemsOf(replaced(kIntegration, "[PROSPECTING]", "[PROSPECTIN]"))
              .find("one.yaml:9:5: unknown purpose") == 0);
}

TEST_CASE("an unknown channel, controller or key is refused") {
    CHECK(problemsOf(replaced(kIntegration, "[email]", "[mail]")).find("unknown channel 'mail'") !=
          std::string::npos);
    CHECK(problemsOf(replaced(kIntegration, "lyon", "paris")).find("unknown controller 'paris'") !=
          std::string::npos);
    CHECK(problemsOf(replaced(kIntegration, "slots:", "slot:")).find("did you mean 'slots'?") !=
          std::string::npos);
}

TEST_CASE("two integrations of one system are refused") {
    const auto all = Folder()
                         .with("company.yaml", kCompany)
                         .with("one.yaml", kIntegration)
                         .with("two.yaml", kIntegration)
                         .read();
    REQUIRE(all.problems.size() == 1);
    CHECK(all.problems[0].message.find("has the id of another element at") != std::string::npos);
}

TEST_CASE("a purpose that is its own ancestor is refused") {
    const std::string company =
        kCompany + "  own_purposes:\n    - {code: A, parent: B}\n    - {code: B, parent: A}\n";
    const auto all = Folder().with("company.yaml", company).read();
    REQUIRE_FALSE(all.problems.empty());
    CHECK(all.problems[0].message.find("its own ancestor") != std::string::npos);
}

TEST_CASE("a folder without a company says how to make one") {
    CHECK(Folder().read().problems.at(0).message.find("concordat init") != std::string::npos);
}

TEST_CASE("a missing member, a wrong word and a wrong type are all reported at once") {
    const std::string problems = problemsOf(
        "kind: integration\nsystem: Crm One\nconnector: sellsy\ncontroller: lyon\nconnection: {}\n"
        "policies: {isolation: thread, poll_interval: 5}\nslots: []\n");
    CHECK(problems.find("'system' must be a short name") != std::string::npos);
    CHECK(problems.find("'isolation' must be one of: process, inproc") != std::string::npos);
    CHECK(problems.find("'poll_interval' must be a duration") != std::string::npos);
    CHECK(problems.find("no slot is mapped") != std::string::npos);
}

TEST_CASE("the policy's version changes with what the answers depend on") {
    const auto one = Folder().with("company.yaml", kCompany).read();
    const auto two = Folder()
                         .with("company.yaml",
                               replaced(kCompany, "id: lyon", "id: lyon, spread: group, group: g"))
                         .read();
    CHECK(policyOf(one).version != policyOf(two).version);
}
