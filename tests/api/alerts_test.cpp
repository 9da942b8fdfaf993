// SPDX-License-Identifier: Apache-2.0
#include "hub/api/alerts.h"

#include <future>

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include "tests/api/stage.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::api;
using namespace concordat::api::test;

namespace {

struct Watched {
    store::Scratch scratch;
    std::unique_ptr<store::SqliteStore> store = scratch.open();

    void begin(const std::string& name) {
        store->write([&](store::Writer& writer) {
            writer.add(store::Incident{"", "breaker", name, "00someone", 1'767'225'600'000, 0,
                                       name + " does not answer", name});
        });
    }
    void end(const std::string& name) {
        store->write([&](store::Writer& writer) { writer.resolveIncidents(name, 2'000); });
    }
};

/// A sink that keeps its messages. No Alerts thread runs: sinks are given one look at a time.
struct Told {
    std::vector<std::string> subjects;
    bool isDown = false;

    std::vector<AlertSink> sinks() {
        return {{"test", [this](const Alert& alert) {
                     if (isDown) return false;
                     subjects.push_back(subjectOf(alert));
                     return true;
                 }}};
    }
};

using Texts = std::vector<std::string>;

/// A mail server that takes one message; what it was told comes out.
class MailServer {
 public:
    MailServer() : socket_(Poco::Net::SocketAddress("127.0.0.1", 0)) {
        said_ = std::async(std::launch::async, [this] { return serve(); });
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(socket_.address().port()); }
    std::string said() { return said_.get(); }

 private:
    std::string serve() {
        auto peer = socket_.acceptConnection();
        peer.setReceiveTimeout(Poco::Timespan(30, 0));
        std::string all;
        bool isData = false;
        say(peer, "220 test");
        for (std::string line; receive(peer, line); all += line + "\n") {
            if (isData) {
                isData = line != ".";
                if (!isData) say(peer, "250 taken");
            } else if (line == "DATA") {
                isData = true;
                say(peer, "354 go on");
            } else if (line == "QUIT") {
                say(peer, "221 bye");
                break;
            } else {
                say(peer, line == "STARTTLS" ? "502 no" : "250 ok");
            }
        }
        return all;
    }

    static void say(Poco::Net::StreamSocket& peer, const std::string& line) {
        const std::string text = line + "\r\n";
        peer.sendBytes(text.data(), static_cast<int>(text.size()));
    }

    static bool receive(Poco::Net::StreamSocket& peer, std::string& line) {
        line.clear();
        for (char one = 0; peer.receiveBytes(&one, 1) == 1;) {
            if (one == '\n') return true;
            if (one != '\r') line += one;
        }
        return false;
    }

    Poco::Net::ServerSocket socket_;
    std::future<std::string> said_;
};

}  // namespace

TEST_CASE("an incident is told once when it begins and once when it ends") {
    Watched watched;
    Told told;
    watched.begin("sellsy");
    Alerts alerts(*watched.store, told.sinks());
    alerts.look();
    alerts.look();
    watched.end("sellsy");
    watched.begin("eudonet");
    alerts.look();
    alerts.look();
    CHECK(told.subjects == Texts{"[concordat] breaker in sellsy", "[concordat] breaker in eudonet",
                                 "[concordat] resolved: breaker in sellsy"});
}

TEST_CASE("an incident that came and went between two looks is told twice all the same") {
    Watched watched;
    Told told;
    Alerts alerts(*watched.store, told.sinks());
    watched.begin("first");
    alerts.look();
    watched.begin("short");
    watched.end("short");
    alerts.look();
    CHECK(told.subjects == Texts{"[concordat] breaker in first", "[concordat] breaker in short",
                                 "[concordat] resolved: breaker in short"});
}

TEST_CASE("what was told is remembered over a restart, what was not is told then") {
    Watched watched;
    Told told;
    watched.begin("sellsy");
    { Alerts(*watched.store, told.sinks()).look(); }
    told.isDown = true;
    watched.begin("eudonet");
    { CHECK_FALSE(Alerts(*watched.store, told.sinks()).look()); }
    told.isDown = false;
    { CHECK(Alerts(*watched.store, told.sinks()).look()); }
    CHECK(told.subjects ==
          Texts{"[concordat] breaker in sellsy", "[concordat] breaker in eudonet"});
}

TEST_CASE("old incidents that ended before alerts were set up are not told") {
    Watched watched;
    Told told;
    watched.begin("old");
    watched.end("old");
    watched.begin("open");
    Alerts(*watched.store, told.sinks()).look();
    CHECK(told.subjects == Texts{"[concordat] breaker in open"});
}

TEST_CASE("the JSON of an alert names the incident and nobody") {
    Watched watched;
    std::vector<std::string> posted;
    watched.begin("sellsy");
    AlertOptions options;
    options.webhook = true;
    Alerts(*watched.store, options, [&](const std::string& json) {
        posted.push_back(json);
        return true;
    }).look();
    REQUIRE(posted.size() == 1);
    const Json alert = Json::parse(posted.front());
    CHECK(alert.value("state", "") == "open");
    CHECK(alert.value("text", "") == "sellsy does not answer");
    CHECK(posted.front().find("00someone") == std::string::npos);
}

TEST_CASE("a mail says which incident, since when, to everybody who is to know") {
    MailServer server;
    AlertOptions options;
    options.mailServer = server.address();
    options.mailFrom = "hub@example.org";
    options.mailTo = "dpo@example.org, it@example.org";
    store::Incident incident{
        "01K", "breaker", "sellsy", "00someone", 1'767'225'600'000, 0, "sellsy does not answer",
        "x"};
    CHECK(mailSink(options).send({incident, false}));
    const std::string mail = server.said();
    for (const std::string part :
         {"MAIL FROM: <hub@example.org>", "RCPT TO: <dpo@example.org>", "RCPT TO: <it@example.org>",
          "Subject: [concordat] breaker in sellsy", "sellsy does not answer",
          "since 2026-01-01T00:00:00Z"}) {
        INFO(part);
        CHECK(mail.find(part) != std::string::npos);
    }
    CHECK(mail.find("00someone") == std::string::npos);
}

TEST_CASE("mail settings that cannot be used stop the start with one sentence") {
    AlertOptions options;
    options.mailServer = "smtp.example.org";
    CHECK_THROWS_AS(mailSink(options), ConfigError);
    options.mailServer = "smtp.example.org:587";
    CHECK_THROWS_AS(mailSink(options), ConfigError);
}
