// SPDX-License-Identifier: Apache-2.0
#include "plugins/sellsy/notices.h"

#include <algorithm>

#include "plugins/sellsy/replies.h"
#include "plugins/sellsy/requests.h"

namespace concordat::plugins::sellsy {
namespace {

using nlohmann::json;

json parsedNotice(const std::string& text) {
    json tree = json::parse(text, nullptr, false);
    return tree.is_discarded() ? json() : tree;
}

bool isTrue(const json& value) {
    const std::string text = textOf(value);
    return value == json(true) || text == "1" || text == "Y" || text == "true";
}

/// The field `name` of a form body, decoded; empty optional if there is none.
std::optional<std::string> formField(const std::string& body, const std::string& name) {
    for (std::size_t at = 0; at < body.size();) {
        const std::size_t end = std::min(body.find('&', at), body.size());
        const std::string pair = body.substr(at, end - at);
        at = end + 1;
        if (!pair.starts_with(name + "=")) continue;
        std::string value;
        for (std::size_t i = name.size() + 1; i < pair.size(); ++i) {
            const auto hex = [&pair](std::size_t where) {
                const std::string digits = "0123456789abcdef";
                return where < pair.size() ? digits.find(static_cast<char>(pair[where] | 0x20))
                                           : std::string::npos;
            };
            if (pair[i] == '%' && hex(i + 1) < 16 && hex(i + 2) < 16) {
                value += static_cast<char>(hex(i + 1) * 16 + hex(i + 2));
                i += 2;
            } else {
                value += pair[i] == '+' ? ' ' : pair[i];
            }
        }
        return value;
    }
    return std::nullopt;
}

/// The help page says `third`, a working connector matches `client`: both are a company or an
/// individual. Where the notice does not say which, both are looked at; the wrong one is simply not
/// there.
void addChanged(sdk::WebhookNews& news, const json& notice, const std::vector<const Kind*>& kinds) {
    const std::string type = textOf(member(notice, "relatedtype"));
    const std::string id = textOf(member(notice, "relatedid"));
    if (!isId(id)) return;
    const json& individual = member(notice, "individual");
    for (const auto* kind : kinds) {
        const bool contact = kind->object == "contact";
        const bool person = kind->object == "individual";
        const bool third =
            type == "third" || type == "client" || type == "prospect" || type == "supplier";
        const bool fits = contact
                              ? type == "people" || type == "contact"
                              : (third && (individual.is_null() || isTrue(individual) == person)) ||
                                    type == kind->object;
        if (fits) news.changed.push_back({std::string(kind->object), id});
    }
}

}  // namespace

sdk::WebhookNews noticeOf(const sdk::WebhookRequest& request,
                          const std::vector<const Kind*>& kinds) {
    sdk::WebhookNews news;
    if (request.method == "GET") return news;  // a ping
    const auto form = formField(request.body, "notif");
    json notice = parsedNotice(form ? *form : request.body);
    if (member(notice, "notif").is_string())
        notice = parsedNotice(member(notice, "notif").get<std::string>());
    if (!notice.is_object() && !notice.is_array())
        throw sdk::CallError(
            "this is not a notice of Sellsy: the body is neither JSON nor a form with the field "
            "notif");
    if (notice.is_object()) notice = json::array({notice});
    for (const auto& entry : notice) addChanged(news, entry, kinds);
    return news;
}

std::vector<sdk::Subscription> subscriptionsOf(const json& body) {
    const json& rows = body.is_array() ? body : member(body, "data");
    std::vector<sdk::Subscription> found;
    if (!rows.is_array()) throw sdk::CallError("Sellsy's list of webhooks is not a list");
    for (const auto& row : rows) {
        const std::string id = textOf(member(row, "id"));
        if (!id.empty() && textOf(member(row, "type")) != "slack")
            found.push_back(
                {id, textOf(member(row, "endpoint")), member(row, "is_enabled") != json(false)});
    }
    return found;
}

}  // namespace concordat::plugins::sellsy
