// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/entrance.h"

#include <shared_mutex>
#include <string>

#include <nlohmann/json.hpp>

#include "tools/simulators/stage/admin.h"

namespace concordat::simulators {
namespace {

constexpr auto kHtml = "text/html;charset=UTF-8";

Reply htmlPage(int status, const std::string& title) {
    return {status,
            "<!DOCTYPE html><html><head><title>" + title + "</title></head><body><h1>" + title +
                "</h1></body></html>",
            kHtml,
            {}};
}

void twistTypes(nlohmann::json& value) {
    if (value.is_structured()) {
        for (auto& part : value) twistTypes(part);
    } else if (value.is_string()) {
        value = value.get_ref<const std::string&>().size();
    } else if (!value.is_null()) {
        value = value.dump();
    }
}

Reply withTwistedTypes(Reply reply) {
    auto body = nlohmann::json::parse(reply.body, nullptr, false);
    if (body.is_discarded()) return reply;
    twistTypes(body);
    reply.body = body.dump();
    return reply;
}

Reply withRetryAfter(Reply reply, int seconds) {
    if (seconds >= 0) reply.headers.emplace_back("Retry-After", std::to_string(seconds));
    return reply;
}

bool happensInstead(const std::string& kind) {
    return kind == "status" || kind == "429" || kind == "500" || kind == "503_html" ||
           kind == "200_html" || kind == "reset" || kind == "garbage";
}

Reply lost() {
    Reply reply;
    reply.delivery = Delivery::reset;
    return reply;
}

}  // namespace

Reply Entrance::answer(const Request& request) {
    if (request.path.rfind("/_admin/", 0) == 0) return answerAdmin(stage_, vendor_, request);
    Call call;
    Reply reply = answerApi(request, call);
    const auto& name = call.name.empty() ? request.path : call.name;
    stage_.calls.count(request.method + " " + name, call.items, request.body.size(),
                       reply.body.size());
    return reply;
}

Reply Entrance::answerApi(const Request& request, Call& call) {
    if (const int ms = stage_.settings.latency_ms; ms > 0) stage_.pause(ms);
    const auto fault = stage_.faults.draw(
        request.method, request.query.empty() ? request.path : request.path + "?" + request.query);
    return fault ? disturb(request, call, *fault) : handle(request, call);
}

Reply Entrance::handle(const Request& request, Call& call) {
    Reply reply = [&] {
        const std::shared_lock serving(stage_.serving);
        return vendor_.handle(request, call);
    }();
    stage_.journal.settle();
    return reply;
}

Reply Entrance::disturb(const Request& request, Call& call, const Fault& fault) {
    const auto& kind = fault.kind;
    if (happensInstead(kind)) {
        call.name = "(fault) " + kind;
        if (kind == "status") {
            return withRetryAfter(vendor_.errorReply(fault.status), fault.retry_after);
        }
        if (kind == "429") return withRetryAfter(vendor_.limitReply(), fault.retry_after);
        if (kind == "500") return vendor_.errorReply(500);
        if (kind == "503_html") {
            return withRetryAfter(htmlPage(503, "Down for maintenance"), fault.retry_after);
        }
        if (kind == "200_html") return htmlPage(200, "Login");
        if (kind == "garbage")
            return {200, std::string("\x00\xff{\"a\":[,\x80", 11), "application/json", {}};
        return lost();
    }
    if (kind == "latency") stage_.pause(fault.ms);
    call.fault = fault;
    Reply reply = handle(request, call);
    if (kind == "commit_then_reset") return lost();
    if (kind == "commit_then_timeout") stage_.pause(fault.ms);
    if (kind == "truncated_json") reply.delivery = Delivery::truncated;
    if (kind == "wrong_types") return withTwistedTypes(std::move(reply));
    if (kind == "slow_body") {
        reply.delivery = Delivery::slow;
        reply.slow_ms = fault.ms;
    }
    return reply;
}

}  // namespace concordat::simulators
