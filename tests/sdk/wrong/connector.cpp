// SPDX-License-Identifier: Apache-2.0
// The sample with one mistake, named by the setting "mistake": what the conformance kit is for.
#include <algorithm>
#include <functional>
#include <iostream>

#include "sdk/concordat/tree.h"
#include "tests/sdk/sample/sample.h"

namespace concordat::sample {
namespace {

using namespace sdk;
using nlohmann::json;

/// The hub, with the mistakes that lie between the connector and its answers.
class WrongHost : public Host {
 public:
    WrongHost(Host& host, std::string mistake) : host_(host), mistake_(std::move(mistake)) {}

    using Host::http;
    std::vector<HttpReply> http(const std::vector<HttpRequest>& requests) override {
        auto sent = requests;
        if (mistake_ == "writes without a tag")
            for (auto& request : sent) request.headers.erase("x-client");
        auto replies = send(sent);
        for (auto& reply : replies) {
            if (mistake_ == "quotes the vendor's words" && reply.status == 400)
                throw CallError("the vendor says " + reply.body);
            if (mistake_ == "reads at most 64 KiB" && reply.body.size() > 65'536)
                reply.body.resize(65'536);
            if (mistake_ == "takes a refusal for absence" && reply.kind == HttpClass::Auth)
                reply = {.kind = HttpClass::Ok, .status = 200, .body = R"({"contacts":[]})"};
            if (mistake_ == "takes any page for an empty list" && reply.status == 200 &&
                reply.body.starts_with("<"))
                reply.body = R"({"contacts":[]})";
        }
        return replies;
    }
    EpochMs now() override { return host_.now(); }
    std::uint64_t random() override { return host_.random(); }
    void log(const std::string& level, const std::string& text) override { host_.log(level, text); }
    void progress(const std::string& what, double share) override { host_.progress(what, share); }

 private:
    std::vector<HttpReply> send(const std::vector<HttpRequest>& requests) {
        if (mistake_ == "signs in itself") host_.http({.url = "https://api.sample.example/token"});
        if (mistake_ != "sends one by one") return host_.http(requests);
        std::vector<HttpReply> replies;
        for (const auto& request : requests) replies.push_back(host_.http(request));
        return replies;
    }

    Host& host_;
    std::string mistake_;
};

class Wrong : public Connector {
 public:
    Wrong(Host& host, const json& settings)
        : host_(host),
          mistake_(textOf(member(settings, "mistake"))),
          wrongHost_(host, mistake_),
          sample_(wrongHost_, checked(settings)) {}
    static Description description() { return Sample::description(); }

    Check check() override {
        auto check = sample_.check();
        if (makes("calls every probe good"))
            for (auto& probe : check.probes) probe.state = ProbeState::Pass;
        return check;
    }

    Page pull(const PullRequest& request) override {
        if (makes("goes on when cancelled")) insist();
        auto page = sample_.pull(request);
        auto tree = json::parse(page.cursor);
        auto& progress = tree.at("objects").at("Contact");
        if (makes("walks by time alone") && progress.contains("round"))
            progress["round"]["since"] = progress["round"]["since"].get<EpochMs>() + 1;
        if (makes("begins at the newest row") && !page.more) {
            auto newest = nearOf(request.cursor);
            for (const auto& seen : page.observations) newest = std::max(newest, seen.version);
            progress["near"] = progress["safe"] = newest;
        }
        if (makes("trusts its own clock") && !page.more) progress["near"] = host_.now() + 2'000;
        if (makes("is limited at the end") && page.waitMs > 0) page.waitMs = 0;
        if (makes("moves on when limited") && page.waitMs > 0) return {.cursor = "{}"};
        late(page.observations);
        fade(page.observations);
        if (makes("pulls only what lives"))
            std::erase_if(page.observations, [](const auto& seen) { return seen.deleted; });
        page.cursor = tree.dump();
        return page;
    }

    ReadReply read(const std::vector<RecordRef>& records) override {
        if (makes("reads one by one")) return readEach(records);
        if (!makes("takes trouble for absence")) {
            auto reply = sample_.read(records);
            late(reply.observations);
            fade(reply.observations);
            static int calls = 0;
            if (makes("remembers in a static variable"))
                for (auto& seen : reply.observations) seen.actor = std::to_string(++calls);
            return reply;
        }
        try {
            return sample_.read(records);
        } catch (const CallError&) {
            return {.missing = records};
        }
    }

    FindReply find(const std::vector<Identifier>& identifiers) override {
        if (makes("prints")) std::cout << "searching\n";
        if (makes("logs what it searches"))
            host_.log("info", "looking for " + identifiers[0].value);
        return sample_.find(identifiers);
    }

    ApplyReply apply(const std::vector<ApplyItem>& items) override {
        auto reply = sample_.apply(items);
        for (auto& outcome : reply.outcomes) {
            if (makes("calls trouble a refusal") && outcome.kind == OutcomeKind::Retry)
                outcome.kind = OutcomeKind::Rejected;
            if (makes("asks again at once")) outcome.retryAfterMs = 0;
            if (makes("calls what is unknown undone") && outcome.kind == OutcomeKind::Unknown)
                outcome.kind = OutcomeKind::Retry;
            if (makes("calls what is unknown done") && outcome.kind == OutcomeKind::Unknown)
                outcome.kind = OutcomeKind::Applied;
            if (makes("writes to the dead") && outcome.kind == OutcomeKind::NotFound)
                outcome.kind = OutcomeKind::Applied;
            if (makes("calls a locked row done") && outcome.kind == OutcomeKind::Retry)
                outcome.kind = OutcomeKind::Applied;
        }
        if (makes("drops what failed"))
            std::erase_if(reply.outcomes, [](const Outcome& outcome) {
                return outcome.kind != OutcomeKind::Applied;
            });
        return reply;
    }

 private:
    bool makes(const char* mistake) const { return mistake_ == mistake; }

    static EpochMs nearOf(const std::string& cursor) {
        if (cursor.empty()) return 0;
        return json::parse(cursor).at("objects").at("Contact").at("near").get<EpochMs>();
    }
    static const json& checked(const json& settings) {
        if (textOf(member(settings, "mistake")) == "hides the setting" &&
            !member(settings, "address").is_string() && !member(settings, "address").is_null())
            throw CallError("the settings are wrong");
        return settings;
    }
    void late(std::vector<Observation>& observations) {
        if (makes("looks at the clock afterwards"))
            for (auto& seen : observations) seen.askedAt = host_.now();
    }
    void fade(std::vector<Observation>& observations) {
        for (auto& seen : observations) {
            if (makes("shows the dead")) seen.deleted = false;
            if (makes("forgets where they live on")) seen.mergedInto.reset();
            if (makes("names another origin")) seen.origin = "somebody";
        }
    }
    void insist() {
        for (int i = 0; i < 5; ++i) {
            try {
                host_.http({.url = "https://api.sample.example/me"});
            } catch (const Cancelled&) {
                continue;
            }
        }
    }
    ReadReply readEach(const std::vector<RecordRef>& records) {
        ReadReply all;
        for (const auto& record : records) {
            auto one = sample_.read({record});
            for (auto& seen : one.observations) all.observations.push_back(std::move(seen));
            for (auto& each : one.missing) all.missing.push_back(std::move(each));
        }
        return all;
    }

    Host& host_;
    std::string mistake_;
    WrongHost wrongHost_;
    Sample sample_;
};

}  // namespace
}  // namespace concordat::sample

using concordat::sample::Wrong;
CONCORDAT_CONNECTOR(Wrong)
