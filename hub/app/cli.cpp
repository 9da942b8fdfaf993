// SPDX-License-Identifier: Apache-2.0
#include "hub/app/cli.h"

#include <functional>
#include <iostream>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "hub/app/commands.h"
#include "hub/consent/error.h"

namespace concordat::app {

namespace {

const char* const kExitCodes =
    "Exit codes: 0 done; 1 it ran and found something wrong; 2 a flag, setting or manifest is "
    "wrong; 3 the store cannot be used; "
    "4 the hub or a system did not answer; 5 'may': someone may not be addressed.";

/// The program's commands and where their arguments land. Lives while the line is parsed and run.
class CommandSet {
 public:
    CommandSet() {
        app_.description(
            "Concordat connects CRMs, maps personal-data flows and keeps consent the same in all "
            "of them.");
        app_.footer(std::string("Example: concordat serve --config /etc/concordat/hub.yaml\n") +
                    kExitCodes);
        app_.require_subcommand(1);
        app_.fallthrough();
        app_.add_option("-c,--config", line_.config, "the hub.yaml to use (or CONCORDAT_CONFIG)")
            ->envname("CONCORDAT_CONFIG");
        app_.add_option("--set", settings_, "one setting, as name=value; may be repeated");
        app_.add_flag("--json", line_.json, "answer as JSON");
        addRunning();
        addLooking();
        addActing();
        addKeeping();
        addTesting();
    }

    int run(int argc, char** argv) {
        try {
            app_.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            return app_.exit(error) == 0 ? 0 : static_cast<int>(Exit::Usage);
        }
        for (const std::string& setting : settings_) {
            const auto equals = setting.find('=');
            if (equals == std::string::npos)
                throw ConfigError("--set " + setting + ": write it as name=value");
            line_.flags[setting.substr(0, equals)] = setting.substr(equals + 1);
        }
        return static_cast<int>(command_());
    }

 private:
    CLI::App* add(const std::string& name,
                  const std::string& what,
                  const std::string& example,
                  std::function<Exit()> command) {
        CLI::App* sub = app_.add_subcommand(name, what);
        sub->footer("Example: concordat " + example + "\n" + kExitCodes);
        sub->callback([this, command = std::move(command)] { command_ = command; });
        return sub;
    }

    void addRunning() {
        CLI::App* init = add("init", "write a configuration, a key file and a first integration",
                             "init ./my-hub", [this] { return app::init(line_, text_); });
        init->add_option("folder", text_, "where to")->required();
        add("serve", "run the hub", "serve --config my-hub/hub.yaml",
            [this] { return serve(line_); });
        CLI::App* check = add("check", "check settings and manifests, then ask every system",
                              "check --config my-hub/hub.yaml --system sellsy",
                              [this] { return app::check(line_, check_); });
        check->add_flag("--offline", check_.offline, "manifests only");
        check->add_option("--system", check_.system, "this system only");
        CLI::App* connect =
            add("connect", "sign in where a person must, rehearse, and open systems for writing",
                "connect salesforce sellsy --rehearse",
                [this] { return connectSystems(line_, connect_); });
        connect->add_option("systems", connect_.systems, "which; none: all that are not open yet");
        connect->add_flag("--rehearse", connect_.rehearse, "only show what would be written");
        connect->add_flag("--sign-in", connect_.signIn,
                          "sign in at the vendor again, where a person has done so before");
        connect->add_flag("--approve", connect_.approve,
                          "open without asking, if the figures hold");
        CLI::App* sync = add("sync", "read and write once, then stop", "sync --once",
                             [this] { return syncOnce(line_, system_); });
        sync->add_flag("--once", once_, "one round (the only way of this command)")->required();
        sync->add_option("--system", system_, "this system only");
    }

    void addLooking() {
        add("systems", "the systems, their state and lag", "systems",
            [this] { return showSystems(line_); });
        CLI::App* subject = app_.add_subcommand("subject", "one person: what holds, and why");
        subject->require_subcommand(1);
        subject->footer("Example: concordat subject show anna@example.com");
        addSubject(subject, "show",
                   "identifiers, answers with their rule, and every system's slots",
                   [this] { return showSubject(line_, text_); });
        addSubject(subject, "history", "every event and delivery, in order",
                   [this] { return showHistory(line_, text_); });
        CLI::App* inbox = add("inbox", "what waits for a person", "inbox --state open",
                              [this] { return showInbox(line_, state_); });
        inbox->add_option("--state", state_, "open, closed or all")
            ->check(CLI::IsMember({"open", "closed", "all"}));
        CLI::App* deliveries =
            add("deliveries", "what was written where, newest first", "deliveries --system sellsy",
                [this] { return showDeliveries(line_, system_); });
        deliveries->add_option("--system", system_, "this system only");
        add("settings", "every setting, its value and where it comes from", "settings --json",
            [this] { return showSettings(line_); });
        add("version", "the version and what it was built with", "version",
            [this] { return showVersion(line_); });
    }

