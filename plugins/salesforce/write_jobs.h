// SPDX-License-Identifier: Apache-2.0
#pragma once
// Many refusals at once, by an ingest job of the Bulk API 2.0. A job takes no conditions, so
// nothing that loosens goes this way. A job that was not closed writes nothing: whatever goes wrong
// before that, the rows go by collections.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugins/salesforce/apply.h"
#include "plugins/salesforce/link.h"

namespace concordat::plugins::salesforce {

/// [call] Borrows all three. What it remembers of a job only saves calls; the job is the truth.
class WriteJobs {
 public:
    WriteJobs(sdk::Host& host, const Settings& settings, Link& link)
        : host_(host), settings_(settings), link_(link) {}

    /// Gives what of each type is enough to a job, with Pending for each; the rest comes back.
    /// All must refuse, and be whole in themselves. Throws Cancelled while nothing is written.
    std::vector<Writing> take(std::vector<Writing> refusals, Outcomes& outcomes);
    /// What became of the record that a Pending's token stands for.
    sdk::Outcome poll(const std::string& token);

 private:
    /// A job that was closed. Once it is over, what no list names is `rest`.
    struct Job {
        sdk::EpochMs askedAt = 0;
        std::int64_t waitMs = 0;
        int spoiled = 0;  ///< how often its results could not be read
        bool over = false;
        std::set<std::string> applied;
        std::map<std::string, sdk::Outcome> others;
        sdk::Outcome rest;
    };

    bool isEnough(std::size_t rows);
    std::optional<std::string> begin(const std::string& type, const std::vector<Patch>& patches);
    void ask(const std::string& id, Job& job);
    /// Closing it did not arrive: it is given up, and nothing was done.
    void giveUp(const std::string& id, Job& job);
    void takeResults(const std::string& id, Job& job);
    void takeFailed(const std::vector<nlohmann::json>& rows, Job& job);
    void wait(Job& job, const Answer& answer);
    /// No jobs for a while.
    void pause(const std::string& why);
    void forgetOldest();

    sdk::Host& host_;
    const Settings& settings_;
    Link& link_;
    std::map<std::string, Job> jobs_;
    std::set<std::string> refused_;  ///< rows that a job refused: the next word is a collection's
    sdk::EpochMs pausedAt_ = 0;
};

}  // namespace concordat::plugins::salesforce
