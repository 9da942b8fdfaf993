// SPDX-License-Identifier: Apache-2.0
#pragma once
// The hub's doors: API and page, webhooks, event streams; each with its own threads.

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "hub/api/accounts.h"
#include "hub/api/services.h"
#include "hub/api/webhooks.h"
#include "hub/store/store.h"
#include "hub/sync/service.h"

namespace concordat::api {

/// Where incidents are told. Empty server and no webhook: nowhere.
struct AlertOptions {
    bool webhook = false;    ///< Services::postAlert takes them
    std::string mailServer;  ///< host:port
    std::string mailFrom;
    std::string mailTo;
    std::string mailUser;
    std::string mailPassword;
};

struct ApiOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: any free one
    int threads = 64;
    std::string webhookAddress = "127.0.0.1";
    std::uint16_t webhookPort = 0;
    int webhookConnections = 1024;
    bool webhooks = true;  ///< false: no webhook server
    bool secureCookies = false;
    AlertOptions alerts;
};

/// Listens from construction to destruction. [main] References must outlive it. Throws ConfigError
/// if a port is taken.
class Api {
 public:
    Api(const ApiOptions& options,
        store::Store& store,
        sync::Service& service,
        const sync::Plan& plan,
        Accounts& accounts,
        Services services,
        std::map<std::string, Hook> hooks);
    ~Api();
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    std::uint16_t port() const;
    std::uint16_t webhookPort() const;

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace concordat::api
