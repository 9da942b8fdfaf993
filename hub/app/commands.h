// SPDX-License-Identifier: Apache-2.0
#pragma once
// What each subcommand does. [main] Those that ask a hub talk to the running one, or to one that
// runs just for the call.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "hub/app/cli.h"

namespace concordat::app {

/// What every command gets: where the configuration is, and how to answer.
struct CommandLine {
    std::string config;
    std::map<std::string, std::string> flags;  ///< settings given as --set name=value
    bool json = false;
};

struct CheckOptions {
    bool offline = false;
    std::string system;
};

struct ConnectOptions {
    std::vector<std::string> systems;
    bool rehearse = false;
    bool approve = false;
    bool signIn = false;  ///< again, where a person has signed in before
};

struct TestOptions {
    std::string connector;  ///< a .so, or a system of the configuration
    std::string simulator;  ///< its address; empty: a sandbox
    bool sandbox = false;
    std::string cassette;  ///< a folder: recorded to, or played where there is no vendor
    std::string auth;
    std::vector<std::string> settings;  ///< name=value
    std::vector<std::string> secrets;   ///< name=reference
    std::string record, slot, unknown;  ///< empty: found in what the connector pulls
    std::uint64_t seed = 1;
};

struct MayOptions {
    std::string purpose;
    std::string channel;
    std::string scope;
    std::string file;
    std::vector<std::string> identifiers;
};

Exit serve(const CommandLine& line);
Exit init(const CommandLine& line, const std::string& folder);
Exit check(const CommandLine& line, const CheckOptions& options);
Exit showSystems(const CommandLine& line);
Exit connectSystems(const CommandLine& line, const ConnectOptions& options);
Exit syncOnce(const CommandLine& line, const std::string& system);
Exit showSubject(const CommandLine& line, const std::string& idOrIdentifier);
Exit showHistory(const CommandLine& line, const std::string& idOrIdentifier);
Exit showInbox(const CommandLine& line, const std::string& state);
Exit showDeliveries(const CommandLine& line, const std::string& system);
Exit pauseSystem(const CommandLine& line, const std::string& system, const std::string& reason);
Exit resumeSystem(const CommandLine& line, const std::string& system);
Exit showSettings(const CommandLine& line);
Exit showVersion(const CommandLine& line);
Exit testConnector(const CommandLine& line, const TestOptions& options);
Exit may(const CommandLine& line, const MayOptions& options);
Exit backup(const CommandLine& line, const std::string& path);
Exit integrity(const CommandLine& line);

}  // namespace concordat::app
