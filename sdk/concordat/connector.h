// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a connector's author writes against: derive from Connector, end the file with
// CONCORDAT_CONNECTOR(Class).

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sdk/abi/concordat_abi.h"
#include "sdk/concordat/messages.h"

namespace concordat::sdk {

/// Ends the running call with one sentence for a person: what, where, what to do. No secrets, no
/// personal data.
struct CallError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The hub ended the call; let it pass through.
struct Cancelled : CallError {
    Cancelled() : CallError("the hub ended the call") {}
};

/// What the hub does for a connector. [call] Lives as long as the connector.
class Host {
 public:
    virtual ~Host() = default;
    /// Sends all at once and waits; replies in the order of the requests. Throws Cancelled when the
    /// call is ended.
    virtual std::vector<HttpReply> http(const std::vector<HttpRequest>& requests) = 0;
    /// Epoch milliseconds, of the hub's clock.
    virtual EpochMs now() = 0;
    virtual std::uint64_t random() = 0;
    /// level: "debug", "information", "warning", "error". Never a field's value.
    virtual void log(const std::string& level, const std::string& text) = 0;
    /// share: 0 to 1.
    virtual void progress(const std::string& what, double share) = 0;
    /// Lists, reads, writes or renames in a drop box. Throws CallError when the integration
    /// declares none.
    virtual FileReply files(const FileRequest& request);

    HttpReply http(const HttpRequest& request) { return http(std::vector{request}).front(); }
};

/// A connector for one system. The hub calls it from one thread at a time. The constructor of a
/// derived class takes (Host&, const nlohmann::json& settings); a static `Description
/// description()` says what it is.
class Connector {
 public:
    virtual ~Connector() = default;
    virtual Check check() = 0;
    virtual Page pull(const PullRequest& request) = 0;
    virtual ReadReply read(const std::vector<RecordRef>& records) = 0;
    virtual ApplyReply apply(const std::vector<ApplyItem>& items) = 0;

    // Optional; the defaults answer "not implemented". List what you override in
    // Description::abilities.
    virtual Discovery discover();
    virtual FindReply find(const std::vector<Identifier>& identifiers);
    virtual WebhookNews parseWebhook(const WebhookRequest& request);
    /// `secretReference` names the signing secret to give the vendor as "{secret:NAME}" inside a
    /// body; the gateway fills it.
    virtual Subscription subscribeWebhook(const std::string& address);
    virtual std::vector<Subscription> listWebhooks();
    virtual void removeWebhook(const std::string& id);
    virtual ApplyReply pollApply(const std::string& token);
    virtual void note(const RecordRef& record, const std::string& text);
    virtual Health health();
    virtual nlohmann::json exportPerson(const nlohmann::json& request);
    virtual nlohmann::json rectify(const nlohmann::json& request);
    virtual nlohmann::json erase(const nlohmann::json& request);
};

/// Thrown by the defaults above; becomes CONCORDAT_NOT_IMPLEMENTED.
struct NotImplemented : CallError {
    using CallError::CallError;
};

/// Binds a class to the C table; see CONCORDAT_CONNECTOR. Defined in the façade's library.
struct Registration {
    Description (*description)();
    Connector* (*create)(Host& host, const nlohmann::json& settings);
};

/// What the library exports: the table's functions, for the registration that the macro below
/// provides.
extern "C" [[gnu::visibility("default")]] const concordat_connector_table concordat_connector;

}  // namespace concordat::sdk

/// Once in a connector's library, at file scope. The unused-looking pointer pulls the table out of
/// the static library.
#define CONCORDAT_CONNECTOR(Class)                                                          \
    namespace concordat::sdk {                                                              \
    extern const Registration concordatRegistration;                                        \
    const Registration concordatRegistration{                                               \
        &Class::description, [](Host& host, const nlohmann::json& settings) -> Connector* { \
            return std::make_unique<Class>(host, settings).release();                       \
        }};                                                                                 \
    [[gnu::used]] static const void* const concordatTable = &concordat_connector;           \
    }
