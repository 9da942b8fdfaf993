// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs one scenario on virtual time: people, systems, hubs and what breaks.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/disk.h"
#include "tests/simulation/judge.h"
#include "tests/simulation/node.h"

namespace concordat::simulation {

/// What a run came to.
struct Result {
    std::optional<Violation> violation;
    std::vector<std::string> history;  ///< of the subject concerned, in words
    std::uint64_t trace = 0;           ///< the same for the same scenario
    double hours = 0;                  ///< simulated
    int events = 0, writes = 0, deaths = 0, checks = 0, commits = 0;
};

/// One line of what happened, and whom it concerns.
struct LogLine {
    EpochMs at = 0;
    int system = -1;
    sdk::RecordRef ref{};
    int person = -1;
    std::string text;
};

class Simulation {
 public:
    Simulation(const Scenario& scenario, const std::string& folder, const store::Vault& vault);
    ~Simulation();

    Result run();

 private:
    friend class Line;
    friend class Acts;
    struct Hook {
        EpochMs at = 0;
        std::function<void()> what;
    };

    // Time.
    void live(EpochMs ms);
    void pass(EpochMs ms, Node* waiting);  ///< while a request is under way
    void turn(int depth);                  ///< everything that is due now
    EpochMs nextDue() const;
    void runActs();
    void later(EpochMs ms, std::function<void()> what);
    EpochMs real() const { return clock_.real(); }
    EpochMs scenarioNow() const { return real() - FakeClock::kStart - calmMs_; }

    // Hubs.
    void start(Node& node);
    void die(Node& node, EpochMs downMs);
    void dieAll();
    bool step(Node& node, int system, bool writes, int depth);
    Node* anyNode();
    Moment moment();
    /// Somebody calls the hub; false: it could not answer.
    bool call(const std::function<void(sync::Core&)>& work);

    // What breaks, and rest.
    void breakSomething(const Act& act);
    void dieSomewhere(const Act& act, Death death);
    void changeSettings(Dice& dice);
    void calm();
    void quietCheck();
    void emitWebhook(int system, const sdk::RecordRef& ref);
    void deliverWebhook(int system, const std::string& body, bool timed, int tries);

    void log(const std::string& text,
             int system = -1,
             const sdk::RecordRef& ref = {},
             int person = -1);
    void trace(const std::string& text);
    void trace(std::int64_t number);
    std::vector<std::string> historyOf(const Violation& violation);
    int totalWrites() const;

    const Scenario& scenario_;
    FakeClock clock_;
    sync::test::FakeRandom random_;
    Company company_;
    Truth truth_;
    Judge judge_;
    Disk disk_;
    std::vector<std::unique_ptr<Node>> nodes_;
    std::vector<Hook> hooks_;
    std::vector<std::function<void()>> postponed_;  // until nothing is under way
    std::vector<LogLine> log_;
    Dice dice_;
    std::size_t nextAct_ = 0;
    EpochMs calmMs_ = 0;
    EpochMs lastTick_ = 0;
    EpochMs diskFullUntil_ = 0;
    EpochMs overlapUntil_ = 0;
    EpochMs pauseUntil_ = 0;
    bool isCalm_ = false;
    bool isActing_ = false;
    int depth_ = 0;
    int webhooks_ = 0;
    int deaths_ = 0;
    int acceptedWebhooks_ = 0;
    std::set<std::string> garbage_;
    std::uint64_t trace_ = 14695981039346656037U;
};

}  // namespace concordat::simulation
