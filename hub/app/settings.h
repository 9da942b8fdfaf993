// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one table of settings, and where each value came from: flags over environment over file over
// default.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace concordat::app {

enum class SettingType { Text, Path, Number, Flag, Duration, Secret };

/// One row of the table. A `Path` that is relative belongs to the folder of hub.yaml; a `Secret` is
/// env:NAME or file:/path.
struct SettingRow {
    const char* name;
    SettingType type;
    const char* defaultValue;
    const char* unit;
    const char* help;
};

/// The whole table, in the order it is shown.
const std::vector<SettingRow>& settingRows();

/// The value in force of one setting, and where it comes from: "flag", "environment", "file" or
/// "default".
struct Setting {
    std::string value;
    std::string origin;
};

/// Settings in force. Values only, so any thread may read a copy.
class Settings {
 public:
    /// Reads `file` (may be empty: defaults), CONCORDAT_* of the environment and flags. Throws
    /// ConfigError with every unknown key, wrong type and wrong place named.
    static Settings load(const std::string& file, const std::map<std::string, std::string>& flags);

    std::string text(const std::string& name) const;
    std::string path(const std::string& name) const;  ///< absolute, or empty
    std::int64_t number(const std::string& name) const;
    bool flag(const std::string& name) const;
    std::int64_t milliseconds(const std::string& name) const;
    /// Resolves the reference; empty if none is set. Throws ConfigError naming the setting, never
    /// the value.
    std::string secret(const std::string& name) const;

    const std::map<std::string, Setting>& all() const { return values_; }
    const std::string& file() const { return file_; }
    const std::string& folder() const { return folder_; }

 private:
    void apply(const std::string& name,
               const std::string& value,
               const std::string& origin,
               const std::string& place);

    std::string file_;
    std::string folder_;
    std::map<std::string, Setting> values_;
};

/// The environment's name of a setting: "listen.port" is CONCORDAT_LISTEN_PORT.
std::string environmentName(const std::string& setting);

/// Reads "env:NAME" or "file:/path" (trailing line ends dropped). Throws ConfigError that names
/// `what` and the reference.
std::string resolveSecret(const std::string& reference, const std::string& what);

}  // namespace concordat::app
