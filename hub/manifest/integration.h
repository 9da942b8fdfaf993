// SPDX-License-Identifier: Apache-2.0
#pragma once
// The manifest of one system: how it is reached, which places in it hold consent, and what the
// company decided about it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hub/manifest/fields.h"

namespace concordat::manifest {

/// What the company's contract allows instead of the connector's default. Negative: the default; 0
/// per second or day: no limit of its own.
struct PoolLimit {
    std::string pool;
    int perSecond = -1;
    int perDay = -1;
    int concurrency = -1;
};

struct Connection {
    std::string settingsJson = "{}";  ///< for the connector; validated against its schema
    std::string auth;                 ///< one of the connector's ways to sign in; empty: its first
    std::map<std::string, std::string> secrets;  ///< name -> "env:NAME" or "file:/path"
    std::vector<std::string> hosts;  ///< narrows what the connector declares; empty: all of those
    bool internal = false;           ///< loopback and private addresses, plain http
    std::vector<PoolLimit> limits;
    std::string caFile;
    std::string webhookSecret;  ///< name of the secret that signs this system's webhooks; empty: no
                                ///< webhooks
};

/// One slot of the connector and what it means in this company.
struct SlotMapping {
    std::string slot;
    std::vector<std::string> purposes;
    std::vector<std::string> channels;
    std::string absence = "keep";  ///< keep, refusal, unknown
    bool trusted = false;
    int line = 0;
    int column = 0;
};

struct ExternalId {
    std::string name;
    std::string field;
};

struct Policies {
    std::string grants = "declared";  ///< never, declared
    std::vector<std::string> trustedActors;
    std::vector<std::string> evidenceSources;
    bool directDoubleOptIn = false;
    double capShare = 0.05;
    std::int64_t capCount = 500;
    std::int64_t pollIntervalMs = 5'000;
    std::int64_t sweepIntervalMs = 86'400'000;
    std::string isolation = "process";  ///< process, inproc
    bool notes = true;
    std::string tenant;  ///< pinned from the start; empty: pinned at the first check
};

struct Integration {
    std::string file;
    std::string system;
    std::string title;
    std::string connector;
    std::string controller;  ///< the scope its choices count in
    std::string region = "FR";
    Connection connection;
    std::vector<ExternalId> externalIds;
    std::vector<SlotMapping> slots;
    Policies policies;
};

/// a-z, 0-9 and '-', at most 40, beginning with a letter.
bool isSystemName(const std::string& name);

/// Reads the wiring of a tree whose `kind` is integration; unknown keys are left
/// to who describes the whole.
Integration readIntegration(const std::string& file,
                            const Node& root,
                            std::vector<Problem>& problems);

}  // namespace concordat::manifest
