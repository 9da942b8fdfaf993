// SPDX-License-Identifier: Apache-2.0
#include "hub/app/client.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/StreamCopier.h>
#include <nlohmann/json.hpp>

#include "hub/consent/error.h"

namespace concordat::app {

namespace {

constexpr int kLongestCallSeconds = 600;

std::string problemText(const nlohmann::json& problem, int status) {
    const std::string title = problem.value("title", "the hub answered " + std::to_string(status));
    const std::string detail = problem.value("detail", "");
    return detail.empty() ? title : detail;
}

}  // namespace

Client::Client(HubAddress address) : address_(std::move(address)) {}

nlohmann::json Client::get(const std::string& path) const {
    return send(Poco::Net::HTTPRequest::HTTP_GET, path, "");
}

nlohmann::json Client::post(const std::string& path, const nlohmann::json& body) const {
    return send(Poco::Net::HTTPRequest::HTTP_POST, path, body.dump());
}

bool Client::answers() const {
    try {
        return get("/health").contains("status");
    } catch (const Error&) {
        return false;
    }
}

nlohmann::json Client::send(const std::string& method,
                            const std::string& path,
                            const std::string& body) const {
    std::string text;
    Poco::Net::HTTPResponse response;
    try {
        Poco::Net::HTTPClientSession session(address_.host, address_.port);
        session.setTimeout(Poco::Timespan(kLongestCallSeconds, 0));
        Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
        request.set("Authorization", "Bearer " + address_.token);
        request.setContentType("application/json");
        request.setContentLength(static_cast<std::streamsize>(body.size()));
        session.sendRequest(request) << body;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
    } catch (const Poco::Exception& error) {
        throw ConfigError("no hub answers at " + address_.host + ":" +
                          std::to_string(address_.port) + " (" + error.displayText() +
                          "); start it with: concordat serve --config DIR/hub.yaml");
    }
    const auto answer = nlohmann::json::parse(text, nullptr, false);
    if (response.getStatus() >= 400)
        throw RequestError(problemText(answer.is_object() ? answer : nlohmann::json::object(),
                                       response.getStatus()),
                           response.getStatus());
    return answer.is_discarded() ? nlohmann::json{{"text", text}} : answer;
}

}  // namespace concordat::app
