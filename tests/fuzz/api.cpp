// SPDX-License-Identifier: Apache-2.0
// What anybody may send to the API's port: HTTP cut anywhere, and JSON bodies. Only RequestError is
// an answer.
#include <cstdint>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "hub/api/json.h"
#include "hub/api/request_reader.h"
#include "hub/consent/error.h"

namespace {

using namespace concordat;
using namespace concordat::api;

template <class Work>
void tried(Work work) {
    try {
        work();
    } catch (const RequestError& error) {
        if (error.message().empty()) std::abort();
    }
}

void readBody(const Call& call) {
    nlohmann::json body;
    tried([&] {
        body = bodyOf(call, {"scope", "purposes", "at", "limit", "evidence", "subject"});
    });
    if (!body.is_object()) return;
    tried([&] { requiredText(body, "subject"); });
    tried([&] { text(body, "scope"); });
    tried([&] { texts(body, "purposes", 8); });
    tried([&] { time(body, "at"); });
    tried([&] { number(body, "limit", 3); });
    if (body.contains("evidence"))
        tried([&] { onlyKnown(body["evidence"], "evidence", {"source", "captured_at"}); });
}

void readCall(const Call& call) {
    tried([&] { decoded(call.path); });
    tried([&] { call.limit(100, 1'000); });
    tried([&] { stateFrom(call); });
    tried([&] { offset(call.parameter("after")); });
    readBody(call);
}

/// `first` bytes, then the rest: where the bytes are cut must not matter.
std::string callsOf(std::string_view bytes, std::size_t first) {
    std::string calls;
    RequestReader reader(4'096);
    tried([&] {
        for (const auto part : {bytes.substr(0, first), bytes.substr(first)}) {
            reader.take(part);
            while (const auto call = reader.next()) {
                readCall(*call);
                calls += call->method + " " + call->path + "?" + call->queryText + "\n" +
                         call->body + "\n";
            }
        }
    });
    return calls;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Call call;
    call.method = "POST";
    call.path = "/v1/choices";
    call.headers["content-type"] = "application/json";
    call.body = text;
    readBody(call);
    if (size > 0 && callsOf(text, size) != callsOf(text, data[0] % size)) std::abort();
    return 0;
}
