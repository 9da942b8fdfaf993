// SPDX-License-Identifier: Apache-2.0
// `concordat connect` for a system that a person must let the hub into.
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/e2e/harness.h"
#include "tests/support/check.h"

using namespace concordat::e2e;
using Json = nlohmann::json;

namespace {

/// A company whose Sellsy is a private access: a person signs in there with a code.
CompanyOptions personSignsIn() {
    CompanyOptions options;
    options.people = 20;
    options.open = false;
    // Where the vendor is told to send browsers; the test takes them to the port that is free.
    options.environment = {{"CONCORDAT_LISTEN_PUBLIC_URL", "http://hub.example"}};
    options.manifests = {
        {"  auth: oauth2_client_credentials\n  settings:\n    base_url",
         "  auth: oauth2_authorization_code\n  settings:\n    client_id: demo-client\n    "
         "base_url"},
        {"    client_id: env:DEMO_SELLSY_ID\n    client_secret: env:DEMO_SELLSY_SECRET\n", ""}};
    return options;
}

/// The command under test, with what it said.
class Dialogue {
 public:
    Dialogue(const Company& company, const std::string& input)
        : out_(company.home() + "/connect.out"), program_(programOf(company, input)) {}

    /// The address it asks a person to open.
    std::string address() {
        std::string text;
        eventually([&] {
            text = textOf(out_);
            return text.find("Then wait") != std::string::npos || !program_.runs();
        });
        const auto at = text.find("http");
        INFO(text);
        REQUIRE(at != std::string::npos);
        return text.substr(at, text.find('\n', at) - at);
    }
    std::string said() const { return textOf(out_); }
    std::optional<int> end() { return program_.end(kPatience); }

 private:
    Program programOf(const Company& company, const std::string& input) const {
        Program program = hubProgram(company.home(), {});
        const std::string from = input.empty() ? "/dev/null" : input;
        program.arguments = {"-c", "exec \"$0\" connect sellsy --rehearse --config \"$1\" < \"$2\"",
                             program.path, company.configuration(), from};
        program.path = "/bin/sh";
        program.out = out_;
        return program;
    }

    std::string out_;
    Child program_;
};

/// Where the vendor sends a browser that opens the address.
std::string redirectOf(const Simulator& sellsy, const std::string& address) {
    const auto path = address.substr(sellsy.address().size());
    const auto answer = Talk(sellsy.port()).send("GET", path, "");
    REQUIRE(answer.status == 302);
    return answer.location;
}

std::string standing(const Company& company) {
    return company.ask("/v1/systems/sellsy").at("authorization");
}

}  // namespace

TEST_CASE("connect shows where to sign in, and goes on when the vendor sent the browser back") {
    Company company(personSignsIn());
    CHECK(standing(company) == "missing");
    CHECK(company.ask("/v1/systems/salesforce").at("authorization") == "none");
    Dialogue connect(company, "");
    const auto address = connect.address();
    CHECK(standing(company) == "pending");
    const auto redirect = redirectOf(company.at("sellsy"), address);
    const auto answer = company.api().get(redirect.substr(redirect.find("/oauth/callback")));
    CHECK(answer.body == "The hub is signed in for sellsy. You may close this page.\n");
    CHECK(connect.end() == 0);
    CHECK_THAT(connect.said(),
               Catch::Contains("The hub is signed in at sellsy.") && Catch::Contains("WOULD DENY"));
    CHECK(standing(company) == "present");
}

TEST_CASE("connect takes the address of the last page where it cannot be reached") {
    Company company(personSignsIn());
    const std::string pipe = company.home() + "/typed";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    // Open for both, so that neither side waits for the other.
    const int keyboard = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(keyboard >= 0);
    Dialogue connect(company, pipe);
    const auto page = redirectOf(company.at("sellsy"), connect.address()) + "\n";
    CHECK(::write(keyboard, page.data(), page.size()) == static_cast<ssize_t>(page.size()));
    CHECK(connect.end() == 0);
    CHECK_THAT(connect.said(), Catch::Contains("The hub is signed in at sellsy."));
    ::close(keyboard);
}
