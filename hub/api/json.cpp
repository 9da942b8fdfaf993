// SPDX-License-Identifier: Apache-2.0
#include "hub/api/json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 32;

Json parsed(const std::string& body) {
    const auto shallow = [](int depth, Json::parse_event_t, Json&) {
        if (depth > kDeepest) throw RequestError("the body is nested too deep");
        return true;
    };
    try {
        return Json::parse(body, shallow);
    } catch (const Json::parse_error& error) {
        throw RequestError("the body is not valid JSON at byte " + std::to_string(error.byte));
    }
}

std::string listOf(std::initializer_list<const char*> known) {
    std::string all;
    for (const char* name : known) all += (all.empty() ? "" : ", ") + std::string(name);
    return all;
}

}  // namespace

Json bodyOf(const Call& call, std::initializer_list<const char*> known) {
    Json body = call.body.empty() ? Json::object() : parsed(call.body);
    if (!body.is_object()) throw RequestError("the body must be a JSON object");
    for (const auto& [name, value] : body.items())
        if (std::none_of(known.begin(), known.end(),
                         [&, &member = name](const char* one) { return member == one; }))
            throw RequestError("unknown member in the body; known ones are: " + listOf(known));
    return body;
}

std::string requiredText(const Json& body, const char* name) {
    const std::string value = text(body, name);
    if (value.empty()) throw RequestError(std::string("'") + name + "' is missing");
    return value;
}

std::string text(const Json& body, const char* name, const std::string& otherwise) {
    const auto found = body.find(name);
    if (found == body.end() || found->is_null()) return otherwise;
    if (!found->is_string()) throw RequestError(std::string("'") + name + "' must be a text");
    return found->get<std::string>();
}

std::vector<std::string> texts(const Json& body, const char* name, std::size_t most) {
    const auto found = body.find(name);
    if (found == body.end() || found->is_null()) return {};
    const bool right =
        found->is_array() &&
        std::all_of(found->begin(), found->end(), [](const Json& one) { return one.is_string(); });
    if (!right) throw RequestError(std::string("'") + name + "' must be a list of texts");
    if (found->size() > most)
        throw RequestError(std::string("'") + name + "' has more than " + std::to_string(most) +
                           " members");
    return found->get<std::vector<std::string>>();
}

std::optional<std::int64_t> time(const Json& body, const char* name) {
    const auto found = body.find(name);
    if (found == body.end() || found->is_null()) return std::nullopt;
    if (!found->is_number_integer())
        throw RequestError(std::string("'") + name + "' must be a time in epoch milliseconds");
    return found->get<std::int64_t>();
}

Reply ok(const Json& body) {
    return {
        200, "application/json", body.dump(-1, ' ', false, Json::error_handler_t::replace), {}, {}};
}

Reply page(const Json& items, const std::string& next) {
    return ok({{"items", items}, {"next", next}});
}

}  // namespace concordat::api
