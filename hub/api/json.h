// SPDX-License-Identifier: Apache-2.0
#pragma once
// JSON bodies in and out, with one sentence for what is wrong in them.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "hub/api/http.h"

namespace concordat::api {

/// The call's body as an object; unknown members, bad JSON and depth over 32 throw RequestError.
nlohmann::json bodyOf(const Call& call, std::initializer_list<const char*> known);

/// Refuses members of the object `name` that are not known, and what is no object.
void onlyKnown(const nlohmann::json& object,
               const char* name,
               std::initializer_list<const char*> known);

/// Members by type; throw RequestError that names the member.
std::string requiredText(const nlohmann::json& body, const char* name);
std::string text(const nlohmann::json& body, const char* name, const std::string& otherwise = "");
std::vector<std::string> texts(const nlohmann::json& body, const char* name, std::size_t most);
std::optional<std::int64_t> time(const nlohmann::json& body, const char* name);
std::int64_t number(const nlohmann::json& body, const char* name, std::int64_t otherwise);

/// The query's `state`: open, closed or all; all where it is missing.
std::string stateFrom(const Call& call);
/// A cursor that is a count; throws RequestError for anything else.
std::size_t offset(const std::string& after);

Reply ok(const nlohmann::json& body);
/// {"items": …, "next": …}
Reply page(const nlohmann::json& items, const std::string& next = "");

}  // namespace concordat::api
