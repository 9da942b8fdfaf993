// SPDX-License-Identifier: Apache-2.0
// `concordat init`: a configuration that a person can read, a key file, and a first integration to
// fill in.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "hub/app/commands.h"
#include "hub/app/settings.h"
#include "hub/consent/error.h"
#include "hub/store/vault.h"

namespace concordat::app {

namespace {

namespace fs = std::filesystem;

const char* const kCompany = R"(# Your company: who decides, and what consent is asked for.
kind: company
name: My company
controllers:
  # One line for each legal entity that decides. A consent given to one counts for that one only.
  # spread: group lets a refusal (never a consent) count in every controller of the same group.
  - {id: main, name: My company, country: FR, spread: own}
consent:
  # Codes of the vocabulary (purposes.yaml); add your own under own_purposes.
  purposes: [PROSPECTING]
  channels: [email, sms, phone, post]
  # own_purposes:
  #   - {code: NEWSLETTER, parent: PROSPECTING, label: Monthly newsletter, direct_marketing: true, double_opt_in: true, maximum_age_days: 1095}
  # Ids of the texts people saw when they agreed. A consent over an earlier refusal must name one of them.
  notices: []
)";

const char* const kIntegration =
    R"(# One system: how it is reached, and which of its fields mean consent. Other vendors: see plugins/*/README.md.
kind: integration
system: sellsy
title: Sellsy
connector: sellsy
controller: main
connection:
  auth: oauth2_client_credentials
  # Secrets are references: env:NAME or file:/path. Make an API access of type "personal" in Sellsy with the scopes
  # contacts.read contacts.write individuals.read individuals.write accounts.read webhooks.read webhooks.write comments.write
  secrets:
    client_id: env:SELLSY_CLIENT_ID
    client_secret: env:SELLSY_CLIENT_SECRET
    # sign_key: env:SELLSY_WEBHOOK_KEY
  # webhook_secret: sign_key
  settings: {}
identifiers:
  region: FR            # national phone numbers belong here
slots:
  - {slot: contact.email, purposes: [PROSPECTING], channels: [email], absence: keep}
  - {slot: contact.sms, purposes: [PROSPECTING], channels: [sms], absence: keep}
  - {slot: contact.phone, purposes: [PROSPECTING], channels: [phone], absence: keep}
  - {slot: contact.post, purposes: [PROSPECTING], channels: [post], absence: keep}
policies:
  grants: declared      # never: this system can only withdraw
  cap_percent: 5        # more loosening or inferred withdrawals than this in an hour wait for a person
  cap_count: 500
  poll_interval: 5s
)";

void writeFile(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream output(path, std::ios::binary);
    output << text;
    if (!output.flush())
        throw ConfigError(path.string() +
                          " cannot be written: check the folder's permissions and the disk");
}

std::string settingsText() {
    std::string text =
        "# Settings of this hub. What is commented out has the value shown. Flags (--set "
        "name=value) win over the environment,\n"
        "# the environment over this file. An unknown key stops the start.\n\n";
    for (const SettingRow& row : settingRows()) {
        const std::string unit = *row.unit == '\0' ? "" : std::string(" [") + row.unit + "]";
        const std::string value = *row.defaultValue == '\0' ? "\"\"" : row.defaultValue;
        text += std::string("# ") + row.help + unit +
                "; environment: " + environmentName(row.name) + "\n#" + row.name + ": " + value +
                "\n";
    }
    return text;
}

}  // namespace

Exit init(const CommandLine& line, const std::string& folder) {
    const fs::path root(folder);
    if (fs::exists(root / "hub.yaml"))
        throw ConfigError((root / "hub.yaml").string() +
                          " is there already: choose another folder");
    writeFile(root / "hub.yaml", settingsText());
    writeFile(root / "manifests/company.yaml", kCompany);
    writeFile(root / "manifests/sellsy.yaml", kIntegration);
    fs::create_directories(root / "data");
    fs::permissions(root / "data", fs::perms::owner_all);
    fs::create_directories(root / "keys");
    fs::permissions(root / "keys", fs::perms::owner_all);
    store::Vault::createKeyFile((root / "keys/hub.key").string());
    if (line.json) {
        std::cout << "{\"folder\":\"" << folder << "\"}\n";
        return Exit::Ok;
    }
    std::cout << "Written to " << root.string() << ":\n"
              << "  hub.yaml                 settings, all explained\n"
              << "  manifests/company.yaml   who decides, and what consent is asked for\n"
              << "  manifests/sellsy.yaml    a first system, to fill in\n"
              << "  keys/hub.key             seals the store. Keep a copy elsewhere: without it "
                 "the store cannot be read\n"
              << "Next: edit the two manifests, then\n"
              << "  concordat check --config " << (root / "hub.yaml").string() << '\n'
              << "  concordat serve --config " << (root / "hub.yaml").string() << '\n';
    return Exit::Ok;
}

}  // namespace concordat::app
