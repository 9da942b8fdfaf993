// SPDX-License-Identifier: Apache-2.0
#pragma once
// The demo company as real processes: three simulators and a hub, in a folder that goes with the
// test unless it failed.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tests/e2e/child.h"
#include "tests/e2e/crm.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/talk.h"

namespace concordat::e2e {

inline const std::vector<std::string> kSystems{"salesforce", "sellsy", "eudonet"};

/// A temporary folder; kept, and named on standard error, if an exception is under way when it
/// goes.
class Folder {
 public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::string& path() const { return path_; }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
    std::string path_;
    int exceptions_;
};

struct CompanyOptions {
    int people = 200;
    unsigned seed = 1;
    bool open = true;  ///< rehearse and approve, so that systems are written to
    std::map<std::string, std::string> environment;  ///< of the hub
    /// Text in manifests replaced by another: {"cap_percent: 20", "cap_count: 3"}.
    std::map<std::string, std::string> manifests;
};

/// Environment, path and files of the `concordat` program for a hub in `home`.
Program hubProgram(const std::string& home, std::vector<std::string> arguments);

/// [main] Throws std::runtime_error, with the log's end, if something does not get ready.
class Company {
 public:
    explicit Company(const CompanyOptions& options = {});

    Simulator& at(const std::string& system) { return *simulators_.at(system); }
    const std::string& home() const { return folder_.path(); }
    std::string configuration() const { return folder_ / "hub.yaml"; }
    std::string log() const { return textOf(folder_ / "hub.log"); }

    Child& hub() { return *hub_; }
    /// Starts the hub and waits until it answers.
    void startHub();
    /// kill -9, and waits until its connectors have gone too.
    void killHub();
    /// SIGTERM; its exit code, empty if it did not end in `seconds`.
    std::optional<int> stopHub(int seconds = kPatience);
    Talk api() const;
    /// The bearer token of the machine.
    const std::string& token() const { return token_; }
    std::uint16_t webhookPort() const { return webhookPort_; }
    /// Throws with the problem's words if the hub does not agree.
    nlohmann::json ask(const std::string& path) const;
    /// The items of a list.
    nlohmann::json items(const std::string& path) const;
    nlohmann::json tell(const std::string& path, const nlohmann::json& body) const;

    /// Somebody new each time whom nobody refused anything yet, known once to every system.
    Person person();
    std::vector<Person> people(std::size_t number);
    /// All e-mail addresses of the three systems, in lower case.
    std::vector<std::string> everyEmail() const;

    void refuse(const std::string& system, const Person& person, const std::string& ch = "email");
    void agree(const std::string& system, const Person& person, const std::string& ch = "email");
    bool refusedAt(const std::string& system,
                   const Person& person,
                   const std::string& channel = "email") const;
    bool refusedEverywhere(const Person& person, const std::string& channel = "email") const;
    bool permittedEverywhere(const Person& person, const std::string& channel = "email") const;

    /// The id by which the hub knows the person; "" if nobody is known.
    std::string subject(const Person& person) const;
    nlohmann::json subjectPage(const Person& person) const;
    /// permit, deny or unknown, of PROSPECTING.
    std::string answer(const Person& person, const std::string& channel = "email") const;
    /// The hub says `answer`, and every slot of the person's records for the channel is verified.
    bool verified(const Person& person,
                  const std::string& answer,
                  const std::string& channel = "email") const;
    /// The same of one system's records alone, whatever the hub says.
    bool verifiedAt(const std::string& system,
                    const Person& person,
                    const std::string& channel = "email") const;
    /// Withdrawn in the hub's own portal: later grants there are told apart by one clock.
    nlohmann::json withdrawAtHub(const Person& person, const std::string& channel = "email");
    /// A grant as the web form of the company would give it: double opt-in, now.
    nlohmann::json grant(const Person& person, const std::string& channel = "email");
    /// Open items of the inbox that concern the person.
    nlohmann::json inboxOf(const Person& person, const std::string& kind = "") const;

    /// Nothing is due anywhere, every lane runs, and every system was read after `since`.
    bool quiet(std::int64_t since) const;
    /// Waits for that, beginning now; says whether it came.
    bool settle(int seconds = kPatience) const;

 private:
    void writeConfiguration(const CompanyOptions& options);
    void findPeople();

    Folder folder_;
    std::map<std::string, std::unique_ptr<Simulator>> simulators_;
    std::map<std::string, std::string> environment_;
    std::unique_ptr<Child> hub_;
    std::uint16_t port_ = 0;
    std::uint16_t webhookPort_ = 0;
    std::string token_;
    std::vector<Person> people_;
    std::size_t nextPerson_ = 0;
};

}  // namespace concordat::e2e
