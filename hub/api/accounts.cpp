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

Caller callerFrom(const Json& document) {
    Caller caller;
    caller.name = document.value("name", "");
    caller.role = roleFrom(document.value("role", "read_only"));
    caller.csrf = document.value("csrf", "");
    caller.session = !caller.csrf.empty();
    caller.scopes = scopesOf(document);
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
    if (name.empty()) throw RequestError("a user needs a name");
    if (password.size() < kShortestPassword)
        throw RequestError("a password has at least 12 characters");
    const Json document{
        {"name", name}, {"role", toString(role)}, {"password", passwordHash(password)}};
    store_.write([&](store::Writer& writer) {
        writer.put(store::Document{"user", name, document.dump(), 0});
    });
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

std::optional<SignedIn> Accounts::signIn(const std::string& name, const std::string& password) {
    std::optional<store::Document> user;
    Json tries = Json::object();
    store_.read([&](store::Reader& reader) {
        user = reader.document("user", name);
        if (const auto document = reader.document("sign_in_tries", name))
            tries = Json::parse(document->json);
    });
    const store::EpochMs now = nowMs();
    if (tries.value("count", 0) >= kWrongTries &&
        now - tries.value("at", std::int64_t{0}) < kLockMs)
        throw RequestError("too many wrong passwords for this name: wait 15 minutes", 429);
    // Unknown names take as long as wrong passwords, so that nobody learns which names exist.
    static const std::string decoy = passwordHash("no such user, no such password");
    const std::string hash = user ? Json::parse(user->json).value("password", "") : decoy;
    const bool right =
        crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0 && user;
    SignedIn signedIn;
    store_.write([&](store::Writer& writer) {
        if (!right) {
            if (!user) return;
            const Json count{{"count", tries.value("count", 0) + 1}, {"at", now}};
            writer.put(store::Document{"sign_in_tries", name, count.dump(), now + kLockMs});
            return;
        }
        writer.removeDocument("sign_in_tries", name);
        Json session{{"name", name},
                     {"role", Json::parse(user->json).value("role", "")},
                     {"csrf", randomText()},
                     {"scopes", {"grant"}},
                     {"seen", now}};
        signedIn.cookie = randomText();
        signedIn.caller = callerFrom(session);
        writer.put(store::Document{"session", hashOf(signedIn.cookie), session.dump(),
                                   now + sessionIdleMs_});
    });
    return right ? std::optional(signedIn) : std::nullopt;
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
                caller = callerFrom(Json::parse(document->json));
    });
    return caller;
}

std::optional<Caller> Accounts::sessionOf(const std::string& cookie) {
    std::optional<store::Document> document;
    store_.read(
        [&](store::Reader& reader) { document = reader.document("session", hashOf(cookie)); });
    const store::EpochMs now = nowMs();
    if (!document || document->expiresAt < now) return std::nullopt;
    Json session = Json::parse(document->json);
    if (now - session.value("seen", std::int64_t{0}) > kTouchMs) {
        session["seen"] = now;
        store_.write([&](store::Writer& writer) {
            writer.put(
                store::Document{"session", document->id, session.dump(), now + sessionIdleMs_});
        });
    }
    return callerFrom(session);
}

std::pair<std::string, TokenRow> Accounts::makeToken(const std::string& name,
                                                     Role role,
                                                     const std::set<std::string>& scopes) {
    const std::string token = randomText();
    TokenRow row{randomText().substr(0, 12), name, role, scopes, nowMs()};
    const Json document{{"name", name},
                        {"role", toString(role)},
                        {"scopes", scopes},
                        {"created_at", row.createdAt},
                        {"hash", hashOf(token)}};
    store_.write([&](store::Writer& writer) {
        writer.put(store::Document{"token", row.id, document.dump(), 0});
        writer.put(store::Document{"token_hash", hashOf(token), row.id, 0});
    });
    return {token, row};
}

void Accounts::putToken(const std::string& id,
                        const std::string& token,
                        Role role,
                        const std::set<std::string>& scopes) {
    removeToken(id);
    const Json document{{"name", id},
                        {"role", toString(role)},
                        {"scopes", scopes},
                        {"created_at", nowMs()},
                        {"hash", hashOf(token)}};
    store_.write([&](store::Writer& writer) {
        writer.put(store::Document{"token", id, document.dump(), 0});
        writer.put(store::Document{"token_hash", hashOf(token), id, 0});
    });
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
