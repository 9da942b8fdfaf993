// SPDX-License-Identifier: Apache-2.0
#include "hub/api/accounts.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <nlohmann/json.hpp>
#include <sodium.h>

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kShortestPassword = 12;
constexpr int kWrongTries = 10;
constexpr std::int64_t kLockMs = 15 * 60'000;
/// Names that are remembered with wrong passwords; beyond, the oldest is forgotten.
constexpr std::size_t kMostNames = 10'000;
constexpr std::chrono::seconds kPatience{5};
constexpr const char* kCookie = "concordat_session";
/// Writing a session's time at each call would be a write per read.
constexpr std::int64_t kTouchMs = 60'000;

store::EpochMs nowMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

void startSodium() {
    static const bool ready = sodium_init() >= 0;
    if (!ready) throw ConfigError("the machine gives no randomness: check /dev/urandom");
}

std::string hashOf(const std::string& text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size());
    std::string hex(hash.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    hex.pop_back();
    return hex;
}

std::string passwordHash(const std::string& password) {
    startSodium();
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str(out.data(), password.data(), password.size(),
                          crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        throw Error("not enough memory to hash a password", 503);
    return out.data();
}

std::set<std::string> scopesOf(const Json& document) {
    return document.value("scopes", std::set<std::string>{});
}

Caller callerOfToken(const Json& token) {
    Caller caller;
    caller.name = token.value("name", "");
    caller.role = roleFrom(token.value("role", "read_only"));
    caller.scopes = scopesOf(token);
    return caller;
}

/// Changes with the user's password: sessions of the old one count no more.
std::string stampOf(const store::Document& user) {
    return hashOf(Json::parse(user.json).value("password", ""));
}

Caller callerOfSession(const Json& session, const store::Document& user) {
    Caller caller;
    caller.name = user.id;
    caller.role = roleFrom(Json::parse(user.json).value("role", "read_only"));
    caller.session = true;
    caller.csrf = session.value("csrf", "");
    caller.scopes = {"grant"};
    return caller;
}

std::string cookieOf(const Call& call) {
    const std::string header = call.header("cookie");
    const std::string name = std::string(kCookie) + "=";
    for (std::size_t at = 0; at < header.size();) {
        const std::size_t end = std::min(header.find(';', at), header.size());
        std::string part = header.substr(at, end - at);
        part.erase(0, part.find_first_not_of(' '));
        if (part.rfind(name, 0) == 0) return part.substr(name.size());
        at = end + 1;
    }
    return "";
}

}  // namespace

std::string toString(Role role) {
    return role == Role::Admin ? "admin" : role == Role::Reviewer ? "reviewer" : "read_only";
}

Role roleFrom(const std::string& text) {
    if (text == "admin") return Role::Admin;
    if (text == "reviewer") return Role::Reviewer;
    if (text == "read_only") return Role::ReadOnly;
    throw RequestError("'role' must be admin, reviewer or read_only");
}

