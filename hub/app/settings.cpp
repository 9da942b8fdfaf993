// SPDX-License-Identifier: Apache-2.0
#include "hub/app/settings.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <Poco/NumberParser.h>
#include <Poco/String.h>

#include "hub/consent/error.h"
#include "hub/manifest/document.h"
#include "hub/manifest/fields.h"

namespace concordat::app {

namespace {

namespace fs = std::filesystem;

using Type = SettingType;

const SettingRow* rowOf(const std::string& name) {
    const auto& rows = settingRows();
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const SettingRow& row) { return name == row.name; });
    return found == rows.end() ? nullptr : &*found;
}

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const SettingRow& row : settingRows()) all.emplace_back(row.name);
    return all;
}

/// What is wrong with `value`, or nothing.
std::string problemOf(const SettingRow& row, const std::string& value) {
    Poco::Int64 number = 0;
    bool flag = false;
    switch (row.type) {
        case Type::Number:
            return Poco::NumberParser::tryParse64(value, number) && number >= 0
                       ? ""
                       : "must be a whole number";
        case Type::Flag:
            return Poco::NumberParser::tryParseBool(value, flag) ? "" : "must be true or false";
        case Type::Duration:
            return manifest::durationFrom(value)
                       ? ""
                       : "must be a duration such as 500ms, 5s, 10m, 2h or 1d";
        case Type::Secret:
            return value.empty() || value.rfind("env:", 0) == 0 || value.rfind("file:/", 0) == 0
                       ? ""
                       : "must be a reference, env:NAME or file:/path, never the secret itself";
        case Type::Text:
        case Type::Path:
            break;
    }
    return "";
}

void flatten(const manifest::Node& node,
             const std::string& prefix,
             std::vector<std::pair<std::string, const manifest::Node*>>& all) {
    for (const manifest::Member& member : node.members) {
        const std::string name = prefix.empty() ? member.key : prefix + "." + member.key;
        if (member.value.kind == manifest::Node::Kind::Map)
            flatten(member.value, name, all);
        else
            all.emplace_back(name, &member.value);
    }
}

std::string unknown(const std::string& name) {
    const auto near = manifest::nearest(name, names());
    return "unknown setting '" + name + "'" +
           (near ? ": did you mean '" + *near + "'?" : " (concordat settings lists them)");
}

}  // namespace

const std::vector<SettingRow>& settingRows() {
    static const std::vector<SettingRow> rows{
        {"node", Type::Text, "hub", "", "name of this hub; its clock's name in the ledger"},
        {"manifests", Type::Path, "manifests", "", "folder with company.yaml and the integrations"},
        {"vocabularies", Type::Path, "", "", "folder of vocabularies; empty: the installed ones"},
        {"plugins", Type::Path, "", "", "folder of connectors; empty: the installed ones"},
        {"store.path", Type::Path, "data/hub.db", "", "the database"},
        {"store.journal", Type::Path, "data/suppression.journal", "",
         "suppression journal; best on another disk"},
        {"store.key", Type::Path, "keys/hub.key", "",
         "key file that seals the store; keep a copy elsewhere"},
        {"listen.address", Type::Text, "127.0.0.1", "", "address of API and pages"},
        {"listen.port", Type::Number, "8480", "", "port of API and pages; 0: any free one"},
        {"listen.threads", Type::Number, "64", "", "API calls at once"},
        {"listen.public_url", Type::Text, "", "",
         "how people reach the API from outside, such as https://hub.example.com; cookies are then "
         "Secure"},
        {"webhooks.address", Type::Text, "127.0.0.1", "", "address webhooks come to"},
        {"webhooks.port", Type::Number, "8481", "", "port webhooks come to; 0: any free one"},
        {"webhooks.public_url", Type::Text, "", "",
         "how vendors reach the webhook port, such as https://hooks.example.com"},
        {"webhooks.connections", Type::Number, "1024", "", "webhook connections at once"},
        {"sessions.idle", Type::Duration, "8h", "",
         "an admin session ends after so long without use"},
        {"connectors.memory", Type::Number, "512", "MiB", "address space of a connector's process"},
        {"sync.interval", Type::Duration, "5s", "", "least time between two polls of a system"},
        {"sync.lease", Type::Duration, "60s", "", "how long a writer owns what it claimed"},
        {"log.level", Type::Text, "information", "", "debug, information, warning or error"},
        {"log.file", Type::Path, "", "", "log file; empty: standard error"},
        {"alerts.webhook", Type::Text, "", "", "address that incidents are posted to"},
        {"alerts.mail.server", Type::Text, "", "", "SMTP server for incidents, host:port"},
        {"alerts.mail.from", Type::Text, "", "", "sender of incident mails"},
        {"alerts.mail.to", Type::Text, "", "", "who gets incident mails"},
        {"alerts.mail.user", Type::Text, "", "", "SMTP user; empty: none"},
        {"alerts.mail.password", Type::Secret, "", "", "SMTP password, as env:NAME or file:/path"},
        {"admin.password", Type::Secret, "", "",
         "first password of 'admin', as env:NAME or file:/path; empty: made and printed once"},
    };
    return rows;
}