    void addSubject(CLI::App* parent,
                    const std::string& name,
                    const std::string& what,
                    std::function<Exit()> command) {
        CLI::App* sub = parent->add_subcommand(name, what);
        sub->footer("Example: concordat subject " + name + " anna@example.com\n" + kExitCodes);
        sub->add_option("who", text_, "subject id, e-mail address or phone number")->required();
        sub->callback([this, command = std::move(command)] { command_ = command; });
    }

    void addActing() {
        CLI::App* pause = add("pause", "stop loosening writes to a system; withdrawals go on",
                              "pause sellsy --reason 'price list import'",
                              [this] { return pauseSystem(line_, text_, reason_); });
        pause->add_option("system", text_, "which")->required();
        pause->add_option("--reason", reason_, "why; shown to everyone")->required();
        CLI::App* resume = add("resume", "end a pause or a full stop", "resume sellsy",
                               [this] { return resumeSystem(line_, text_); });
        resume->add_option("system", text_, "which")->required();
        CLI::App* may =
            add("may", "who may be addressed: answers for identifiers or a file of them",
                "may --purpose PROSPECTING --channel email --file mailing.csv",
                [this] { return app::may(line_, may_); });
        may->add_option("--purpose", may_.purpose, "what for")->required();
        may->add_option("--channel", may_.channel, "by what way")->required();
        may->add_option("--scope", may_.scope,
                        "in whose name; needed where there are several controllers");
        may->add_option(
            "--file", may_.file,
            "one identifier a line, or the first column of a CSV; - for standard input");
        may->add_option("identifiers", may_.identifiers, "e-mail addresses or phone numbers");
    }

    void addKeeping() {
        CLI::App* backup =
            add("backup", "write a copy of the store while the hub runs",
                "backup /backup/hub-2026-11-23.db", [this] { return app::backup(line_, text_); });
        backup->add_option("path", text_, "where to")->required();
        add("integrity", "check the store from end to end", "integrity",
            [this] { return integrity(line_); });
    }

    void addTesting() {
        CLI::App* test =
            add("test", "run the conformance checks against a connector and a simulator",
                "test ./my_connector.so --simulator http://127.0.0.1:8101 --setting client_id=demo "
                "--secret client_secret=env:SECRET",
                [this] { return testConnector(line_, test_); });
        test->add_option("connector", test_.connector,
                         "a connector's .so, or a system of the configuration")
            ->required();
        test->add_option("--simulator", test_.simulator, "address of the vendor's simulator");
        test->add_flag("--sandbox", test_.sandbox,
                       "there is no simulator: write into the records of this system");
        test->add_option("--cassette", test_.cassette,
                         "folder of a recording: made with --simulator or --sandbox, else played "
                         "instead of a vendor");
        test->add_option("--auth", test_.auth,
                         "one of its ways to sign in; its first unless given");
        test->add_option("--setting", test_.settings,
                         "a setting of the connector, as name=value; may be repeated");
        test->add_option("--secret", test_.secrets,
                         "a secret, as name=env:NAME or name=file:/path; may be repeated");
        test->add_option("--record", test_.record, "a record to write to, as OBJECT/ID");
        test->add_option("--slot", test_.slot, "its slot");
        test->add_option("--unknown", test_.unknown, "a record that is not there, as OBJECT/ID");
        test->add_option("--seed", test_.seed, "of the faults; a failure prints it")
            ->capture_default_str();
    }

    CLI::App app_{"", "concordat"};
    CommandLine line_;
    std::vector<std::string> settings_;
    std::string text_;
    std::string system_;
    std::string state_ = "open";
    std::string reason_;
    bool once_ = false;
    CheckOptions check_;
    ConnectOptions connect_;
    MayOptions may_;
    TestOptions test_;
    std::function<Exit()> command_;
};

int report(const std::string& message, Exit exit) {
    std::cerr << "concordat: " << message << '\n';
    return static_cast<int>(exit);
}

}  // namespace

int runCommandLine(int argc, char** argv) {
    try {
        return CommandSet().run(argc, argv);
    } catch (const StoreError& error) {
        return report(error.message(), Exit::Store);
    } catch (const ConfigError& error) {
        return report(error.message(), Exit::Usage);
    } catch (const ManifestError& error) {
        return report(error.message(), Exit::Usage);
    } catch (const PluginError& error) {
        return report(error.message(), Exit::Unreachable);
    } catch (const Error& error) {
        return report(error.message(), error.code() == 503 || error.code() == 502
                                           ? Exit::Unreachable
                                           : Exit::Problems);
    } catch (const Poco::Exception& error) {
        return report(error.displayText(), Exit::Problems);
    } catch (const std::exception& error) {
        return report(error.what(), Exit::Problems);
    }
}

}  // namespace concordat::app
