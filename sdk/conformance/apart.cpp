// SPDX-License-Identifier: Apache-2.0
// One conversation through both transports.
#include "sdk/conformance/checks.h"
#include "sdk/conformance/steps.h"

namespace concordat::sdk::conformance {
namespace {

template <class Request>
Question questionOf(std::string_view method, const Request& request) {
    return {std::string(method), encode(request).json};
}

std::vector<Question> conversation(const Scenario& scenario) {
    const Identifier nobody{scenario.address.kind, "nobody'\\\"%\u00e9@example.invalid", ""};
    return {questionOf(method::kCheck, Nothing{}),
            questionOf(method::kPull, PullRequest{"", 2}),
            questionOf(method::kPull, PullRequest{"no cursor of this connector", 0}),
            questionOf(method::kRead, ReadCall{{scenario.known, scenario.unknown}}),
            questionOf(method::kFind, FindCall{{scenario.address, nobody}}),
            questionOf(method::kApply, ApplyCall{{writeOf(scenario.known, scenario.slot, false),
                                                  writeOf(scenario.unknown, scenario.slot, false),
                                                  writeOf(scenario.known, "no such slot", true)}}),
            questionOf(method::kHealth, Nothing{})};
}

struct Exchanged {
    std::string request;
    HttpReply reply;
};

std::string textOf(const HttpRequest& request) {
    const auto encoded = encode(request);
    std::string text = encoded.json;
    for (const auto& each : encoded.attachments) text += " + " + std::string(each);
    return text;
}

}  // namespace

void isTheSameApart(const Scenario& scenario) {
    if (!scenario.apart) throw NotRun("`concordat test` does, which has processes; or fill apart");
    writeAll(scenario, {scenario.known}, true);
    const auto questions = conversation(scenario);
    const EpochMs now = scenario.stage.now ? scenario.stage.now() : 1'700'000'000'000;
    std::vector<Exchanged> exchanged;
    auto within = scenario;
    within.stage.now = [now] { return now; };
    within.vendor = [&](const HttpRequest& request) {
        exchanged.push_back({textOf(request), scenario.vendor(request)});
        return exchanged.back().reply;
    };
    std::vector<RawReply> replies;
    {
        Caller caller(within);
        for (const auto& question : questions)
            replies.push_back(caller.raw(question.method, {question.json, {}}));
    }
    std::size_t next = 0;
    bool same = true;
    const auto apart = scenario.apart(
        scenario.settingsJson, questions,
        [&](const HttpRequest& request) {
            same = same && next < exchanged.size() && exchanged[next].request == textOf(request);
            return same ? exchanged[next++].reply : HttpReply{.error = "another request"};
        },
        now);
    require(same && next == exchanged.size(), "in a process of its own it sends other requests");
    require(apart.size() == replies.size(), "in a process of its own it does not answer each call");
    for (std::size_t i = 0; i < replies.size(); ++i)
        require(apart[i].status == replies[i].status && apart[i].json == replies[i].json &&
                    apart[i].attachments == replies[i].attachments,
                "in a process of its own it answers " + questions[i].method + " otherwise");
}

}  // namespace concordat::sdk::conformance