std::string environmentName(const std::string& setting) {
    return "CONCORDAT_" + Poco::toUpper(Poco::replace(setting, ".", "_"));
}

std::string resolveSecret(const std::string& reference, const std::string& what) {
    if (reference.rfind("env:", 0) == 0) {
        const char* value = std::getenv(reference.c_str() + 4);
        if (value == nullptr || *value == '\0')
            throw ConfigError(what + ": the environment has no " + reference.substr(4) +
                              "; set it, or refer to a file");
        return value;
    }
    if (reference.rfind("file:/", 0) != 0)
        throw ConfigError(what + " must be a reference, env:NAME or file:/path");
    std::ifstream input(reference.substr(5), std::ios::binary);
    if (!input)
        throw ConfigError(what + ": " + reference.substr(5) +
                          " cannot be read; check that it exists and its permissions");
    std::ostringstream text;
    text << input.rdbuf();
    return Poco::trimRight(text.str());
}

void Settings::apply(const std::string& name,
                     const std::string& value,
                     const std::string& origin,
                     const std::string& place) {
    const SettingRow* row = rowOf(name);
    if (row == nullptr) throw ConfigError(place + unknown(name));
    const std::string problem = problemOf(*row, value);
    if (!problem.empty()) throw ConfigError(place + "'" + name + "' " + problem);
    values_[name] = {value, origin};
}

Settings Settings::load(const std::string& file, const std::map<std::string, std::string>& flags) {
    Settings settings;
    for (const SettingRow& row : settingRows())
        settings.values_[row.name] = {row.defaultValue, "default"};
    settings.folder_ = fs::current_path().string();
    manifest::Node root;
    if (!file.empty()) {
        auto [tree, problems] = manifest::load(file);
        if (!problems.empty()) throw ConfigError(manifest::toString(problems.front()));
        root = std::move(tree);
        settings.file_ = fs::absolute(file).string();
        settings.folder_ = fs::absolute(file).parent_path().string();
    }
    std::vector<std::pair<std::string, const manifest::Node*>> members;
    flatten(root, "", members);
    for (const auto& [name, node] : members)
        settings.apply(
            name, node->text, "file",
            file + ":" + std::to_string(node->line) + ":" + std::to_string(node->column) + ": ");
    for (const SettingRow& row : settingRows())
        if (const char* value = std::getenv(environmentName(row.name).c_str()))
            settings.apply(row.name, value, "environment", environmentName(row.name) + ": ");
    for (const auto& [name, value] : flags) settings.apply(name, value, "flag", "--" + name + ": ");
    return settings;
}

std::string Settings::text(const std::string& name) const { return values_.at(name).value; }

std::string Settings::path(const std::string& name) const {
    const std::string& value = values_.at(name).value;
    return value.empty() ? "" : (fs::path(folder_) / value).lexically_normal().string();
}

std::int64_t Settings::number(const std::string& name) const {
    return Poco::NumberParser::parse64(values_.at(name).value);
}

bool Settings::flag(const std::string& name) const {
    return Poco::NumberParser::parseBool(values_.at(name).value);
}

std::int64_t Settings::milliseconds(const std::string& name) const {
    return *manifest::durationFrom(values_.at(name).value);
}

std::string Settings::secret(const std::string& name) const {
    const std::string& reference = values_.at(name).value;
    return reference.empty() ? "" : resolveSecret(reference, "the setting " + name);
}

}  // namespace concordat::app
