// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/talk.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/Timespan.h>
#include <nlohmann/json.hpp>

namespace concordat::e2e {

nlohmann::json Answer::json() const {
    auto value = nlohmann::json::parse(body, nullptr, false);
    return value.is_discarded() ? nlohmann::json() : value;
}

Talk::Talk(std::uint16_t port, std::string token) : port_(port), token_(std::move(token)) {}

Answer Talk::get(const std::string& path) const { return send("GET", path, ""); }

Answer Talk::post(const std::string& path, const nlohmann::json& body) const {
    return send("POST", path, body.dump(), {{"Content-Type", "application/json"}});
}

Answer Talk::send(const std::string& method,
                  const std::string& path,
                  const std::string& body,
                  const std::map<std::string, std::string>& headers) const {
    Poco::Net::HTTPClientSession session("127.0.0.1", port_);
    session.setTimeout(Poco::Timespan(60, 0));
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    if (!token_.empty()) request.set("Authorization", "Bearer " + token_);
    for (const auto& [name, value] : headers) request.set(name, value);
    request.setContentLength(static_cast<std::streamsize>(body.size()));
    Answer answer;
    try {
        session.sendRequest(request).write(body.data(), static_cast<std::streamsize>(body.size()));
        Poco::Net::HTTPResponse response;
        std::istream& stream = session.receiveResponse(response);
        Poco::StreamCopier::copyToString(stream, answer.body);
        answer.status = response.getStatus();
        answer.location = response.get("Location", "");
    } catch (const Poco::Exception&) {
        return {};
    }
    return answer;
}

}  // namespace concordat::e2e
