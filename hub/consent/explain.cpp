// SPDX-License-Identifier: Apache-2.0
#include "hub/consent/explain.h"

#include <algorithm>
#include <chrono>

namespace concordat::consent {
namespace {

std::string twoDigits(unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); }

std::string verdictOf(Answer answer) {
    switch (answer) {
        case Answer::Permit:
            return "permitted";
        case Answer::Deny:
            return "denied";
        case Answer::Unknown:
            return "unknown";
    }
    return {};
}

const Event* decider(const Effective& effective, const std::vector<Event>& events) {
    if (effective.deciding.empty()) return nullptr;
    const auto found = std::find_if(events.begin(), events.end(), [&](const Event& event) {
        return event.id == effective.deciding.front();
    });
    return found == events.end() ? nullptr : &*found;
}

std::string story(const Event& event) {
    auto text = toString(event.decision) +
                (event.system.empty() ? " at the hub itself" : " in " + event.system);
    if (event.time) return text + " at " + dateText(event.time->at);
    return text + ", at a time that nobody can tell";
}

}  // namespace

std::string dateText(EpochMs at) {
    using std::chrono::days;
    using std::chrono::floor;
    const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(at)};
    const auto day = floor<days>(time);
    const std::chrono::year_month_day date(day);
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time - day).count();
    return std::to_string(static_cast<int>(date.year())) + "-" +
           twoDigits(static_cast<unsigned>(date.month())) + "-" +
           twoDigits(static_cast<unsigned>(date.day())) + " " +
           twoDigits(static_cast<unsigned>(minutes / 60)) + ":" +
           twoDigits(static_cast<unsigned>(minutes % 60)) + " UTC";
}

std::string explain(const Effective& effective, const Key& key, const std::vector<Event>& events) {
    auto text = key.purpose + " by " + key.channel + " in the name of " + key.scope + " is " +
                verdictOf(effective.answer);
    if (effective.since != 0) text += " since " + dateText(effective.since);
    if (const Event* event = decider(effective, events)) text += ": " + story(*event);
    text += " (rule " + std::to_string(effective.rule) + ": " + effective.reason + ")";
    if (effective.deciding.size() > 1)
        text += ", and " + std::to_string(effective.deciding.size() - 1) + " more of the kind";
    if (!effective.contested.empty())
        text += "; contested: the clocks do not tell whether a grant came later";
    if (effective.nextChange)
        text += "; may change by itself at " + dateText(*effective.nextChange);
    return text + ".";
}

}  // namespace concordat::consent
