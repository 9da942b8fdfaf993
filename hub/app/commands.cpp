// SPDX-License-Identifier: Apache-2.0
// The commands that ask a hub: the running one, or one that runs in this process for as long as the
// command.
#include "hub/app/commands.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <set>

#include <nlohmann/json.hpp>

#include "hub/app/hub.h"
#include "hub/app/terminal.h"
#include "hub/app/vendor_sign_in.h"
#include "hub/consent/error.h"

namespace concordat::app {

namespace {

using Json = nlohmann::json;

/// A hub to ask. Without a running one it starts a hub without lanes in this process.
class Asked {
 public:
    explicit Asked(const CommandLine& line) {
        const Settings settings = loadSettings(line.config, line.flags);
        client_ = runningHub(settings);
        if (client_) return;
        own_ = std::make_unique<Hub>(settings, loadManifests(settings), HubOptions{false, true});
        client_ = std::make_unique<Client>(own_->address());
    }
    const Client* operator->() const { return client_.get(); }

 private:
    std::unique_ptr<Hub> own_;
    std::unique_ptr<Client> client_;
};

std::string textOf(const Json& value, const char* key) {
    const auto found = value.find(key);
    if (found == value.end() || found->is_null()) return "–";
    return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string timeOf(const Json& value, const char* key) {
    return timeText(value.value(key, std::int64_t{0}));
}

std::string listOf(const Json& value, const char* key) {
    std::string all;
    for (const Json& one : value.value(key, Json::array()))
        all += (all.empty() ? "" : ", ") + (one.is_string() ? one.get<std::string>() : one.dump());
    return all;
}

Exit printed(const Json& answer) {
    std::cout << answer.dump(2) << '\n';
    return Exit::Ok;
}

std::string subjectId(const Asked& hub, const std::string& idOrIdentifier) {
    const bool isIdentifier = idOrIdentifier.find_first_of("@+ ") != std::string::npos ||
                              idOrIdentifier.find_first_not_of("0123456789") == std::string::npos;
    if (!isIdentifier) return idOrIdentifier;
    const Json found = hub->post("/v1/subjects/search", {{"identifier", idOrIdentifier}});
    const Json& items = found.at("items");
    if (items.empty())
        throw RequestError(
            "nobody is known by that identifier: check its spelling, or whether its system was "
            "read already",
            404);
    if (items.size() > 1) {
        std::string ids;
        for (const Json& item : items) ids += " " + item.at("id").get<std::string>();
        throw RequestError("several people share that identifier; ask by subject id:" + ids, 409);
    }
    return items.at(0).at("id");
}

void printSlots(const Json& subject) {
    std::vector<std::vector<std::string>> rows;
    for (const Json& record : subject.value("records", Json::array()))
        for (const Json& slot : record.value("slots", Json::array()))
            rows.push_back({textOf(record, "system"),
                            textOf(record, "object") + " " + textOf(record, "id"),
                            textOf(slot, "slot"), textOf(slot, "shows"), textOf(slot, "wanted"),
                            slot.value("verified", false) ? "yes" : "no", textOf(slot, "reason")});
    printTable({"SYSTEM", "RECORD", "SLOT", "SHOWS", "WANTED", "VERIFIED", "WHY"}, rows);
}

std::vector<std::string> identifiersOf(const MayOptions& options) {
    std::vector<std::string> all = options.identifiers;
    if (options.file.empty()) return all;
    std::ifstream file;
    if (options.file != "-") file.open(options.file);
    std::istream& input = options.file == "-" ? std::cin : file;
    if (!input) throw ConfigError(options.file + " cannot be read: check the path");
    for (std::string lineText; std::getline(input, lineText);) {
        const std::string first = lineText.substr(0, lineText.find_first_of(",;\t\r"));
        if (!first.empty()) all.push_back(first);
    }
    return all;
}

std::size_t printAnswers(const Json& answers, bool json) {
    std::size_t denied = 0;
    for (const Json& item : answers) {
        const bool permit = item.value("answer", "") == "permit";
        if (!permit) ++denied;
        if (json)
            std::cout << item.dump() << '\n';
        else
            std::cout << (permit ? "yes" : "no ") << "  " << textOf(item, "identifier") << "  "
                      << textOf(item, "answer") << ", rule " << textOf(item, "rule") << '\n';
    }
    return denied;
}

void printRehearsal(const Json& rehearsal) {
    std::vector<std::vector<std::string>> rows;
    const Json& figures = rehearsal.at("figures");
    for (const Json& system : figures.value("per_system", Json::array()))
        rows.push_back({textOf(system, "system"), textOf(system, "tighten"),
                        textOf(system, "loosen"), textOf(system, "irreversible"),
                        textOf(system, "untouched")});
    printTable({"SYSTEM", "WOULD DENY", "WOULD PERMIT", "IRREVERSIBLE", "UNTOUCHED"}, rows);
    std::set<std::vector<std::string>> samples;
    for (const Json& system : figures.value("per_system", Json::array()))
        for (const Json& sample : system.value("samples", Json::array()))
            samples.insert({textOf(system, "system"), textOf(sample, "slot"), textOf(sample, "raw"),
                            textOf(sample, "reading")});
    std::cout << '\n';
    printTable({"SYSTEM", "SLOT", "THE VENDOR SAYS", "READ AS"}, {samples.begin(), samples.end()});
    std::cout << '\n';
    std::cout << figures.value("subjects", 0)
              << " people would be written to. Check that the readings above are right before you "
                 "approve.\n";
}

Json waitForRehearsal(const Asked& hub, Json rehearsal, bool json) {
    ProgressBar bar("Reading", !json);
    const std::string path = "/v1/rehearsals/" + rehearsal.at("id").get<std::string>();
    while (rehearsal.value("state", "") == "loading") {
        bar.show(rehearsal.value("progress", -1.0), "every record before anything is written");
        rehearsal = hub->get(path + "?wait=1");
    }
    return rehearsal;
}

std::vector<std::string> notOpen(const Asked& hub) {
    static const std::set<std::string> kOpening{"waiting", "loading", "rehearsing"};
    std::vector<std::string> systems;
    const Json all = hub->get("/v1/systems");
    for (const Json& system : all.at("items"))
        if (kOpening.contains(textOf(system, "state"))) systems.push_back(system.at("system"));
    return systems;
}

/// Has a person sign the hub in wherever one must and none has.
void signInWhereMissing(const Asked& hub, const ConnectOptions& options, bool json) {
    const Json all = hub->get("/v1/systems");
    for (const Json& system : all.at("items")) {
        const std::string name = system.at("system");
        const std::string standing = system.value("authorization", "none");
        const bool isWanted = std::count(options.systems.begin(), options.systems.end(), name) > 0;
        if (!isWanted) continue;
        if (options.signIn && standing == "none")
            throw ConfigError(name +
                              " signs in without a person: see connection.auth of its "
                              "manifest");
        if (standing == "missing" || standing == "pending" || options.signIn)
            signInAtVendor(*hub.operator->(), name, json);
    }
}

bool agreed() {
    std::cout << "Open these systems for writing? Type yes: " << std::flush;
    std::string answer;
    return std::getline(std::cin, answer) && answer == "yes";
}

}  // namespace

Exit showSystems(const CommandLine& line) {
    const Asked hub(line);
    const Json answer = hub->get("/v1/systems");
    if (line.json) return printed(answer);
    std::vector<std::vector<std::string>> rows;
    for (const Json& s : answer.at("items"))
        rows.push_back({textOf(s, "system"), textOf(s, "connector"), textOf(s, "state"),
                        textOf(s, "records"), textOf(s, "due"), textOf(s, "parked"),
                        spanText(s.value("lag_ms", std::int64_t{0})), timeOf(s, "last_pull_at"),
                        s.value("problem", "")});
    printTable(
        {"SYSTEM", "CONNECTOR", "STATE", "RECORDS", "DUE", "PARKED", "LAG", "LAST READ", "PROBLEM"},
        rows);
    return Exit::Ok;
}

Exit connectSystems(const CommandLine& line, const ConnectOptions& options) {
    const Asked hub(line);
    const std::vector<std::string> systems =
        options.systems.empty() ? notOpen(hub) : options.systems;
    if (systems.empty()) {
        std::cout << (line.json ? "{}" : "Every system is open already.") << '\n';
        return Exit::Ok;
    }
    signInWhereMissing(hub, {systems, false, false, options.signIn}, line.json);
    const Json rehearsal =
        waitForRehearsal(hub, hub->post("/v1/rehearsals", {{"systems", systems}}), line.json);
    if (line.json && (options.rehearse || !options.approve)) return printed(rehearsal);
    if (!line.json) printRehearsal(rehearsal);
    if (options.rehearse) return Exit::Ok;
    if (!options.approve && !agreed()) {
        std::cout << "Nothing was opened.\n";
        return Exit::Problems;
    }
    const Json approved = hub->post(
        "/v1/rehearsals/" + rehearsal.at("id").get<std::string>() + "/approve", Json::object());
    if (line.json) return printed(approved);
    std::cout << "Open.\n";
    return Exit::Ok;
}

Exit syncOnce(const CommandLine& line, const std::string& system) {
    const Asked hub(line);
    Json rounds = Json::array();
    std::vector<std::string> systems;
    const Json all = hub->get("/v1/systems");
    for (const Json& s : all.at("items"))
        if (system.empty() || s.at("system") == system) systems.push_back(s.at("system"));
    if (systems.empty())
        throw ConfigError("no system is called '" + system + "': concordat systems lists them");
    ProgressBar bar("Syncing", !line.json);
    for (std::size_t i = 0; i < systems.size(); ++i) {
        bar.show(static_cast<double>(i) / static_cast<double>(systems.size()), systems[i]);
        Json round = hub->post("/v1/systems/" + systems[i] + "/sync", Json::object());
        round["system"] = systems[i];
        rounds.push_back(std::move(round));
    }
    if (line.json) return printed({{"items", rounds}});
    std::vector<std::vector<std::string>> rows;
    for (const Json& r : rounds)
        rows.push_back({textOf(r, "system"), textOf(r, "pulled"), textOf(r, "events"),
                        textOf(r, "written"), textOf(r, "verified"), textOf(r, "due"),
                        textOf(r, "parked")});
    printTable({"SYSTEM", "READ", "EVENTS", "WRITTEN", "VERIFIED", "DUE", "PARKED"}, rows);
    return Exit::Ok;
}

Exit showSubject(const CommandLine& line, const std::string& idOrIdentifier) {
    const Asked hub(line);
    const Json subject = hub->get("/v1/subjects/" + subjectId(hub, idOrIdentifier));
    if (line.json) return printed(subject);
    std::cout << "Subject " << textOf(subject, "id") << '\n';
    for (const Json& identifier : subject.value("identifiers", Json::array()))
        std::cout << "  " << textOf(identifier, "kind") << "  " << textOf(identifier, "value")
                  << (identifier.value("role", false) ? "  (role mailbox)" : "") << '\n';
    std::vector<std::vector<std::string>> rows;
    for (const Json& e : subject.value("effective", Json::array()))
        rows.push_back({textOf(e, "scope"), textOf(e, "purpose"), textOf(e, "channel"),
                        textOf(e, "answer"), textOf(e, "rule"), timeOf(e, "since"),
                        textOf(e, "reason")});
    printTable({"SCOPE", "PURPOSE", "CHANNEL", "ANSWER", "RULE", "SINCE", "WHY"}, rows);
    printSlots(subject);
    return Exit::Ok;
}

Exit showHistory(const CommandLine& line, const std::string& idOrIdentifier) {
    const Asked hub(line);
    const Json history = hub->get("/v1/subjects/" + subjectId(hub, idOrIdentifier) + "/history");
    if (line.json) return printed(history);
    std::vector<std::vector<std::string>> rows;
    for (const Json& h : history.at("items"))
        rows.push_back(
            {timeOf(h, "at"), textOf(h, "kind"), textOf(h, "system"), textOf(h, "text")});
    printTable({"WHEN", "WHAT", "SYSTEM", "IN WORDS"}, rows);
    return Exit::Ok;
}

Exit showInbox(const CommandLine& line, const std::string& state) {
    const Asked hub(line);
    const Json answer = hub->get("/v1/inbox?limit=500&state=" + state);
    if (line.json) return printed(answer);
    std::vector<std::vector<std::string>> rows;
    for (const Json& i : answer.at("items"))
        rows.push_back({textOf(i, "id"), timeOf(i, "created_at"), textOf(i, "kind"),
                        textOf(i, "system"), textOf(i, "subject"), textOf(i, "text")});
    printTable({"ID", "SINCE", "KIND", "SYSTEM", "SUBJECT", "WHAT TO LOOK AT"}, rows);
    return Exit::Ok;
}

Exit showDeliveries(const CommandLine& line, const std::string& system) {
    const Asked hub(line);
    const Json answer =
        hub->get("/v1/deliveries?limit=200" + (system.empty() ? "" : "&system=" + system));
    if (line.json) return printed(answer);
    std::vector<std::vector<std::string>> rows;
    for (const Json& d : answer.at("items"))
        rows.push_back({timeOf(d, "at"), textOf(d, "system"), textOf(d, "record"),
                        textOf(d, "stage"), listOf(d, "slots"),
                        spanText(d.value("latency_ms", std::int64_t{0})), d.value("message", "")});
    printTable({"WHEN", "SYSTEM", "RECORD", "STAGE", "SLOTS", "AFTER", "MESSAGE"}, rows);
    return Exit::Ok;
}

Exit pauseSystem(const CommandLine& line, const std::string& system, const std::string& reason) {
    const Asked hub(line);
    const Json answer = hub->post("/v1/systems/" + system + "/pause", {{"reason", reason}});
    if (line.json) return printed(answer);
    std::cout << system << " is paused: no loosening writes. Withdrawals go on.\n";
    return Exit::Ok;
}

Exit resumeSystem(const CommandLine& line, const std::string& system) {
    const Asked hub(line);
    const Json answer = hub->post("/v1/systems/" + system + "/resume", Json::object());
    if (line.json) return printed(answer);
    std::cout << system << " goes on.\n";
    return Exit::Ok;
}

Exit may(const CommandLine& line, const MayOptions& options) {
    constexpr std::size_t kMostAtOnce = 1'000;
    const std::vector<std::string> identifiers = identifiersOf(options);
    if (identifiers.empty()) throw ConfigError("nobody to ask about: give identifiers, or --file");
    const Asked hub(line);
    ProgressBar bar("Asking", !line.json && identifiers.size() > kMostAtOnce);
    std::size_t denied = 0;
    for (std::size_t from = 0; from < identifiers.size(); from += kMostAtOnce) {
        const std::size_t to = std::min(identifiers.size(), from + kMostAtOnce);
        const std::vector<std::string> some(identifiers.begin() + static_cast<std::ptrdiff_t>(from),
                                            identifiers.begin() + static_cast<std::ptrdiff_t>(to));
        Json question{
            {"purpose", options.purpose}, {"channel", options.channel}, {"identifiers", some}};
        if (!options.scope.empty()) question["scope"] = options.scope;
        denied += printAnswers(hub->post("/v1/effective", question).at("items"), line.json);
        bar.show(static_cast<double>(to) / static_cast<double>(identifiers.size()),
                 std::to_string(to));
    }
    return denied == 0 ? Exit::Ok : Exit::Denied;
}

Exit backup(const CommandLine& line, const std::string& path) {
    const Asked hub(line);
    const Json answer = hub->post("/v1/backup", {{"path", path}});
    if (line.json) return printed(answer);
    std::cout << "Written to " << textOf(answer, "path") << ", " << textOf(answer, "bytes")
              << " bytes. It is sealed: keep the key file apart from it.\n";
    return Exit::Ok;
}

Exit integrity(const CommandLine& line) {
    const Asked hub(line);
    const Json answer = hub->post("/v1/integrity", Json::object());
    const Json& problems = answer.at("problems");
    if (line.json) {
        printed(answer);
    } else {
        for (const Json& problem : problems) std::cout << problem.get<std::string>() << '\n';
        if (problems.empty()) std::cout << "The store is sound.\n";
    }
    return problems.empty() ? Exit::Ok : Exit::Problems;
}

Exit showSettings(const CommandLine& line) {
    const Settings settings = loadSettings(line.config, line.flags);
    Json items = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const SettingRow& row : settingRows()) {
        const Setting& setting = settings.all().at(row.name);
        items.push_back({{"name", row.name},
                         {"value", setting.value},
                         {"origin", setting.origin},
                         {"unit", row.unit},
                         {"help", row.help},
                         {"environment", environmentName(row.name)}});
        rows.push_back(
            {row.name,
             setting.value.empty()
                 ? "–"
                 : setting.value + (*row.unit == '\0' ? "" : std::string(" ") + row.unit),
             setting.origin, row.help});
    }
    if (line.json) return printed({{"items", items}});
    printTable({"SETTING", "VALUE", "FROM", "WHAT IT IS"}, rows);
    return Exit::Ok;
}

Exit showVersion(const CommandLine& line) {
    const Json answer{{"version", CONCORDAT_VERSION}, {"compiler", __VERSION__}, {"abi", 1}};
    if (line.json) return printed(answer);
    std::cout << "concordat " << CONCORDAT_VERSION << " (connector ABI 1, built with GCC "
              << __VERSION__ << ")\n";
    return Exit::Ok;
}

}  // namespace concordat::app
