// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who may call: people with passwords and sessions, programs with bearer tokens. Kept sealed in the
// store.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hub/api/http.h"
#include "hub/store/store.h"

namespace concordat::api {

enum class Role { ReadOnly, Reviewer, Admin };

std::string toString(Role role);
/// Throws RequestError that lists the roles.
Role roleFrom(const std::string& text);

/// Who made a call. `csrf` is set for sessions: writes must repeat it in the header x-csrf-token.
struct Caller {
    std::string name;
    Role role = Role::ReadOnly;
    bool session = false;
    std::string csrf;
    std::set<std::string> scopes;  ///< "grant": may state that a person consented
};

struct SignedIn {
    std::string cookie;
    Caller caller;
};

struct TokenRow {
    std::string id;
    std::string name;
    Role role = Role::ReadOnly;
    std::set<std::string> scopes;
    store::EpochMs createdAt = 0;
};

/// [http] `store` must outlive it. Passwords are kept as Argon2id (libsodium), tokens and sessions
/// as SHA-256 of random text.
class Accounts {
 public:
    Accounts(store::Store& store, std::int64_t sessionIdleMs);

    bool hasUsers();
    /// Ends the sessions of a user who was there. Throws RequestError if the password is shorter
    /// than 12 characters.
    void putUser(const std::string& name, const std::string& password, Role role);
    /// False if there is none; throws RequestError 409 for the last administrator.
    bool removeUser(const std::string& name);
    std::vector<std::pair<std::string, Role>> users();

    /// Nothing if name or password is wrong. Throws RequestError 429 after too many wrong ones for
    /// one name, known or not, and 503 while too many others sign in.
    std::optional<SignedIn> signIn(const std::string& name, const std::string& password);
    void signOut(const Call& call);
    /// Nothing if nobody signed in, or the session ended.
    std::optional<Caller> callerOf(const Call& call);

    /// The token, which is shown once, and its row.
    std::pair<std::string, TokenRow> makeToken(const std::string& name,
                                               Role role,
                                               const std::set<std::string>& scopes);
    /// Keeps `token` under a fixed id, so that a hub's own machine always has one.
    void putToken(const std::string& id,
                  const std::string& token,
                  Role role,
                  const std::set<std::string>& scopes);
    std::vector<TokenRow> tokens();
    bool removeToken(const std::string& id);

 private:
    std::optional<Caller> bearer(const std::string& header);
    std::optional<Caller> sessionOf(const std::string& cookie);
    SignedIn openSession(const store::Document& user);
    void keepToken(const TokenRow& row, const std::string& token);

    /// Wrong passwords of one name.
    struct Tries {
        int count = 0;
        store::EpochMs at = 0;
    };
    bool isLocked(const std::string& name) const;
    void noteWrong(const std::string& name);

    store::Store& store_;
    std::int64_t sessionIdleMs_;
    /// Guards tries_, and lets one password be hashed at a time: each takes 64 MB.
    std::timed_mutex mutex_;
    std::map<std::string, Tries> tries_;
};

/// 32 random bytes as URL-safe text.
std::string randomText();

}  // namespace concordat::api
