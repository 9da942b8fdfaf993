// SPDX-License-Identifier: Apache-2.0
#include "hub/api/alerts.h"

#include <algorithm>
#include <set>

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Logger.h>
#include <Poco/Timestamp.h>
#include <nlohmann/json.hpp>

namespace concordat::api {

namespace {

constexpr int kIncidentsAtOnce = 200;
constexpr std::chrono::seconds kTick{5};
constexpr std::chrono::seconds kLongestRest{300};
constexpr const char* kCursors = "alerts";

std::string kindOf(const AlertSink& sink) { return "alert." + sink.name; }

std::string dateOf(store::EpochMs at) {
    return Poco::DateTimeFormatter::format(Poco::Timestamp(at * 1'000),
                                           Poco::DateTimeFormat::ISO8601_FORMAT);
}

std::vector<AlertSink> sinksOf(const AlertOptions& options,
                               const std::function<bool(const std::string&)>& post) {
    std::vector<AlertSink> sinks;
    if (!options.mailServer.empty()) sinks.push_back(mailSink(options));
    if (options.webhook && post)
        sinks.push_back({"webhook", [post](const Alert& alert) { return post(jsonOf(alert)); }});
    return sinks;
}

}  // namespace

std::string subjectOf(const Alert& alert) {
    return std::string(alert.resolved ? "[concordat] resolved: " : "[concordat] ") +
           alert.incident.kind +
           (alert.incident.system.empty() ? "" : " in " + alert.incident.system);
}

std::string textOf(const Alert& alert) {
    std::string text = alert.incident.text + "\n\nsince " + dateOf(alert.incident.at) + "\n";
    if (alert.resolved) text += "resolved " + dateOf(alert.incident.resolvedAt) + "\n";
    return text + "incident " + alert.incident.id + "\n";
}

std::string jsonOf(const Alert& alert) {
    const nlohmann::json json{
        {"id", alert.incident.id},         {"kind", alert.incident.kind},
        {"system", alert.incident.system}, {"state", alert.resolved ? "resolved" : "open"},
        {"at", alert.incident.at},         {"resolved_at", alert.incident.resolvedAt},
        {"text", alert.incident.text}};
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Alerts::Alerts(store::Store& store,
               const AlertOptions& options,
               const std::function<bool(const std::string&)>& post)
    : Alerts(store, sinksOf(options, post)) {
    if (!sinks_.empty()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Alerts::Alerts(store::Store& store, std::vector<AlertSink> sinks)
    : store_(store), sinks_(std::move(sinks)) {}

Alerts::~Alerts() = default;

/// Incidents behind the cursor, oldest first; at the very first look the open ones only.
std::vector<store::Incident> Alerts::begun(const std::string& cursor) {
    std::vector<store::Incident> incidents;
    store_.read([&](store::Reader& reader) {
        store::Slice slice{"", kIncidentsAtOnce};
        for (bool isMore = true; isMore;) {
            const auto rows = reader.incidents(cursor.empty(), slice);
            isMore = rows.size() == kIncidentsAtOnce;
            for (const store::Incident& incident : rows) {
                if (incident.id > cursor)
                    incidents.push_back(incident);
                else
                    isMore = false;
            }
            if (isMore) slice.after = rows.back().id;
        }
    });
    std::reverse(incidents.begin(), incidents.end());
    return incidents;
}

bool Alerts::tellOne(const AlertSink& sink, const Alert& alert) {
    try {
        if (sink.send(alert)) return true;
        Poco::Logger::get("hub.api").warning("alert not delivered sink=" + sink.name);
    } catch (const Poco::Exception& error) {
        Poco::Logger::get("hub.api").warning("alert not delivered sink=" + sink.name +
                                             " kind=" + error.name());
    }
    return false;
}

bool Alerts::tell(const AlertSink& sink) {
    std::string cursor;
    std::vector<store::Document> told;
    store_.read([&](store::Reader& reader) {
        cursor = reader.cursor(kCursors, sink.name);
        told = reader.documents(kindOf(sink));
    });
    for (const store::Incident& incident : begun(cursor)) {
        if (!tellOne(sink, {incident, false})) return false;
        const store::Document mark{kindOf(sink), incident.id, jsonOf({incident, false}), 0};
        store_.write([&](store::Writer& writer) {
            writer.put(mark);
            writer.putCursor(kCursors, sink.name, incident.id);
        });
        told.push_back(mark);
    }
    if (told.empty()) return true;
    std::set<std::string> open;
    for (const store::Incident& incident : begun("")) open.insert(incident.id);
    for (const store::Document& mark : told) {
        if (open.contains(mark.id)) continue;
        const auto json = nlohmann::json::parse(mark.json);
        store::Incident incident;
        incident.id = mark.id;
        incident.kind = json.value("kind", "");
        incident.system = json.value("system", "");
        incident.text = json.value("text", "");
        incident.at = json.value("at", store::EpochMs{0});
        incident.resolvedAt = Poco::Timestamp().epochMicroseconds() / 1'000;
        if (!tellOne(sink, {incident, true})) return false;
        store_.write([&](store::Writer& writer) { writer.removeDocument(kindOf(sink), mark.id); });
    }
    return true;
}

bool Alerts::look() {
    const std::lock_guard lock(mutex_);
    bool allTaken = true;
    for (const AlertSink& sink : sinks_) allTaken = tell(sink) && allTaken;
    return allTaken;
}

void Alerts::run(const std::stop_token& stop) {
    auto rest = kTick;
    while (!stop.stop_requested()) {
        bool isWell = false;
        try {
            isWell = look();
        } catch (const Error& error) {
            Poco::Logger::get("hub.api").error("alerts not looked at: " + error.message());
        }
        rest = isWell ? kTick : std::min(rest * 2, kLongestRest);
        std::unique_lock lock(waiting_);
        wake_.wait_for(lock, stop, rest, [] { return false; });
    }
}

}  // namespace concordat::api
