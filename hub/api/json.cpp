// SPDX-License-Identifier: Apache-2.0
#include "hub/api/json.h"

#include <algorithm>

#include <Poco/NumberParser.h>
#include <nlohmann/json.hpp>

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 32;
constexpr std::int64_t kLatestMs = 253'402'300'799'999;  // 9999-12-31

Json parsed(const std::string& body) {
    const auto shallow = [](int depth, Json::parse_event_t, Json&) {
        if (depth > kDeepest) throw RequestError("the body is nested too deep");
        return true;
    };
    try {
        return Json::parse(body, shallow);
    } catch (const Json::parse_error& error) {
        throw RequestError("the body is not valid JSON at byte " + std::to_string(error.byte));
    } catch (const Json::out_of_range&) {
        throw RequestError("a number in the body is too large; times are milliseconds since 1970");
    }
}

std::string listOf(std::initializer_list<const char*> known) {
    std::string all;
    for (const char* name : known) all += (all.empty() ? "" : ", ") + std::string(name);
    return all;
}

/// A name that cannot be anything personal, to find it by.
std::string quoted(const std::string& name) {
    const bool isPlain =
        name.size() <= 32 && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == name.npos;
    return isPlain ? " '" + name + "'" : "";
}

}  // namespace

void onlyKnown(const Json& object, const char* name, std::initializer_list<const char*> known) {
    if (!object.is_object()) throw RequestError(std::string(name) + " must be a JSON object");
    for (const auto& [member, value] : object.items())
        if (std::none_of(known.begin(), known.end(),
                         [&, &given = member](const char* one) { return given == one; }))
            throw RequestError("unknown member" + quoted(member) + " in " + name +
                               "; known ones are: " + (known.size() == 0 ? "none" : listOf(known)));
}

Json bodyOf(const Call& call, std::initializer_list<const char*> known) {
    Json body = call.body.empty() ? Json::object() : parsed(call.body);
    onlyKnown(body, "the body", known);
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
    if (!found->is_number_integer() || *found < 0 || *found > kLatestMs)
        throw RequestError(std::string("'") + name + "' must be a time in epoch milliseconds");
    return found->get<std::int64_t>();
}

std::int64_t number(const Json& body, const char* name, std::int64_t otherwise) {
    const auto found = body.find(name);
    if (found == body.end() || found->is_null()) return otherwise;
    if (!found->is_number_integer() || *found < 0 || *found > kLatestMs)
        throw RequestError(std::string("'") + name + "' must be a whole number");
    return found->get<std::int64_t>();
}

std::string stateFrom(const Call& call) {
    const std::string state = call.parameter("state", "all");
    if (state != "open" && state != "closed" && state != "all")
        throw RequestError("'state' must be open, closed or all");
    return state;
}

std::size_t offset(const std::string& after) {
    unsigned value = 0;
    if (after.empty()) return 0;
    if (!Poco::NumberParser::tryParseUnsigned(after, value))
        throw RequestError("'after' must be what 'next' said");
    return value;
}

Reply ok(const Json& body) {
    return {
        200, "application/json", body.dump(-1, ' ', false, Json::error_handler_t::replace), {}, {}};
}

Reply page(const Json& items, const std::string& next) {
    return ok({{"items", items}, {"next", next}});
}

}  // namespace concordat::api
