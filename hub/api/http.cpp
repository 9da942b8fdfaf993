// SPDX-License-Identifier: Apache-2.0
#include "hub/api/http.h"

#include <Poco/Logger.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/NumberParser.h>
#include <Poco/URI.h>
#include <nlohmann/json.hpp>

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

const std::string& valueOf(const std::map<std::string, std::string>& all,
                           const std::string& name,
                           const std::string& otherwise) {
    const auto found = all.find(name);
    return found == all.end() ? otherwise : found->second;
}

}  // namespace

std::string Call::header(const std::string& name) const { return valueOf(headers, name, ""); }

std::string Call::parameter(const std::string& name, const std::string& otherwise) const {
    return valueOf(query, name, otherwise);
}

int Call::limit(int otherwise, int most) const {
    const auto found = query.find("limit");
    if (found == query.end()) return otherwise;
    int value = 0;
    if (!Poco::NumberParser::tryParse(found->second, value) || value < 1 || value > most)
        throw RequestError("'limit' must be a whole number from 1 to " + std::to_string(most));
    return value;
}

Reply problem(int status, const std::string& detail, const std::string& instance) {
    const auto code = static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status);
    nlohmann::json body{{"type", "about:blank"},
                        {"title", Poco::Net::HTTPResponse::getReasonForStatus(code)},
                        {"status", status},
                        {"detail", detail}};
    if (!instance.empty()) body["instance"] = instance;
    return {status,
            "application/problem+json",
            body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
            {},
            {}};
}

Reply failed(const std::exception_ptr& thrown, const std::string& instance) {
    auto& log = Poco::Logger::get("hub.api");
    try {
        std::rethrow_exception(thrown);
    } catch (const Error& error) {
        if (error.code() >= 500)
            log.error("call failed kind=" + std::string(error.name()) +
                      " status=" + std::to_string(error.code()) + ": " + error.message());
        return problem(error.code(), error.message(), instance);
    } catch (const std::exception& error) {
        log.error("call failed kind=" + std::string(typeid(error).name()));
    }
    return problem(500, "the hub could not do this; its log says more", instance);
}

std::string decoded(const std::string& part) {
    std::string text;
    try {
        Poco::URI::decode(part, text);
    } catch (const Poco::SyntaxException&) {
        throw RequestError("the address is not a valid URL: look at its percent signs");
    }
    return text;
}

}  // namespace concordat::api
