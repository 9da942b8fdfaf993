// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/harness.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>
#include <sstream>
#include <stdexcept>

#include <Poco/String.h>
#include <nlohmann/json.hpp>

#include "tests/support/folders.h"

namespace concordat::e2e {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::string kSource = concordat::tests::sourceFolder();
const std::string kBuild = concordat::tests::buildFolder();
/// Generous: a machine that also compiles is slow, and nobody waits for it when all is well.
constexpr int kStartSeconds = 180;

std::string end(const std::string& text) {
    constexpr std::size_t kMost = 4'000;
    return text.size() > kMost ? text.substr(text.size() - kMost) : text;
}

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

bool isRoleMailbox(const std::string& email) {
    static const std::set<std::string> names{"info", "contact"};
    return names.contains(email.substr(0, email.find('@')));
}

bool isAscii(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 128; });
}

/// In memory where there is room: what a kill -9 leaves behind is the same, and hundreds of syncs
/// cost nothing.
fs::path roomyFolder() {
    constexpr std::uintmax_t kEnough = 1ULL << 30U;
    std::error_code ignored;
    const fs::path memory = "/dev/shm";
    const bool isChosen = std::getenv("TMPDIR") != nullptr;
    const auto space = fs::space(memory, ignored);
    return !isChosen && !ignored && space.available > kEnough ? memory : fs::temp_directory_path();
}

/// The lines of hub.address: "port 8480".
std::map<std::string, std::string> wordsOf(const std::string& text) {
    std::map<std::string, std::string> words;
    std::istringstream input(text);
    for (std::string name, value; input >> name >> value;) words[name] = value;
    return words;
}

}  // namespace

