// SPDX-License-Identifier: Apache-2.0
#include "hub/api/metrics.h"

#include <fstream>
#include <sstream>

#include <unistd.h>

#include "hub/api/system_view.h"

namespace concordat::api {

namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

std::string escaped(const std::string& value) {
    std::string text;
    for (const char one : value) {
        if (one == '\\' || one == '"') text += '\\';
        text += one == '\n' ? ' ' : one;
    }
    return text;
}

std::string numberText(double value) {
    std::ostringstream text;
    text.precision(15);
    text << value;
    return text.str();
}

/// The text as it grows. A family is named once, before its first sample.
class Text {
 public:
    void family(const std::string& name, const char* type, const std::string& help) {
        name_ = "concordat_" + name;
        text_ += "# HELP " + name_ + " " + help + "\n# TYPE " + name_ + " " + type + "\n";
    }

    void sample(double value, const Labels& labels = {}, const std::string& suffix = "") {
        text_ += name_ + suffix;
        if (!labels.empty()) {
            char before = '{';
            for (const auto& [name, label] : labels) {
                text_ += before + name + "=\"" + escaped(label) + "\"";
                before = ',';
            }
            text_ += '}';
        }
        text_ += " " + numberText(value) + "\n";
    }

    void one(const std::string& name, const char* type, const std::string& help, double value) {
        family(name, type, help);
        sample(value);
    }

    /// `cells` are not cumulative; the last one has no bound.
    template <class Cells, class Bounds>
    void histogram(const Cells& cells, const Bounds& bounds, double sum, const Labels& labels) {
        double count = 0;
        std::size_t at = 0;
        Labels all = labels;
        all.emplace_back("le", "");
        for (const auto bound : bounds) {
            count += static_cast<double>(cells[at++]);
            all.back().second = numberText(static_cast<double>(bound));
            sample(count, all, "_bucket");
        }
        count += static_cast<double>(cells[at]);
        all.back().second = "+Inf";
        sample(count, all, "_bucket");
        sample(sum, labels, "_sum");
        sample(count, labels, "_count");
    }

    std::string take() { return std::move(text_); }

 private:
    std::string name_;
    std::string text_;
};

void addSync(Text& text, const sync::Counts& counts) {
    const auto number = [](std::int64_t value) { return static_cast<double>(value); };
    text.one("observations_total", "counter", "records seen", number(counts.observations));
    text.one("events_total", "counter", "entries of the ledger", number(counts.events));
    text.one("stale_reads_total", "counter", "reads that decided nothing",
             number(counts.staleReads));
    text.one("drifts_total", "counter", "slots that had drifted", number(counts.drifts));
    text.one("webhooks_decided_total", "counter", "webhooks decided", number(counts.webhooks));
    text.family("deliveries_total", "counter", "deliveries by stage");
    for (const auto& [stage, count] : counts.deliveries)
        text.sample(number(count), {{"stage", stage}});
    text.family("verified_seconds", "histogram", "from an accepted change to its verified write");
    std::vector<double> bounds;
    for (const std::int64_t ms : sync::kLatencyBoundsMs) bounds.push_back(number(ms) / 1'000);
    text.histogram(counts.latency, bounds, number(counts.latencySumMs) / 1'000, {});
}

void addSystems(Text& text, const Rooms& rooms) {
    std::vector<std::pair<std::string, sync::SystemStatus>> all;
    for (const sync::SystemPlan& plan : rooms.core().plan.systems)
        all.emplace_back(plan.name, rooms.sync.status(plan.name));
    text.family("records", "gauge", "open records of a system");
    for (const auto& [system, status] : all)
        text.sample(static_cast<double>(status.records), {{"system", system}});
    text.family("due", "gauge", "people whose values in a system are to be written");
    for (const auto& [system, status] : all)
        text.sample(static_cast<double>(status.due), {{"system", system}});
    text.family("parked", "gauge", "records whose write a system refused");
    for (const auto& [system, status] : all)
        text.sample(static_cast<double>(parkedCount(rooms, system)), {{"system", system}});
    text.family("lag_seconds", "gauge", "how long the oldest due write has waited");
    for (const auto& [system, status] : all)
        text.sample(static_cast<double>(lagMs(rooms, status)) / 1'000, {{"system", system}});
    text.family("open", "gauge", "1 if a system is written");
    for (const auto& [system, status] : all)
        text.sample(status.standing.isOpen() ? 1 : 0, {{"system", system}});
}

void addHosts(Text& text, const gateway::Counts& counts) {
    using Member = long long gateway::HostCount::*;
    const std::vector<std::tuple<const char*, const char*, Member>> families{
        {"gateway_requests", "requests of that day", &gateway::HostCount::requests},
        {"gateway_failures", "requests of that day that failed", &gateway::HostCount::failures},
        {"gateway_refused", "requests of that day the egress rules refused",
         &gateway::HostCount::refused},
        {"gateway_sent_bytes", "bytes sent that day", &gateway::HostCount::bytesOut},
        {"gateway_received_bytes", "bytes received that day", &gateway::HostCount::bytesIn}};
    std::string today;
    for (const gateway::HostCount& host : counts.hosts) today = std::max(today, host.day);
    for (const auto& [name, help, member] : families) {
        text.family(name, "gauge", help);
        for (const gateway::HostCount& host : counts.hosts)
            if (host.day == today)
                text.sample(static_cast<double>(host.*member),
                            {{"system", host.system}, {"host", host.host}, {"day", host.day}});
    }
    text.family("gateway_seconds", "histogram", "how long vendors took to answer");
    for (const gateway::SystemLatency& latency : counts.latencies)
        text.histogram(latency.histogram.counts, gateway::LatencyHistogram::kBounds,
                       latency.histogram.sum, {{"system", latency.system}});
}

void addWebhooks(Text& text, const WebhookCounts& counts) {
    text.family("webhooks_total", "counter", "webhooks that came in");
    text.sample(static_cast<double>(counts.accepted), {{"result", "accepted"}});
    text.sample(static_cast<double>(counts.repeated), {{"result", "repeated"}});
    text.sample(static_cast<double>(counts.refused), {{"result", "refused"}});
}

double residentBytes() {
    std::ifstream file("/proc/self/statm");
    double size = 0;
    double resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

std::string metricsText(const Rooms& rooms, const Gauges& gauges) {
    Text text;
    std::int64_t subjects = 0;
    rooms.store.read([&](store::Reader& reader) { subjects = reader.subjectCount(); });
    text.one("subjects", "gauge", "people known", static_cast<double>(subjects));
    addSync(text, rooms.sync.counts());
    addSystems(text, rooms);
    if (rooms.services.gatewayCounts) addHosts(text, rooms.services.gatewayCounts());
    addWebhooks(text, gauges.webhooks());
    text.family("connections", "gauge", "open HTTP connections");
    for (const auto& [server, count] : gauges.connections())
        text.sample(count, {{"server", server}});
    text.one("event_streams", "gauge", "readers of the change feed",
             static_cast<double>(gauges.eventStreams()));
    text.one("resident_bytes", "gauge", "memory of the hub's own process", residentBytes());
    return text.take();
}

}  // namespace concordat::api
