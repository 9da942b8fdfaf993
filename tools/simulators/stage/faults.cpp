// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/faults.h"

#include <algorithm>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace concordat::simulators {
namespace {

const std::vector<std::string> kKinds = {"latency",
                                         "status",
                                         "429",
                                         "500",
                                         "503_html",
                                         "200_html",
                                         "reset",
                                         "commit_then_reset",
                                         "commit_then_timeout",
                                         "truncated_json",
                                         "wrong_types",
                                         "partial_batch",
                                         "garbage",
                                         "slow_body"};

bool known(const std::string& kind, const std::vector<std::string>& kinds) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

void refuseUnknownKeys(const nlohmann::json& order) {
    static const std::vector<std::string> kKeys = {"kind",   "method", "path",        "times",
                                                   "after",  "ms",     "probability", "retry_after",
                                                   "status", "share"};
    for (const auto& [key, value] : order.items()) {
        if (!known(key, kKeys)) throw std::invalid_argument("fault has no setting \"" + key + "\"");
    }
}

}  // namespace

Fault readFault(const nlohmann::json& order, const std::vector<std::string>& extraKinds) {
    if (!order.is_object()) throw std::invalid_argument("a fault must be a JSON object");
    refuseUnknownKeys(order);
    Fault fault;
    fault.kind = order.value("kind", "");
    if (!known(fault.kind, kKinds) && !known(fault.kind, extraKinds)) {
        std::string all;
        for (const auto& kind : kKinds) all += " " + kind;
        for (const auto& kind : extraKinds) all += " " + kind;
        throw std::invalid_argument("unknown fault kind \"" + fault.kind + "\"; kinds are:" + all);
    }
    fault.method = order.value("method", "");
    fault.path = order.value("path", "");
    fault.times = order.value("times", fault.times);
    fault.after = order.value("after", fault.after);
    fault.probability = order.value("probability", fault.probability);
    fault.ms = order.value("ms", fault.ms);
    fault.retry_after = order.value("retry_after", fault.retry_after);
    fault.status = order.value("status", fault.status);
    fault.share = order.value("share", fault.share);
    return fault;
}

nlohmann::json showFault(const Fault& fault) {
    return {{"id", fault.id},         {"kind", fault.kind},
            {"method", fault.method}, {"path", fault.path},
            {"times", fault.times},   {"after", fault.after},
            {"ms", fault.ms},         {"probability", fault.probability},
            {"status", fault.status}, {"retry_after", fault.retry_after},
            {"share", fault.share},   {"hits", fault.hits}};
}

std::uint64_t FaultDeck::add(Fault fault) {
    const std::lock_guard lock(mutex_);
    fault.id = ++lastId_;
    faults_.push_back(std::move(fault));
    empty_ = false;
    return lastId_;
}

void FaultDeck::clear() {
    const std::lock_guard lock(mutex_);
    faults_.clear();
    empty_ = true;
}

std::vector<Fault> FaultDeck::list() const {
    const std::lock_guard lock(mutex_);
    return faults_;
}

std::optional<Fault> FaultDeck::draw(std::string_view method, std::string_view target) {
    if (empty_) return std::nullopt;
    const std::lock_guard lock(mutex_);
    for (auto& fault : faults_) {
        if (fault.times > 0 && fault.hits >= fault.times) continue;
        if (!fault.method.empty() && fault.method != method) continue;
        if (!fault.path.empty() && target.find(fault.path) == std::string_view::npos) continue;
        if (fault.after > 0) {
            --fault.after;
            continue;
        }
        if (std::uniform_real_distribution<>(0, 1)(dice_) >= fault.probability) continue;
        ++fault.hits;
        return fault;
    }
    return std::nullopt;
}

}  // namespace concordat::simulators
