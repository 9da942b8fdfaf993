// SPDX-License-Identifier: Apache-2.0
// What rules, sync and store cost by themselves, without servers and vendors. One JSON object.
#include <algorithm>
#include <iostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tests/bench/commits.h"
#include "tests/bench/figures.h"
#include "tests/bench/folder.h"
#include "tests/bench/one_change.h"
#include "tests/consent/histories.h"

using namespace concordat;
using namespace concordat::bench;

namespace {

/// Microseconds for the answer of one key with 20 events: yes and no in turn.
double effectiveUs() {
    const auto policy = tests::policy();
    consent::History history;
    history.subject = "ana";
    for (int i = 0; i < 20; ++i) {
        const auto at = tests::kNow - (20 - i) * tests::kHour;
        const std::string id = "E" + std::to_string(100 + i);
        history.events.push_back(i % 2 == 0 ? tests::declaredGrant(id, at)
                                            : tests::event(consent::Decision::Withdrawn, id, at));
    }
    constexpr int kTimes = 20'000;
    std::int64_t sum = 0;
    const double before = processorSeconds();
    for (int i = 0; i < kTimes; ++i)
        sum += consent::effective(history, tests::kNewsEmail, policy, tests::kNow + i).rule;
    const double took = processorSeconds() - before;
    if (sum == 0) throw std::logic_error("no rule answered");
    return took / kTimes * 1e6;
}

/// Makes `targets` subjects with one target each, every tenth of them due.
void fill(store::Store& store, long targets) {
    constexpr long kPerUnit = 5'000;
    for (long done = 0; done < targets; done += kPerUnit)
        store.write([&](store::Writer& writer) {
            for (long n = done; n < std::min(targets, done + kPerUnit); ++n) {
                store::Target target;
                target.subject = writer.newSubject(1 + n);
                target.system = "sellsy";
                target.generation = 1;
                target.tightening = n % 20 == 0;
                target.dueAt = n % 10 == 0 ? 1 + n : 0;
                target.changedAt = 1 + n;
                writer.put(target);
            }
        });
}

/// Claims 1,000 due targets, durable.
void claim(store::Store& store) {
    std::size_t claimed = 0;
    store.write([&](store::Writer& writer) {
        claimed = writer.claimDue("sellsy", "bench", 1LL << 40, (1LL << 40) + 60'000, 1'000).size();
    });
    if (claimed != 1'000) throw std::logic_error("fewer targets than due were claimed");
}

template <class Measure>
nlohmann::json five(const Measure& measure) {
    std::vector<double> values;
    for (int i = 0; i < 5; ++i) values.push_back(measure());
    return median(values);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Speed of rules, sync and store; prints one JSON object of medians of 5."};
    std::string folder;
    long targets = 100'000;
    std::vector<std::string> only{"rules", "change", "claim", "commit"};
    app.add_option("--folder", folder, "empty folder for the stores")->required();
    app.add_option("--only", only, "some of rules, change, claim, commit");
    app.add_option("--targets", targets, "in the store from which due ones are claimed");
    CLI11_PARSE(app, argc, argv);
    const auto isAsked = [&](const char* part) {
        return std::find(only.begin(), only.end(), part) != only.end();
    };
    try {
        nlohmann::json figures;
        if (isAsked("rules")) figures["effective_us"] = five(effectiveUs);
        if (isAsked("change")) {
            StoreFolder of(folder + "/change");
            ChangeBench changes(of.store());
            figures["first_sight_us"] = changes.firstSightUs();
            figures["change_us"] = five([&] { return changes.run(); });
            figures["change_with_commit_us"] = changes.wholeUs();
        }
        if (isAsked("claim")) {
            StoreFolder of(folder + "/claim");
            fill(of.store(), targets);
            std::vector<double> whole, processor;
            for (int i = 0; i < 5; ++i) {
                const auto start = Clock::now();
                const double before = processorSeconds();
                claim(of.store());
                whole.push_back(seconds(start) * 1e3);
                processor.push_back((processorSeconds() - before) * 1e3);
            }
            figures["claim_ms"] = median(whole);
            figures["claim_processor_ms"] = median(processor);
        }
        if (isAsked("commit")) {
            StoreFolder of(folder + "/commit");
            std::vector<double> ours, bare;
            for (int i = 0; i < 5; ++i) {
                ours.push_back(storeRows(of.store()));
                bare.push_back(bareRows(folder + "/bare.db"));
            }
            figures["commit_rows"] = median(ours);
            figures["bare_rows"] = median(bare);
            figures["fsyncs"] = five([&] { return fsyncs(folder + "/fsync"); });
        }
        std::cout << figures.dump() << '\n';
    } catch (const std::exception& error) {
        std::cerr << "bench_core: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
