// SPDX-License-Identifier: Apache-2.0
#include "hub/sync/system_sync.h"

#include <algorithm>

#include "hub/consent/error.h"

namespace concordat::sync {

namespace {
constexpr EpochMs kClosedRestMs = 1'000;  // looks again whether the system was opened
constexpr EpochMs kLongRestMs = 60'000;
}  // namespace

Lane::Lane(Core& core, const SystemPlan& plan, const std::string& name)
    : core_(core), plan_(plan), name_(name), breaker_(core.plan.settings, core.random) {}

Rest Lane::step() {
    const auto now = core_.time.now();
    if (now < breaker_.notBefore()) return {false, breaker_.notBefore()};
    hasFailed_ = false;
    hasCalled_ = false;
    Rest rest;
    try {
        rest = work();
    } catch (const PluginError& error) {
        failed(error.message());
    }
    if (hasFailed_) return {false, breaker_.notBefore()};
    succeeded();
    return rest;
}

void Lane::failed(const std::string& error) {
    hasFailed_ = true;
    const auto now = core_.time.now();
    const bool opened = breaker_.fail(now);
    {
        const std::lock_guard lock(mutex_);
        health_.lastError = error;
        health_.lastErrorAt = now;
        health_.breaker = breaker_.state(now);
    }
    if (!opened) return;
    core_.store.write([&](store::Writer& unit) {
        unit.add(store::Incident{unit.newId(), "breaker", plan_.name, "", now, 0,
                                 plan_.name + " does not answer (" + name_ + "): " + error,
                                 incidentName()});
    });
}

void Lane::succeeded() {
    const auto now = core_.time.now();
    const bool closed = hasCalled_ && breaker_.succeed();
    {
        const std::lock_guard lock(mutex_);
        health_.lastStepAt = now;
        health_.breaker = breaker_.state(now);
    }
    if (closed)
        core_.store.write([&](store::Writer& unit) { unit.resolveIncidents(incidentName(), now); });
}

LaneHealth Lane::health() const {
    const std::lock_guard lock(mutex_);
    return health_;
}

ReadLane::ReadLane(Core& core, const SystemPlan& plan, host::Connector& connector)
    : Lane(core, plan, "reading"),
      observer_(core, plan),
      intake_(core, plan, connector, observer_) {}

Rest ReadLane::work() {
    const auto calls = intake_.calls();
    const bool more = intake_.step();
    if (intake_.calls() > calls) called();
    return {more, intake_.nextAt()};
}

WriteLane::WriteLane(Core& core, const SystemPlan& plan, host::Connector& connector)
    : Lane(core, plan, "writing"),
      observer_(core, plan),
      deliverer_(core, plan, connector, observer_) {}

Rest WriteLane::work() {
    noticeResume();
    const bool isClosed = breaker() == BreakerState::Closed;
    const auto delivered = deliverer_.deliver(isClosed);
    if (delivered.failed) {
        failed("the system gave no answer to a write");
        return {};
    }
    const auto verified = deliverer_.verify();
    // Only permits wait, and none of them may be the probe.
    const bool mustProbe = !isClosed && delivered.done > 0 && !delivered.called && !verified.called;
    if (mustProbe) deliverer_.probe();
    if (mustProbe || delivered.called || verified.called) called();
    if (delivered.done > 0 || verified.done > 0) return {true, 0};
    return rest();
}

Rest WriteLane::rest() {
    const auto now = core_.time.now();
    Rest rest{false, now + kLongRestMs};
    core_.store.read([&](store::Reader& reader) {
        const auto state = standing(reader, plan_.name);
        if (!state.isOpen() || state.isFullyStopped(now)) {
            rest.until = now + kClosedRestMs;
            return;
        }
        if (const auto next = reader.nextDue(plan_.name)) rest.until = std::min(rest.until, *next);
    });
    // What is due already was looked at by this step and could not be done.
    rest.until = std::max(rest.until, now + 1);
    return rest;
}

void WriteLane::noticeResume() {
    bool isHeld = false;
    core_.store.read([&](store::Reader& reader) {
        const auto state = standing(reader, plan_.name);
        isHeld = !whyNotLoosen(reader, state).empty();
    });
    if (wasHeld_ && !isHeld) deliverer_.releaseHeld();
    wasHeld_ = isHeld;
}

}  // namespace concordat::sync
