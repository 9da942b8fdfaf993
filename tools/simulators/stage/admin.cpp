// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/admin.h"

#include <limits>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace concordat::simulators {
namespace {

using Json = nlohmann::json;

Reply jsonReply(const Json& body, int status = 200) {
    return {
        status, body.dump(-1, ' ', false, Json::error_handler_t::replace), "application/json", {}};
}

std::uint64_t numberParam(const Request& request, const char* name, std::uint64_t fallback) {
    const auto text = request.param(name);
    if (!text) return fallback;
    if (text->empty() || text->find_first_not_of("0123456789") != std::string::npos) {
        throw std::invalid_argument(std::string(name) + " must be a whole number");
    }
    return std::stoull(*text);
}

Json bodyOf(const Request& request) {
    auto body = Json::parse(request.body.empty() ? "{}" : request.body, nullptr, false);
    if (body.is_discarded()) throw std::invalid_argument("the body is not JSON");
    return body;
}

Json showSettings(Stage& stage, Vendor& vendor) {
    const auto& s = stage.settings;
    Json out = {{"latency_ms", s.latency_ms.load()},
                {"clock_skew_s", static_cast<double>(s.clock_skew_ms.load()) / 1000},
                {"late_visibility_s", s.late_visibility_s.load()},
                {"token_lifetime_s", s.token_lifetime_s.load()},
                {"quota", s.quota.load()},
                {"webhooks", s.webhooks.load()}};
    out.update(vendor.settings());
    return out;
}

bool setCommon(Settings& s, const std::string& name, const Json& value) {
    if (name == "latency_ms") return s.latency_ms = value.get<int>(), true;
    if (name == "clock_skew_s") {
        return s.clock_skew_ms = static_cast<std::int64_t>(value.get<double>() * 1000), true;
    }
    if (name == "late_visibility_s") return s.late_visibility_s = value.get<int>(), true;
    if (name == "token_lifetime_s") return s.token_lifetime_s = value.get<std::int64_t>(), true;
    if (name == "quota") return s.quota = value.get<std::int64_t>(), true;
    if (name == "webhooks") return s.webhooks = value.get<bool>(), true;
    return false;
}

Reply changeSettings(Stage& stage, Vendor& vendor, const Request& request) {
    const Json body = bodyOf(request);
    for (const auto& [name, value] : body.items()) {
        if (!setCommon(stage.settings, name, value) && !vendor.set(name, value)) {
            throw std::invalid_argument("there is no setting \"" + name + "\"; GET lists them");
        }
    }
    return jsonReply(showSettings(stage, vendor));
}

Reply addFaults(Stage& stage, Vendor& vendor, const Request& request) {
    const Json body = bodyOf(request);
    const Json orders = body.is_array() ? body : Json::array({body});
    std::vector<Fault> faults;
    for (const auto& order : orders) faults.push_back(readFault(order, vendor.faultKinds()));
    Json ids = Json::array();
    for (auto& fault : faults) ids.push_back(stage.faults.add(std::move(fault)));
    return jsonReply({{"ids", ids}}, 201);
}

Reply listFaults(Stage& stage) {
    Json out = Json::array();
    for (const auto& fault : stage.faults.list()) out.push_back(showFault(fault));
    return jsonReply({{"faults", out}});
}

Reply listWrites(Stage& stage, const Request& request) {
    const auto since = numberParam(request, "since", 0);
    const auto limit = numberParam(request, "limit", std::numeric_limits<std::uint64_t>::max());
    const auto id = request.param("id");
    std::string out = "{\"writes\":[";
    std::uint64_t count = 0;
    std::uint64_t last = since;
    stage.journal.read(since, [&](const Write& write) {
        if (count >= limit) return false;
        last = write.seq;
        if (id && write.id != *id) return true;
        if (count++ > 0) out += ',';
        out += showWrite(write);
        return true;
    });
    out += "],\"last_seq\":" + std::to_string(last) + "}";
    return {200, out, "application/json", {}};
}

Reply listRecords(Stage& stage, Vendor& vendor, const Request& request) {
    RecordQuery query;
    query.object = request.param("object").value_or("");
    query.email = request.param("email").value_or("");
    query.id = request.param("id").value_or("");
    query.offset = numberParam(request, "offset", 0);
    query.limit = numberParam(request, "limit", query.limit);
    const std::shared_lock serving(stage.serving);
    return jsonReply({{"records", vendor.records(query)}});
}

Reply summary(Stage& stage, Vendor& vendor) {
    const std::shared_lock serving(stage.serving);
    return jsonReply(vendor.summary());
}

Reply act(Stage& stage, Vendor& vendor, const Request& request) {
    const Json order = bodyOf(request);
    Json result = [&] {
        const std::shared_lock serving(stage.serving);
        return vendor.act(order);
    }();
    stage.journal.settle();
    return jsonReply({{"result", std::move(result)}, {"seq", stage.journal.lastSeq()}});
}

Reply snapshot(Stage& stage) {
    stage.snapshot = static_cast<std::int64_t>(stage.journal.lastSeq());
    return jsonReply({{"snapshot", stage.snapshot.load()}});
}

Reply restore(Stage& stage, Vendor& vendor, const Request& request) {
    const auto seq = bodyOf(request).value("snapshot", stage.snapshot.load());
    if (seq < 0 || seq > static_cast<std::int64_t>(stage.journal.lastSeq())) {
        throw std::invalid_argument("there is no such snapshot; POST /_admin/snapshot takes one");
    }
    const std::unique_lock serving(stage.serving);
    stage.journal.noteRestore(static_cast<std::uint64_t>(seq));
    rebuild(stage, vendor);
    stage.journal.settle();
    return jsonReply({{"restored", seq}});
}

Reply route(Stage& stage, Vendor& vendor, const Request& request) {
    const std::string what = request.method + " " + request.path.substr(8);
    if (what == "GET health")
        return jsonReply({{"status", "ok"}, {"vendor", stage.options.vendor}});
    if (what == "POST faults") return addFaults(stage, vendor, request);
    if (what == "GET faults") return listFaults(stage);
    if (what == "DELETE faults") return stage.faults.clear(), jsonReply({{"cleared", true}});
    if (what == "POST settings") return changeSettings(stage, vendor, request);
    if (what == "GET settings") return jsonReply(showSettings(stage, vendor));
    if (what == "POST expire-tokens") return vendor.expireTokens(), jsonReply({{"expired", true}});
    if (what == "GET writes") return listWrites(stage, request);
    if (what == "GET calls") return jsonReply(stage.calls.show());
    if (what == "DELETE calls") return stage.calls.reset(), jsonReply({{"reset", true}});
    if (what == "POST act") return act(stage, vendor, request);
    if (what == "GET records") return listRecords(stage, vendor, request);
    if (what == "GET summary") return summary(stage, vendor);
    if (what == "POST snapshot") return snapshot(stage);
    if (what == "POST restore") return restore(stage, vendor, request);
    return jsonReply({{"error", "there is no " + request.method + " " + request.path}}, 404);
}

}  // namespace

Reply answerAdmin(Stage& stage, Vendor& vendor, const Request& request) {
    try {
        return route(stage, vendor, request);
    } catch (const std::invalid_argument& error) {
        return jsonReply({{"error", error.what()}}, 400);
    } catch (const Json::exception& error) {
        return jsonReply({{"error", error.what()}}, 400);
    }
}

}  // namespace concordat::simulators
