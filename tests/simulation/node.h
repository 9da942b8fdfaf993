// SPDX-License-Identifier: Apache-2.0
#pragma once
// One running hub: its clock, its lanes, and its connectors, through which the world looks in.

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hub/host/connector.h"
#include "tests/simulation/company.h"
#include "tests/sync/world.h"

namespace concordat::simulation {

class Simulation;

/// The machine's clock, a little beside the true time.
class NodeClock : public sync::Clock {
 public:
    NodeClock(FakeClock& clock, EpochMs beside) : clock_(clock), beside_(beside) {}
    EpochMs now() override { return clock_.wall + beside_; }
    std::chrono::steady_clock::time_point monotonic() override { return clock_.monotonic(); }

 private:
    FakeClock& clock_;
    EpochMs beside_;
};

struct Node;

/// Between a lane and a vendor: time passes here, others work meanwhile, and everything said is
/// written down.
class Line : public host::Connector {
 public:
    Line(Simulation& world, Node& node, int system) : world_(world), node_(node), system_(system) {}

    sdk::Description description() override;
    sdk::Check check(const host::CallContext& context) override;
    sdk::Discovery discover(const host::CallContext&) override { return {}; }
    sdk::Page pull(const sdk::PullRequest& request, const host::CallContext& context) override;
    sdk::ReadReply read(const std::vector<sdk::RecordRef>& records,
                        const host::CallContext& context) override;
    sdk::FindReply find(const std::vector<sdk::Identifier>&, const host::CallContext&) override {
        return {};
    }
    sdk::ApplyReply apply(const std::vector<sdk::ApplyItem>& items,
                          const host::CallContext& context) override;
    sdk::ApplyReply pollApply(const std::string& token, const host::CallContext& context) override;
    sdk::WebhookNews parseWebhook(const sdk::WebhookRequest& request,
                                  const host::CallContext& context) override;
    sdk::Subscription subscribeWebhook(const std::string&, const host::CallContext&) override {
        return {};
    }
    std::vector<sdk::Subscription> listWebhooks(const host::CallContext&) override { return {}; }
    void removeWebhook(const std::string&, const host::CallContext&) override {}
    void note(const sdk::RecordRef&, const std::string&, const host::CallContext&) override {}
    sdk::Health health(const host::CallContext&) override { return {}; }
    void cancel() override {}

 private:
    ModelSystem& model();
    void shown(std::vector<sdk::Observation>& observations, EpochMs asked);
    void learnSkew();

    Simulation& world_;
    Node& node_;
    const int system_;
    std::map<sdk::RecordRef, std::string> lastShown_;
};

struct Node {
    int number = 0;
    std::unique_ptr<NodeClock> clock;
    sync::Plan plan;
    std::unique_ptr<sync::test::Program> program;
    std::vector<std::unique_ptr<Line>> lines;
    std::vector<std::int64_t> skew;  ///< of each system, as its last reply told
    bool isUp = false;
    bool isFrozen = false;  ///< the process is stopped; its requests stand still
    bool mustDie = false;
    EpochMs upAt = 0;  ///< real
    std::set<sync::Lane*> busy;
    std::map<sync::Lane*, EpochMs> wakeAt;  ///< real
};

}  // namespace concordat::simulation
