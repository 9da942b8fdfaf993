// SPDX-License-Identifier: Apache-2.0
#pragma once
// The hub's HTTP side as a whole: one server for the API and the page, one for webhooks.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hub/api/alerts.h"
#include "hub/api/routes.h"

namespace concordat::api {

struct ApiOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: any free one
    int threads = 64;        ///< calls worked on at once; connections may be many more
    bool webhooks = true;
    std::string webhookAddress = "127.0.0.1";
    std::uint16_t webhookPort = 0;
    int webhookConnections = 1'024;
    bool secureCookies = false;  ///< the API is reached by https, through a proxy
    AlertOptions alerts;
    StreamOptions streams;
};

/// Answers from construction to destruction. [main] Everything it is handed outlives it. Throws
/// ConfigError if a port cannot be had.
class Api {
 public:
    Api(const ApiOptions& options,
        store::Store& store,
        sync::Service& sync,
        Accounts& accounts,
        Services services);
    ~Api();
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    std::uint16_t port() const;
    /// 0 without webhooks.
    std::uint16_t webhookPort() const;
    /// For the comparison with openapi.yaml.
    const std::vector<Route>& routes() const;

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// openapi.yaml as /openapi.yaml serves it.
std::string openapi();

}  // namespace concordat::api
