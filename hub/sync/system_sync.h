// SPDX-License-Identifier: Apache-2.0
#pragma once
// The two halves of one system, step by step; threads and simulators drive them alike.

#include <mutex>
#include <string>

#include "hub/sync/breaker.h"
#include "hub/sync/deliver.h"
#include "hub/sync/intake.h"

namespace concordat::sync {

/// How a lane does. A copy for the API.
struct LaneHealth {
    BreakerState breaker = BreakerState::Closed;
    std::string lastError;
    EpochMs lastErrorAt = 0;
    EpochMs lastStepAt = 0;
};

/// When to step again.
struct Rest {
    bool atOnce = false;
    EpochMs until = 0;  ///< if nobody wakes the lane before
};

/// What both lanes share: the breaker around each step.
class Lane {
 public:
    Lane(Core& core, const SystemPlan& plan, const std::string& name);
    virtual ~Lane() = default;
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    /// One step; a connector that fails makes the lane rest. [lane]
    Rest step();
    LaneHealth health() const;  ///< [any]

 protected:
    virtual Rest work() = 0;
    void failed(const std::string& error);
    /// The system was called in this step; only then does its end say anything of the system.
    void called() { hasCalled_ = true; }
    BreakerState breaker() const { return breaker_.state(core_.time.now()); }

    Core& core_;
    const SystemPlan& plan_;

 private:
    void succeeded();
    std::string incidentName() const { return "breaker/" + plan_.name + "/" + name_; }

    const std::string name_;
    Breaker breaker_;
    bool hasFailed_ = false;
    bool hasCalled_ = false;
    mutable std::mutex mutex_;  // guards health_
    LaneHealth health_;
};

class ReadLane : public Lane {
 public:
    ReadLane(Core& core, const SystemPlan& plan, host::Connector& connector);

    /// [lane]
    void pullNow() { intake_.pullNow(); }
    void setSkew(std::int64_t skewMs) { observer_.setSkew(skewMs); }

 private:
    Rest work() override;

    Observer observer_;
    Intake intake_;
};

class WriteLane : public Lane {
 public:
    WriteLane(Core& core, const SystemPlan& plan, host::Connector& connector);

    void setSkew(std::int64_t skewMs) { observer_.setSkew(skewMs); }

 private:
    Rest work() override;
    Rest rest();
    void noticeResume();

    Observer observer_;
    Deliverer deliverer_;
    bool wasHeld_ = false;
};

}  // namespace concordat::sync
