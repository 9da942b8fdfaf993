// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/eudonet/sessions.h"

#include <random>

#include <nlohmann/json.hpp>

#include "tools/simulators/eudonet/refusal.h"

namespace concordat::simulators::eudonet {
namespace {

constexpr std::size_t kMaxSessions = 10000;

std::string fieldOf(const nlohmann::json& body, const char* key) {
    const auto found = body.find(key);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string freshToken() {
    std::random_device dice;
    std::string token;
    for (int i = 0; i < 32; ++i) token += "0123456789abcdef"[dice() % 16];
    return token;
}

}  // namespace

void checkCredentials(const Credentials& credentials, const nlohmann::json& body) {
    if (fieldOf(body, "subscriberlogin") != credentials.subscriberLogin ||
        fieldOf(body, "subscriberpassword") != credentials.subscriberPassword ||
        fieldOf(body, "basename") != credentials.baseName) {
        throw Refusal(ErrorNumber::badSubscriber, "Abonné, mot de passe ou base incorrect");
    }
    if (fieldOf(body, "userlogin") != credentials.userLogin ||
        fieldOf(body, "userpassword") != credentials.userPassword) {
        throw Refusal(ErrorNumber::badCredentials, "Utilisateur ou mot de passe incorrect");
    }
    const std::string lang = fieldOf(body, "userlang");
    const bool known =
        lang.size() == 7 && lang.compare(0, 6, "LANG_0") == 0 && lang[6] >= '0' && lang[6] <= '5';
    if (!known) throw Refusal(ErrorNumber::badRequest, "UserLang : LANG_00 à LANG_05");
    if (fieldOf(body, "productname").empty()) {
        throw Refusal(ErrorNumber::badRequest, "ProductName obligatoire");
    }
}

std::string Sessions::open(std::int64_t expires) {
    const std::lock_guard lock(mutex_);
    if (expiry_.size() >= kMaxSessions) expiry_.clear();
    std::string token = freshToken();
    expiry_[token] = expires;
    return token;
}

void Sessions::check(const std::string& token, std::int64_t now) const {
    if (token.empty()) throw Refusal(ErrorNumber::noToken, "Jeton absent");
    const std::lock_guard lock(mutex_);
    const auto found = expiry_.find(token);
    if (found == expiry_.end()) throw Refusal(ErrorNumber::badToken, "Jeton invalide");
    if (found->second <= now) throw Refusal(ErrorNumber::expiredToken, "Jeton expiré");
}

void Sessions::close(const std::string& token) {
    const std::lock_guard lock(mutex_);
    expiry_.erase(token);
}

void Sessions::expireAll() {
    const std::lock_guard lock(mutex_);
    for (auto& [token, expires] : expiry_) expires = 0;
}

}  // namespace concordat::simulators::eudonet
