// SPDX-License-Identifier: Apache-2.0
#include "hub/app/settings.h"

#include <cstdlib>
#include <fstream>

#include <Poco/TemporaryFile.h>

#include "hub/consent/error.h"
#include "tests/support/check.h"

using namespace concordat;
using app::Settings;

namespace {

/// A settings file that goes away with the test.
class File {
 public:
    explicit File(const std::string& text) { std::ofstream(file_.path()) << text; }
    std::string path() const { return file_.path(); }

 private:
    Poco::TemporaryFile file_;
};

std::string refusal(const std::string& text, const std::map<std::string, std::string>& flags = {}) {
    try {
        Settings::load(File(text).path(), flags);
    } catch (const ConfigError& error) {
        return error.message();
    }
    return "";
}

}  // namespace

TEST_CASE(
    "a flag wins over the environment, the environment over the file, the file over the default") {
    const File file("listen.port: 1\nnode: file\n");
    CHECK(Settings::load(file.path(), {}).number("listen.port") == 1);
    setenv("CONCORDAT_LISTEN_PORT", "2", 1);
    CHECK(Settings::load(file.path(), {}).number("listen.port") == 2);
    const Settings settings = Settings::load(file.path(), {{"listen.port", "3"}});
    unsetenv("CONCORDAT_LISTEN_PORT");
    CHECK(settings.number("listen.port") == 3);
    CHECK(settings.all().at("listen.port").origin == "flag");
    CHECK(settings.all().at("node").origin == "file");
    CHECK(settings.all().at("sync.lease").origin == "default");
}

TEST_CASE("nested and dotted keys are the same setting") {
    CHECK(Settings::load(File("listen:\n  port: 7\n").path(), {}).number("listen.port") == 7);
}

TEST_CASE("an unknown setting stops the start with the place and the nearest name") {
    const std::string message = refusal("listen:\n  prt: 7\n");
    CHECK(message.find(":2:8: unknown setting 'listen.prt'") != std::string::npos);
    CHECK(message.find("did you mean 'listen.port'?") != std::string::npos);
}

TEST_CASE("a value of the wrong type is named with what it must be") {
    CHECK(refusal("listen.port: many\n").find("must be a whole number") != std::string::npos);
    CHECK(refusal("sync.lease: 60\n").find("must be a duration") != std::string::npos);
}

TEST_CASE("a secret written out is refused and not repeated") {
    const std::string message = refusal("alerts.mail.password: hunter2\n");
    CHECK(message.find("must be a reference, env:NAME or file:/path") != std::string::npos);
    CHECK(message.find("hunter2") == std::string::npos);
}

TEST_CASE("a relative path belongs to the folder of the settings file") {
    const File file("store.path: data/x.db\n");
    const Settings settings = Settings::load(file.path(), {});
    CHECK(settings.path("store.path") == settings.folder() + "/data/x.db");
}

TEST_CASE("a secret comes from the environment or a file, without its line end") {
    setenv("CONCORDAT_TEST_SECRET", "s3cret", 1);
    CHECK(app::resolveSecret("env:CONCORDAT_TEST_SECRET", "x") == "s3cret");
    unsetenv("CONCORDAT_TEST_SECRET");
    CHECK(app::resolveSecret("file:" + File("s3cret\n").path(), "x") == "s3cret");
    CHECK_THROWS_AS(app::resolveSecret("env:CONCORDAT_TEST_SECRET", "x"), ConfigError);
    CHECK_THROWS_AS(app::resolveSecret("file:/nowhere/at/all", "x"), ConfigError);
}