std::string randomText() {
    startSodium();
    std::array<unsigned char, 32> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::string text(
        sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    text.pop_back();
    return text;
}

Accounts::Accounts(store::Store& store, std::int64_t sessionIdleMs)
    : store_(store), sessionIdleMs_(sessionIdleMs) {
    startSodium();
}

bool Accounts::hasUsers() { return !users().empty(); }

void Accounts::putUser(const std::string& name, const std::string& password, Role role) {
    if (name.empty() || name.size() > 200) throw RequestError("a user needs a name");
    if (password.size() < kShortestPassword)
        throw RequestError("a password has at least 12 characters");
    const Json document{
        {"name", name}, {"role", toString(role)}, {"password", passwordHash(password)}};
    store_.write([&](store::Writer& writer) {
        writer.put(store::Document{"user", name, document.dump(), 0});
    });
}

bool Accounts::removeUser(const std::string& name) {
    bool existed = false;
    store_.write([&](store::Writer& writer) {
        int otherAdmins = 0;
        existed = false;
        for (const store::Document& user : writer.documents("user")) {
            const bool isAdmin = Json::parse(user.json).value("role", "") == "admin";
            if (user.id == name) existed = true;
            if (user.id != name && isAdmin) ++otherAdmins;
        }
        if (!existed) return;
        if (otherAdmins == 0)
            throw RequestError("this is the last administrator: make another one first", 409);
        writer.removeDocument("user", name);
    });
    return existed;
}

std::vector<std::pair<std::string, Role>> Accounts::users() {
    std::vector<std::pair<std::string, Role>> all;
    store_.read([&](store::Reader& reader) {
        for (const store::Document& document : reader.documents("user"))
            all.emplace_back(document.id,
                             roleFrom(Json::parse(document.json).value("role", "read_only")));
    });
    return all;
}

bool Accounts::isLocked(const std::string& name) const {
    const auto found = tries_.find(name);
    return found != tries_.end() && found->second.count >= kWrongTries &&
           nowMs() - found->second.at < kLockMs;
}

void Accounts::noteWrong(const std::string& name) {
    Tries& tries = tries_[name];
    const store::EpochMs now = nowMs();
    if (now - tries.at >= kLockMs) tries.count = 0;
    ++tries.count;
    tries.at = now;
    if (tries_.size() <= kMostNames) return;
    tries_.erase(std::min_element(tries_.begin(), tries_.end(), [](const auto& a, const auto& b) {
        return a.second.at < b.second.at;
    }));
}

std::optional<SignedIn> Accounts::signIn(const std::string& name, const std::string& password) {
    std::optional<store::Document> user;
    store_.read([&](store::Reader& reader) { user = reader.document("user", name); });
    const std::unique_lock lock(mutex_, kPatience);
    if (!lock.owns_lock())
        throw RequestError("too many people sign in at once: try again in a moment", 503);
    const std::string known = hashOf(name);
    if (isLocked(known))
        throw RequestError("too many wrong passwords for this name: wait 15 minutes", 429);
    // Unknown names take as long as wrong passwords, so that nobody learns which names exist.
    static const std::string decoy = passwordHash("no such user, no such password");
    const std::string hash = user ? Json::parse(user->json).value("password", "") : decoy;
    const bool right =
        crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
    if (!right || !user) {
        noteWrong(known);
        return std::nullopt;
    }
    tries_.erase(known);
    return openSession(*user);
}

SignedIn Accounts::openSession(const store::Document& user) {
    const store::EpochMs now = nowMs();
    const Json session{
        {"name", user.id}, {"csrf", randomText()}, {"seen", now}, {"of", stampOf(user)}};
    SignedIn signedIn;
    signedIn.cookie = randomText();
    signedIn.caller = callerOfSession(session, user);
    store_.write([&](store::Writer& writer) {
        writer.put(store::Document{"session", hashOf(signedIn.cookie), session.dump(),
                                   now + sessionIdleMs_});
    });
    return signedIn;
}

void Accounts::signOut(const Call& call) {
    const std::string cookie = cookieOf(call);
    store_.write([&](store::Writer& writer) { writer.removeDocument("session", hashOf(cookie)); });
}

std::optional<Caller> Accounts::callerOf(const Call& call) {
    const std::string authorization = call.header("authorization");
    if (!authorization.empty()) return bearer(authorization);
    const std::string cookie = cookieOf(call);
    return cookie.empty() ? std::nullopt : sessionOf(cookie);
}

std::optional<Caller> Accounts::bearer(const std::string& header) {
    constexpr const char* kBearer = "Bearer ";
    if (header.rfind(kBearer, 0) != 0) return std::nullopt;
    const std::string hash = hashOf(header.substr(7));
    std::optional<Caller> caller;
    store_.read([&](store::Reader& reader) {
        if (const auto index = reader.document("token_hash", hash))
            if (const auto document = reader.document("token", index->json))
                caller = callerOfToken(Json::parse(document->json));
    });
    return caller;
}

std::optional<Caller> Accounts::sessionOf(const std::string& cookie) {
    std::optional<store::Document> document;
    std::optional<store::Document> user;
    store_.read([&](store::Reader& reader) {
        document = reader.document("session", hashOf(cookie));
        if (document) user = reader.document("user", Json::parse(document->json).value("name", ""));
    });
    const store::EpochMs now = nowMs();
    if (!document || !user || document->expiresAt < now) return std::nullopt;
    Json session = Json::parse(document->json);
    if (session.value("of", "") != stampOf(*user)) return std::nullopt;
    if (now - session.value("seen", std::int64_t{0}) > kTouchMs) {
        session["seen"] = now;
        store_.write([&](store::Writer& writer) {
            // Whoever signed out meanwhile stays out.
            if (!writer.document("session", document->id)) return;
            writer.put(
                store::Document{"session", document->id, session.dump(), now + sessionIdleMs_});
        });
    }
    return callerOfSession(session, *user);
}

void Accounts::keepToken(const TokenRow& row, const std::string& token) {
    const Json document{{"name", row.name},
                        {"role", toString(row.role)},
                        {"scopes", row.scopes},
                        {"created_at", row.createdAt},
                        {"hash", hashOf(token)}};
    store_.write([&](store::Writer& writer) {
        writer.put(store::Document{"token", row.id, document.dump(), 0});
        writer.put(store::Document{"token_hash", hashOf(token), row.id, 0});
    });
}

std::pair<std::string, TokenRow> Accounts::makeToken(const std::string& name,
                                                     Role role,
                                                     const std::set<std::string>& scopes) {
    const std::string token = randomText();
    const TokenRow row{randomText().substr(0, 12), name, role, scopes, nowMs()};
    keepToken(row, token);
    return {token, row};
}

void Accounts::putToken(const std::string& id,
                        const std::string& token,
                        Role role,
                        const std::set<std::string>& scopes) {
    removeToken(id);
    keepToken({id, id, role, scopes, nowMs()}, token);
}

std::vector<TokenRow> Accounts::tokens() {
    std::vector<TokenRow> all;
    store_.read([&](store::Reader& reader) {
        for (const store::Document& document : reader.documents("token")) {
            const Json json = Json::parse(document.json);
            all.push_back({document.id, json.value("name", ""),
                           roleFrom(json.value("role", "read_only")), scopesOf(json),
                           json.value("created_at", std::int64_t{0})});
        }
    });
    return all;
}

bool Accounts::removeToken(const std::string& id) {
    bool existed = false;
    store_.write([&](store::Writer& writer) {
        const auto document = writer.document("token", id);
        existed = document.has_value();
        if (!existed) return;
        writer.removeDocument("token_hash", Json::parse(document->json).value("hash", ""));
        writer.removeDocument("token", id);
    });
    return existed;
}

}  // namespace concordat::api
