// SPDX-License-Identifier: Apache-2.0
#pragma once
// The few exceptions of the hub. The message is one sentence for a person: what, where, what to do;
// nothing personal.

#include <string>

#include <Poco/Exception.h>

namespace concordat {

/// All of them. `code()` is the HTTP status the API answers with.
class Error : public Poco::Exception {
 public:
    explicit Error(const std::string& message, int status = 500)
        : Poco::Exception(message, status) {}
    const char* name() const noexcept override { return "Error"; }
};

/// A setting or flag is wrong.
struct ConfigError : Error {
    explicit ConfigError(const std::string& message) : Error(message, 500) {}
};

/// A manifest is wrong; the message begins with file:line:column.
struct ManifestError : Error {
    explicit ManifestError(const std::string& message) : Error(message, 422) {}
};

/// The store cannot be read or written.
struct StoreError : Error {
    explicit StoreError(const std::string& message) : Error(message, 503) {}
};

/// A connector failed, crashed or was refused.
struct PluginError : Error {
    explicit PluginError(const std::string& message) : Error(message, 502) {}
};

/// The connector does not have this method.
struct NotImplementedError : PluginError {
    using PluginError::PluginError;
};

/// A caller asked for something that cannot be.
struct RequestError : Error {
    explicit RequestError(const std::string& message, int status = 400) : Error(message, status) {}
};

}  // namespace concordat
