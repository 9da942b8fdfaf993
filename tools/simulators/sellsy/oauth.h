// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "tools/simulators/stage/stage.h"

namespace concordat::simulators::sellsy {

/// The OAuth client that an operator registered in the vendor's UI.
struct Client {
    std::string id = "demo-client";
    std::string secret = "demo-secret";
    /// Ticked in the UI, separated by spaces.
    std::string scopes =
        "contacts.read contacts.write individuals.read individuals.write companies.read "
        "companies.write custom-fields.read custom-fields.write smart-tags.read smart-tags.write "
        "webhooks.read webhooks.write accounts.read comments.write search.read api-v1";
};

/// Whether the list of scopes `granted` has `scope`.
bool hasScope(const std::string& granted, const std::string& scope);

/// The vendor's log-in host: authorization with PKCE, tokens, rotation of refresh tokens. [any]
class OAuth {
 public:
    /// The stage must outlive it; its clock and token lifetime are used.
    OAuth(Stage& stage, Client client) : stage_(stage), client_(std::move(client)) {}

    /// GET /oauth2/authorization: sends the browser back at once with a code.
    Reply authorize(const Request& request);
    /// POST /oauth2/access-tokens.
    Reply token(const Request& request);
    /// The scopes of a good bearer token in the request; throws Problem 401 for any other.
    std::string scopesOf(const Request& request) const;
    /// Takes a scope from the client or gives it; tokens given out earlier keep theirs.
    void setScopes(const std::string& scopes);
    std::string scopes() const;
    /// All access tokens given out so far are refused from now on; refresh tokens stay good.
    void expireAll();

 private:
    struct Grant {
        std::string scopes;
        std::int64_t expiresMs = 0;
    };
    struct Code {
        std::string redirect, challenge, scopes;
        std::int64_t expiresMs = 0;
    };
    using Form = std::map<std::string, std::string>;

    Form readForm(const Request& request) const;
    bool knows(const Form& form, bool secretNeeded) const;
    Reply byCode(const Form& form);
    Reply byRefresh(const Form& form);
    Reply issue(const std::string& scopes, bool withRefresh);

    Stage& stage_;
    mutable std::mutex mutex_;  // guards all below
    Client client_;
    std::map<std::string, Grant> access_;
    std::map<std::string, std::string> refresh_;  // token → scopes
    std::map<std::string, Code> codes_;
};

}  // namespace concordat::simulators::sellsy