Folder::Folder() : exceptions_(std::uncaught_exceptions()) {
    std::string name = (roomyFolder() / "concordat-e2e-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

Folder::~Folder() {
    if (std::uncaught_exceptions() > exceptions_ || std::getenv("CONCORDAT_E2E_KEEP") != nullptr) {
        std::cerr << "the run's files and logs are kept in " << path_ << '\n';
        return;
    }
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

Program hubProgram(const std::string& home, std::vector<std::string> arguments) {
    Program program;
    program.path = kBuild + "/bin/concordat";
    program.arguments = std::move(arguments);
    program.out = home + "/hub.out";
    program.log = home + "/hub.log";
    program.environment = {
        {"DEMO_SALESFORCE_ID", "demo-client"},     {"DEMO_SALESFORCE_SECRET", "demo-secret"},
        {"DEMO_SELLSY_ID", "demo-client"},         {"DEMO_SELLSY_SECRET", "demo-secret"},
        {"DEMO_SELLSY_SIGN_KEY", "demo-sign-key"}, {"DEMO_EUDONET_SUBSCRIBER", "demo-subscriber"},
        {"DEMO_EUDONET_USER", "demo-user"},        {"CONCORDAT_LISTEN_PORT", "0"},
        {"CONCORDAT_WEBHOOKS_PORT", "0"}};
    return program;
}

Company::Company(const CompanyOptions& options) : environment_(options.environment) {
    for (const std::string& system : kSystems)
        simulators_[system] =
            std::make_unique<Simulator>(system, home(), options.people, options.seed);
    writeConfiguration(options);
    startHub();
    if (options.open) {
        Json rehearsal = tell("/v1/rehearsals", {{"systems", kSystems}});
        const std::string path = "/v1/rehearsals/" + rehearsal.at("id").get<std::string>();
        if (!eventually([&] { return ask(path).at("state") == "ready"; }, kStartSeconds))
            throw std::runtime_error("the rehearsal does not get ready: " + end(log()));
        tell(path + "/approve", Json::object());
        if (!settle())
            throw std::runtime_error("the first writes do not end: " + ask("/v1/systems").dump() +
                                     end(log()));
    }
    findPeople();
}

void Company::writeConfiguration(const CompanyOptions& options) {
    Program init = hubProgram(home(), {"init", home()});
    if (run(init) != 0) throw std::runtime_error("concordat init failed: " + end(log()));
    fs::remove(folder_ / "manifests/sellsy.yaml");
    writeText(configuration(), "node: e2e\nvocabularies: " + kSource +
                                   "/manifests/vocabularies\nplugins: " + kBuild +
                                   "/plugins\nwebhooks.public_url: "
                                   "http://127.0.0.1:{port}\nsync.interval: 1s\nsync.lease: 10s\n");
    const std::map<std::string, std::string> ports{
        {"http://127.0.0.1:8491", at("salesforce").address()},
        {"http://127.0.0.1:8492", at("sellsy").address()},
        {"http://127.0.0.1:8493", at("eudonet").address()}};
    for (const std::string folder : {"/manifests/demo", "/manifests/demo/integrations"}) {
        for (const auto& entry : fs::directory_iterator(kSource + folder)) {
            if (entry.path().extension() != ".yaml") continue;
            std::string text = textOf(entry.path());
            for (const auto& [from, to] : ports) Poco::replaceInPlace(text, from, to);
            for (const auto& [from, to] : options.manifests) Poco::replaceInPlace(text, from, to);
            writeText(folder_ / ("manifests/" + entry.path().filename().string()), text);
        }
    }
}

void Company::startHub() {
    const std::string addressFile = folder_ / "data/hub.address";
    fs::remove(addressFile);
    Program serve = hubProgram(home(), {"serve", "--config", configuration()});
    for (const auto& [name, value] : environment_) serve.environment[name] = value;
    hub_ = std::make_unique<Child>(serve);
    const bool ready =
        eventually([&] { return !textOf(addressFile).empty() || !hub_->runs(); }, kStartSeconds);
    auto words = wordsOf(textOf(addressFile));
    if (!ready || words["token"].empty())
        throw std::runtime_error("the hub did not start: " + end(log()));
    port_ = static_cast<std::uint16_t>(std::stoi(words["port"]));
    webhookPort_ = static_cast<std::uint16_t>(std::stoi(words["webhook_port"]));
    token_ = words["token"];
    if (!eventually([this] { return api().get("/health").ok(); }))
        throw std::runtime_error("the hub does not answer: " + end(log()));
}

void Company::killHub() {
    const std::vector<pid_t> connectors = childrenOf(hub_->pid());
    hub_->kill();
    eventually([&] { return std::none_of(connectors.begin(), connectors.end(), alive); });
}

std::optional<int> Company::stopHub(int seconds) {
    hub_->signal(SIGTERM);
    return hub_->end(seconds);
}

Talk Company::api() const { return Talk(port_, token_); }

Json Company::ask(const std::string& path) const {
    const Answer answer = api().get(path);
    if (answer.ok()) return answer.json();
    throw std::runtime_error("GET " + path + ": " + std::to_string(answer.status) + " " +
                             answer.body);
}

Json Company::items(const std::string& path) const { return ask(path).at("items"); }

Json Company::tell(const std::string& path, const Json& body) const {
    const Answer answer = api().post(path, body);
    if (answer.ok()) return answer.json();
    throw std::runtime_error("POST " + path + ": " + std::to_string(answer.status) + " " +
                             answer.body);
}

void Company::findPeople() {
    std::map<std::string, std::vector<std::pair<std::string, Place>>> found;
    std::set<std::string> refused;
    for (const auto& [system, crm] : simulators_) {
        for (const std::string& object : objectsOf(system)) {
            for (const Json& record : crm->records(object)) {
                const std::string email = emailOf(system, record);
                found[email].emplace_back(system, placeOf(system, object, record));
                if (refuses(system, record, "email") || refuses(system, record, "phone"))
                    refused.insert(email);
            }
        }
    }
    for (const auto& [email, places] : found) {
        const std::set<std::string> systems = [&places = places] {
            std::set<std::string> all;
            for (const auto& [system, place] : places) all.insert(system);
            return all;
        }();
        const bool usual = !email.empty() && isAscii(email) && !isRoleMailbox(email);
        if (!usual || refused.contains(email) || places.size() != 3 || systems.size() != 3)
            continue;
        people_.push_back({email, {places.begin(), places.end()}});
    }
}

Person Company::person() {
    if (nextPerson_ == people_.size())
        throw std::runtime_error("only " + std::to_string(people_.size()) +
                                 " people are known to all systems: ask for more");
    return people_[nextPerson_++];
}

std::vector<Person> Company::people(std::size_t number) {
    std::vector<Person> all;
    while (all.size() < number) all.push_back(person());
    return all;
}

std::vector<std::string> Company::everyEmail() const {
    std::set<std::string> all;
    for (const auto& [system, crm] : simulators_)
        for (const std::string& object : objectsOf(system))
            for (const Json& record : crm->records(object)) all.insert(emailOf(system, record));
    all.erase("");
    return {all.begin(), all.end()};
}

void Company::refuse(const std::string& system, const Person& person, const std::string& ch) {
    type(at(system), person.at.at(system), ch, true);
}

void Company::agree(const std::string& system, const Person& person, const std::string& ch) {
    type(at(system), person.at.at(system), ch, false);
}

bool Company::refusedAt(const std::string& system,
                        const Person& person,
                        const std::string& channel) const {
    return refusesNow(*simulators_.at(system), person.at.at(system), channel);
}

bool Company::refusedEverywhere(const Person& person, const std::string& channel) const {
    return std::all_of(kSystems.begin(), kSystems.end(), [&](const std::string& system) {
        return refusedAt(system, person, channel);
    });
}

bool Company::permittedEverywhere(const Person& person, const std::string& channel) const {
    return std::none_of(kSystems.begin(), kSystems.end(), [&](const std::string& system) {
        return refusedAt(system, person, channel);
    });
}

std::string Company::subject(const Person& person) const {
    const Json items = tell("/v1/subjects/search", {{"identifier", person.email}}).at("items");
    return items.empty() ? "" : items.at(0).at("id").get<std::string>();
}

Json Company::subjectPage(const Person& person) const {
    return ask("/v1/subjects/" + subject(person));
}

std::string Company::answer(const Person& person, const std::string& channel) const {
    const Json items = tell("/v1/effective", {{"scope", "lyon"},
                                              {"purpose", "PROSPECTING"},
                                              {"channel", channel},
                                              {"identifiers", {person.email}}})
                           .at("items");
    return items.at(0).at("answer");
}

bool Company::verified(const Person& person,
                       const std::string& wanted,
                       const std::string& channel) const {
    return answer(person, channel) == wanted &&
           std::all_of(kSystems.begin(), kSystems.end(), [&](const std::string& system) {
               return verifiedAt(system, person, channel);
           });
}

bool Company::verifiedAt(const std::string& system,
                         const Person& person,
                         const std::string& channel) const {
    const Json page = subjectPage(person);
    for (const Json& record : page.at("records"))
        for (const Json& slot : record.at("slots"))
            if (record.at("system") == system &&
                Poco::toLower(slot.at("slot").get<std::string>()).find("." + channel) !=
                    std::string::npos &&
                !slot.value("verified", false))
                return false;
    return true;
}

Json Company::withdrawAtHub(const Person& person, const std::string& channel) {
    return tell("/v1/choices", {{"identifier", {{"kind", "email"}, {"value", person.email}}},
                                {"scope", "lyon"},
                                {"purposes", {"PROSPECTING"}},
                                {"channels", {channel}},
                                {"decision", "withdrawn"},
                                {"actor", "portal"},
                                {"reason", "unsubscribed"}});
}

Json Company::grant(const Person& person, const std::string& channel) {
    const std::int64_t at = now();
    return tell("/v1/choices", {{"identifier", {{"kind", "email"}, {"value", person.email}}},
                                {"scope", "lyon"},
                                {"purposes", {"PROSPECTING"}},
                                {"channels", {channel}},
                                {"decision", "granted"},
                                {"evidence",
                                 {{"source", "web form"},
                                  {"notice_id", "notice-2026-01"},
                                  {"method", "double_opt_in"},
                                  {"captured_at", at},
                                  {"confirmed_at", at}}},
                                {"actor", "web form"},
                                {"reason", "confirmed by mail"}});
}

Json Company::inboxOf(const Person& person, const std::string& kind) const {
    const std::string id = subject(person);
    Json all = Json::array();
    for (const Json& item : items("/v1/inbox?state=open&limit=500"))
        if (item.value("subject", "") == id && (kind.empty() || item.value("kind", "") == kind))
            all.push_back(item);
    return all;
}

bool Company::quiet(std::int64_t since) const {
    const Answer answer = api().get("/v1/systems");
    if (!answer.ok()) return false;
    const Json page = answer.json();
    const Json& items = page.at("items");
    return std::all_of(items.begin(), items.end(), [&](const Json& system) {
        return system.value("due", 1) == 0 && system.value("last_pull_at", std::int64_t{0}) > since;
    });
}

bool Company::settle(int seconds) const {
    const std::int64_t since = now();
    const auto readAll = [&] {
        return std::all_of(kSystems.begin(), kSystems.end(), [&](const std::string& system) {
            return api().post("/v1/systems/" + system + "/sync", Json::object()).ok();
        });
    };
    return eventually([&] { return readAll() && quiet(since); }, seconds);
}

}  // namespace concordat::e2e
