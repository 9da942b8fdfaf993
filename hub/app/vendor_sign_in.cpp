// SPDX-License-Identifier: Apache-2.0
#include "hub/app/vendor_sign_in.h"

#include <chrono>
#include <iostream>

#include <Poco/URI.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <unistd.h>

#include "hub/consent/error.h"

namespace concordat::app {

namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 10min;
constexpr int kLookEveryMs = 1'000;

std::string parameterOf(const std::string& address, const std::string& name) {
    for (const auto& [key, value] : Poco::URI(address).getQueryParameters())
        if (key == name) return value;
    return "";
}

/// What a person types, line by line, without waiting for it longer than asked.
class Typed {
 public:
    /// A line that came within `ms`; empty: none did.
    std::string line(int ms) {
        pollfd waiting{STDIN_FILENO, POLLIN, 0};
        if (::poll(&waiting, ended_ ? 0 : 1, ms) <= 0) return "";
        std::string text(4'096, '\0');
        const auto got = ::read(STDIN_FILENO, text.data(), text.size());
        ended_ = got <= 0;
        if (ended_) return "";
        text_ += text.substr(0, static_cast<std::size_t>(got));
        const auto end = text_.find('\n');
        if (end == std::string::npos) return "";
        const std::string first = text_.substr(0, end);
        text_.erase(0, end + 1);
        return first;
    }

 private:
    bool ended_ = false;
    std::string text_;
};

/// Ends the sign-in with what was typed: the address that the browser was sent to, or its code.
void finish(const Client& hub, const std::string& typed, const std::string& begun) {
    const auto first = typed.find_first_not_of(" \t\r");
    const auto last = typed.find_last_not_of(" \t\r");
    if (first == std::string::npos) return;
    const std::string text = typed.substr(first, last - first + 1);
    const bool isAddress = text.find("://") != std::string::npos;
    const std::string code = isAddress ? parameterOf(text, "code") : text;
    const std::string state = parameterOf(isAddress ? text : begun, "state");
    if (isAddress && !parameterOf(text, "error").empty())
        throw RequestError("the vendor did not accept the sign-in: " + parameterOf(text, "error"),
                           502);
    if (code.empty() || state.empty())
        throw RequestError(
            "what was typed has no code: type the whole address of the page that "
            "the vendor sent the browser to",
            400);
    Poco::URI callback("/oauth/callback");
    callback.addQueryParameter("code", code);
    callback.addQueryParameter("state", state);
    hub.get(callback.getPathAndQuery());
}

}  // namespace

void signInAtVendor(const Client& hub, const std::string& system, bool quiet) {
    std::ostream& out = quiet ? std::cerr : std::cout;
    const std::string path = "/v1/systems/" + system;
    const std::string address =
        hub.post(path + "/authorize", nlohmann::json::object()).at("url").get<std::string>();
    out << system << " lets the hub in once a person has signed in there. Open this address in a "
        << "browser:\n\n  " << address << "\n\nThen wait here. If the page that comes last cannot "
        << "be shown, type its whole address (or the code in it) and press Enter.\n"
        << std::flush;
    Typed typed;
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < until) {
        const std::string line = typed.line(kLookEveryMs);
        if (!line.empty()) finish(hub, line, address);
        const std::string standing = hub.get(path).value("authorization", "");
        if (standing == "pending") continue;
        if (standing == "missing")
            throw RequestError("the vendor did not accept the sign-in at " + system +
                                   ": begin again with concordat connect " + system,
                               502);
        out << "The hub is signed in at " << system << ".\n";
        return;
    }
    throw RequestError("nobody signed in at " + system +
                           " within ten minutes: begin again with concordat connect " + system,
                       503);
}

}  // namespace concordat::app
