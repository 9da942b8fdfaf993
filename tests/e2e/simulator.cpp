// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/simulator.h"

#include <filesystem>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/e2e/talk.h"
#include "tests/support/folders.h"

namespace concordat::e2e {

using Json = nlohmann::json;

Simulator::Simulator(const std::string& vendor,
                     const std::string& folder,
                     int people,
                     unsigned seed)
    : vendor_(vendor), folder_(folder), people_(people), seed_(seed) {
    start();
}

void Simulator::start() {
    const std::string portFile = folder_ + "/" + vendor_ + ".port";
    std::filesystem::remove(portFile);
    Program program;
    program.path = concordat::tests::buildFolder() + "/bin/simulate-" + vendor_;
    program.arguments = {"--port",      std::to_string(port_),
                         "--port-file", portFile,
                         "--people",    std::to_string(people_),
                         "--seed",      std::to_string(seed_),
                         "--state",     folder_ + "/" + vendor_ + ".state"};
    program.log = folder_ + "/" + vendor_ + ".log";
    child_ = std::make_unique<Child>(program);
    if (!eventually([&] { return !textOf(portFile).empty() || !child_->runs(); }) ||
        textOf(portFile).empty())
        throw std::runtime_error(vendor_ + "'s simulator did not start: " + textOf(program.log));
    port_ = static_cast<std::uint16_t>(std::stoi(textOf(portFile)));
}

void Simulator::kill() { child_->kill(); }

Json Simulator::call(const std::string& method,
                     const std::string& what,
                     const std::string& body) const {
    const Answer answer = Talk(port_).send(method, "/_admin/" + what, body);
    if (!answer.ok())
        throw std::runtime_error(vendor_ + " " + method + " " + what.substr(0, what.find('?')) +
                                 ": " + std::to_string(answer.status) + " " + answer.body);
    return answer.json();
}

Json Simulator::get(const std::string& what) const { return call("GET", what, ""); }

Json Simulator::post(const std::string& what, const Json& body) const {
    return call("POST", what, body.dump());
}

Json Simulator::act(const Json& order) const { return post("act", order); }

void Simulator::set(const Json& settings) const { post("settings", settings); }

void Simulator::disturb(const Json& faults) const { post("faults", faults); }

void Simulator::calm() const { call("DELETE", "faults", ""); }

Json Simulator::record(const std::string& object, const std::string& id) const {
    const Json found = get("records?object=" + object + "&id=" + id).at("records");
    return found.empty() ? Json() : found.at(0);
}

Json Simulator::records(const std::string& object) const {
    return get("records?limit=1000000&object=" + object).at("records");
}

Json Simulator::writes(std::uint64_t since) const {
    return get("writes?since=" + std::to_string(since)).at("writes");
}

std::uint64_t Simulator::lastWrite() const { return get("writes").at("last_seq"); }

Json Simulator::hubWrites(std::uint64_t since) const {
    Json all = Json::array();
    for (Json& write : writes(since))
        if (write.at("via") != "act") all.push_back(std::move(write));
    return all;
}

}  // namespace concordat::e2e
