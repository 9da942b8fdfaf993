// SPDX-License-Identifier: Apache-2.0
// concordat-simulate: searches for histories that break a promise.

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <Poco/Exception.h>
#include <Poco/Logger.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "tests/simulation/shrink.h"

namespace {

using namespace concordat::simulation;

struct Options {
    std::uint64_t seed = 0;
    std::string seeds;
    std::string file;
    double hours = 6;
    bool swarm = false;
    bool json = false;
    bool keepGoing = false;
    int fresh = 0;
    std::uint64_t first = 0;
    int atMost = 0;
    int shrinkRuns = 300;
    int repeat = 50;
    bool history = false;
};

struct Totals {
    int seeds = 0, failed = 0, repeated = 0;
    double hours = 0;
    long long events = 0, writes = 0, deaths = 0, checks = 0, commits = 0;
};

double cpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Search {
 public:
    explicit Search(const Options& options) : options_(options), keyFile_(makeKeyFile()) {}

    Result run(const Scenario& scenario) {
        // A vault of its own: what another run had drawn of its chance would change this one.
        const concordat::store::Vault vault(keyFile_);
        return Simulation(scenario, folder_.fresh(), vault).run();
    }

    /// False if the seed broke something.
    bool seed(std::uint64_t number, double hours, bool swarm) {
        const auto scenario = draw(number, hours, swarm);
        const auto result = run(scenario);
        ++totals_.seeds;
        totals_.hours += result.hours;
        totals_.events += result.events;
        totals_.writes += result.writes;
        totals_.deaths += result.deaths;
        totals_.checks += result.checks;
        totals_.commits += result.commits;
        bool isSame = true;
        if (!result.violation && options_.repeat > 0 && totals_.seeds % options_.repeat == 1) {
            ++totals_.repeated;
            isSame = run(scenario).trace == result.trace;
        }
        if (!result.violation && isSame) return true;
        ++totals_.failed;
        if (isSame) {
            report(scenario, *result.violation);
        } else {
            say(number, {{"rule", "invariant 10: same seed, other trace"}},
                "seed " + std::to_string(number) + ": invariant 10: same seed, other trace");
        }
        return false;
    }

    void sum(double wallSeconds) const {
        const auto cpu = cpuSeconds();
        const auto perMinute = cpu > 0 ? totals_.hours / cpu * 60 : 0;
        if (options_.json) {
            std::cout << nlohmann::json{{"seeds", totals_.seeds},        {"failed", totals_.failed},
                                        {"repeated", totals_.repeated},  {"hours", totals_.hours},
                                        {"hours_per_minute", perMinute}, {"cpu_seconds", cpu},
                                        {"seconds", wallSeconds},        {"events", totals_.events},
                                        {"writes", totals_.writes},      {"deaths", totals_.deaths},
                                        {"commits", totals_.commits},    {"checks", totals_.checks}}
                             .dump()
                      << "\n";
            return;
        }
        std::printf(
            "%d seeds, %d failed, %d run twice; %.0f hours simulated, %.0f per minute of CPU; %lld "
            "events, %lld writes, %lld commits, %lld deaths, %lld answers judged\n",
            totals_.seeds, totals_.failed, totals_.repeated, totals_.hours, perMinute,
            totals_.events, totals_.writes, totals_.commits, totals_.deaths, totals_.checks);
    }

 private:
    std::string makeKeyFile() {
        const auto path = folder_.path() + "/key";
        useFixedChance(7);
        concordat::store::Vault::createKeyFile(path);
        return path;
    }

    void say(std::uint64_t seed, nlohmann::json json, const std::string& text) const {
        json["seed"] = seed;
        json["hours"] = options_.hours;
        json["swarm"] = options_.swarm;
        std::cout << (options_.json ? json.dump() : text) << std::endl;
    }

    void report(const Scenario& scenario, const Violation& violation) {
        auto shortest = scenario;
        if (options_.shrinkRuns > 0)
            shortest = shrink(
                scenario, violation, [this](const Scenario& one) { return run(one); },
                options_.shrinkRuns);
        const auto result = run(shortest);
        const auto& found = result.violation ? *result.violation : violation;
        std::ostringstream text;
        text << "seed " << scenario.seed << " (" << scenario.hours << " hours): " << found.rule
             << "\n  " << found.text << "\n";
        auto acts = nlohmann::json::array();
        auto history = nlohmann::json::array();
        if (options_.shrinkRuns > 0)
            text << "  shortest trace (" << shortest.acts.size() << " of " << scenario.acts.size()
                 << " acts):\n";
        for (const auto& act : shortest.acts) {
            acts.push_back(toString(act));
            if (options_.shrinkRuns > 0) text << "    " << toString(act) << "\n";
        }
        if (options_.history || options_.shrinkRuns > 0) text << "  history of the subject:\n";
        for (const auto& line : result.history) {
            history.push_back(line);
            if (options_.history || options_.shrinkRuns > 0) text << "    " << line << "\n";
        }
        say(scenario.seed,
            {{"rule", found.rule}, {"text", found.text}, {"acts", acts}, {"history", history}},
            text.str());
    }

    const Options& options_;
    Folder folder_;
    std::string keyFile_;
    Totals totals_;
};

/// "12 6 swarm # why": seed, hours, and whether it was drawn by swarm.
struct Line {
    std::uint64_t seed = 0;
    double hours = 6;
    bool swarm = false;
};

std::vector<Line> linesOf(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("The file of seeds '" + path + "' cannot be read.");
    std::vector<Line> lines;
    for (std::string text; std::getline(file, text);) {
        std::istringstream words(text.substr(0, text.find('#')));
        Line line;
        std::string swarm;
        if (!(words >> line.seed >> line.hours)) continue;
        line.swarm = static_cast<bool>(words >> swarm) && swarm == "swarm";
        lines.push_back(line);
    }
    return lines;
}

int search(const Options& options) {
    Search search(options);
    const auto start = std::chrono::steady_clock::now();
    const auto elapsed = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    int failed = 0;
    const auto goesOn = [&] { return failed <= options.atMost || options.keepGoing; };
    const auto seek = [&](std::uint64_t seed, double hours, bool swarm) {
        if (!search.seed(seed, hours, swarm)) ++failed;
    };
    if (!options.file.empty())
        for (const auto& line : linesOf(options.file))
            if (goesOn()) seek(line.seed, line.hours, line.swarm);
    auto from = options.seed;
    auto to = options.seed;
    if (const auto dots = options.seeds.find(".."); dots != std::string::npos) {
        from = std::stoull(options.seeds.substr(0, dots));
        to = std::stoull(options.seeds.substr(dots + 2));
    }
    if (!options.seeds.empty() || options.seed > 0)
        for (auto seed = from; seed <= to && goesOn(); ++seed)
            seek(seed, options.hours, options.swarm);
    if (options.fresh > 0) {
        const auto clock = std::chrono::system_clock::now().time_since_epoch();
        auto seed = options.first > 0 ? options.first
                                      : static_cast<std::uint64_t>(clock / std::chrono::seconds(1));
        if (!options.json) std::cout << "fresh seeds from " << seed << std::endl;
        const auto end = elapsed() + options.fresh;
        for (; elapsed() < end && goesOn(); ++seed) seek(seed, options.hours, options.swarm);
    }
    search.sum(elapsed());
    return failed <= options.atMost ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
    Options options;
    CLI::App app("Searches for histories that break one of Concordat's promises");
    app.add_option("--seed", options.seed, "one seed");
    app.add_option("--seeds", options.seeds, "A..B: all seeds from A to B");
    app.add_option("--file", options.file, "seeds that once failed: SEED HOURS [swarm] # why");
    app.add_option("--hours", options.hours, "hours of acts and faults for each seed");
    app.add_option("--fresh", options.fresh, "seconds to spend on seeds nobody has tried");
    app.add_option("--first", options.first, "the first of --fresh; else drawn from the clock");
    app.add_flag("--swarm", options.swarm, "each seed draws which faults and acts are on");
    app.add_flag("--json", options.json, "one JSON object for each line");
    app.add_option("--at-most", options.atMost, "failures that are not one too many");
    app.add_flag("--keep-going", options.keepGoing, "do not stop at the first failure");
    app.add_flag("--history", options.history,
                 "print the subject's history also without shrinking");
    app.add_option("--shrink", options.shrinkRuns, "runs to spend on the shortest trace; 0: none");
    app.add_option("--repeat", options.repeat, "one seed of so many is run twice; 0: none");
    CLI11_PARSE(app, count, words);
    Poco::Logger::root().setLevel(0);
    try {
        return search(options);
    } catch (const Poco::Exception& error) {
        std::cerr << error.displayText() << "\n";
        return 2;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 2;
    }
}
