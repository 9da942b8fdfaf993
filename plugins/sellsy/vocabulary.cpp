// SPDX-License-Identifier: Apache-2.0
#include "plugins/sellsy/vocabulary.h"

#include "sdk/concordat/tree.h"

namespace concordat::plugins::sellsy {
namespace {

using nlohmann::json;
using sdk::CallError;
using sdk::setting;

/// Only what these settings allow reaches the vendor; secrets are named for the gateway and never
/// read here.
constexpr const char* kSchema = R"json({
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "type": "object",
 "additionalProperties": false,
 "required": ["client_id"],
 "properties": {
  "client_id": {"type": "string", "minLength": 1, "group": "sign-in",
    "title": "Client id of the API access made in Sellsy"},
  "client_secret": {"type": "string", "secret": true, "group": "sign-in",
    "title": "Client secret of a personal access; absent where people sign in with a code"},
  "base_url": {"type": "string", "format": "uri", "pattern": "^https?://[^/]+$",
    "default": "https://api.sellsy.com", "group": "address", "title": "Address of the API, without /v2"},
  "login_url": {"type": "string", "format": "uri", "pattern": "^https?://[^/]+$",
    "default": "https://login.sellsy.com", "group": "address", "title": "Address of the sign-in server"},
  "v1_url": {"type": "string", "format": "uri", "pattern": "^https?://[^/]+$",
    "default": "https://apifeed.sellsy.com", "group": "address",
    "title": "Address of API v1, used only where v1 is on"},
  "objects": {"type": "array", "uniqueItems": true, "minItems": 1,
    "items": {"enum": ["contacts", "individuals", "companies"]},
    "default": ["contacts", "individuals", "companies"], "group": "data",
    "title": "Which records take part"},
  "v1": {"type": "boolean", "default": false, "group": "data",
    "title": "Write one channel at a time through API v1; the access needs the scope api-v1"},
  "batch_size": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50, "unit": "calls",
    "group": "speed", "title": "Calls put into one batch request; 1 sends each call alone"},
  "external_ids": {"type": "object", "default": {}, "group": "data",
    "additionalProperties": {"type": "string", "pattern": "^([a-z_]+|cf\\.[0-9]+)$"},
    "title": "Names of external ids, and the field of each: reference, auxiliary_code, cf.NUMBER"},
  "sign_key": {"type": "string", "secret": true, "group": "webhooks",
    "title": "Key that signs Sellsy's webhooks"}
 }
})json";

std::string address(const json& settings, const char* name, const std::string& fallback) {
    std::string url = setting(settings, name, fallback);
    while (!url.empty() && url.back() == '/') url.pop_back();
    if (!url.starts_with("https://") && !url.starts_with("http://"))
        throw CallError(std::string("setting ") + name +
                        " must be an address that starts with https://");
    return url;
}

std::vector<const Kind*> readKinds(const json& settings) {
    const auto names = setting(settings, "objects",
                               std::vector<std::string>{"contacts", "individuals", "companies"});
    std::vector<const Kind*> kinds;
    for (const auto& kind : kKinds)
        for (const auto& name : names)
            if (name == kind.collection) kinds.push_back(&kind);
    if (kinds.empty() || kinds.size() != names.size())
        throw CallError(
            "setting objects must list each of contacts, individuals, companies at most once");
    return kinds;
}

sdk::SlotDescription slotOf(const Kind& kind, const Channel& channel, bool v1) {
    sdk::SlotDescription slot;
    slot.id = std::string(kind.object) + "." + std::string(channel.slot);
    slot.object = kind.object;
    slot.field = std::string(kSet) + ": " + std::string(channel.member);
    slot.label = "Subscribed to campaigns by " + std::string(channel.slot);
    // What "custom" stands for only the account knows: without a purpose the integration must map
    // it.
    if (channel.mapped) slot.purposes = {"PROSPECTING"};
    slot.channels = {channel.mapped ? std::string(channel.slot) : "none"};
    slot.showsPermit = sdk::Shown::Permit;
    slot.showsDeny = sdk::Shown::Absent;
    slot.recordTimeMoves = true;
    slot.lostUpdate = !v1;
    slot.settleMs = 2'000;
    return slot;
}

/// What v1 says inside an HTTP 200, for the gateway.
json replyRules() {
    return json::array({{{"status", 200},
                         {"pointer", "/error/code"},
                         {"equals", "E_USER_NOT_LOGGED"},
                         {"as", "auth"}}});
}

/// A personal access signs in with its secret, a private or public one with a code and PKCE and
/// without a secret.
std::vector<sdk::AuthTemplate> signIns() {
    const json token = {{"token_url", "{login_url}/oauth2/access-tokens"},
                        {"client_id", "{client_id}"},
                        {"replies", replyRules()}};
    json code = token;
    code["client_secret"] = "";
    code["authorize_url"] = "{login_url}/oauth2/authorization";
    code["scope"] =
        "contacts.read contacts.write individuals.read individuals.write companies.read "
        "companies.write custom-fields.read webhooks.read webhooks.write accounts.read staffs.read "
        "comments.write";
    return {{"oauth2_client_credentials", token.dump()},
            {"oauth2_authorization_code", code.dump()}};
}

std::vector<sdk::HostRule> hostRules() {
    return {{"{base_url}",
             {"GET"},
             {"/v2/contacts/*", "/v2/individuals/*", "/v2/companies/*"},
             "reads records"},
            {"{base_url}",
             {"POST"},
             {"/v2/contacts/search", "/v2/individuals/search", "/v2/companies/search", "/v2/batch"},
             "searches records; sends several calls at once"},
            {"{base_url}",
             {"PUT"},
             {"/v2/contacts/*", "/v2/individuals/*", "/v2/companies/*"},
             "writes the set of subscribed channels"},
            {"{base_url}",
             {"GET"},
             {"/v2/quotas", "/v2/staffs/me", "/v2/custom-fields"},
             "checks and discovers"},
            {"{base_url}", {"POST"}, {"/v2/comments"}, "leaves an explanation on a record"},
            {"{base_url}",
             {"GET", "POST", "PUT", "DELETE"},
             {"/v2/webhooks", "/v2/webhooks/*"},
             "manages webhooks",
             {"sign_key"}},
            {"{login_url}", {"POST", "GET"}, {"/oauth2/*"}, "signs in"},
            {"{v1_url}", {"POST"}, {"/0/"}, "writes one channel's flag, where v1 is on"}};
}

std::vector<sdk::FieldUse> fieldUses() {
    std::vector<sdk::FieldUse> uses;
    for (const auto& kind : kKinds) {
        const std::string object(kind.object);
        uses.push_back({object, std::string(kSet), "the consent choices", true});
        uses.push_back({object, std::string(kMirror), "the stricter of the two counts", false});
        for (const char* field : {"email", "mobile_number", "phone_number"})
            uses.push_back({object, field, "finds the same person elsewhere", false});
        uses.push_back({object, std::string(kind.updated), "knows what changed", false});
        uses.push_back({object, "created", "dates a first sight", false});
    }
    return uses;
}

}  // namespace

Settings readSettings(const json& settings) {
    if (!settings.is_object()) throw CallError("the settings of sellsy must be an object");
    Settings read;
    read.baseUrl = address(settings, "base_url", read.baseUrl);
    read.v1Url = address(settings, "v1_url", read.v1Url);
    read.kinds = readKinds(settings);
    read.v1 = setting(settings, "v1", false);
    const auto batch = setting(settings, "batch_size", std::int64_t{50});
    if (batch < 1 || batch > 100) throw CallError("setting batch_size must be between 1 and 100");
    read.batchSize = static_cast<std::size_t>(batch);
    read.externalIds = setting(settings, "external_ids", read.externalIds);
    return read;
}

const Kind* kindNamed(std::string_view object) {
    for (const auto& kind : kKinds)
        if (kind.object == object) return &kind;
    return nullptr;
}

const Channel* channelOf(const Kind& kind, std::string_view slot) {
    for (const auto& channel : kChannels)
        if (slot == std::string(kind.object) + "." + std::string(channel.slot)) return &channel;
    return nullptr;
}

std::vector<sdk::SlotDescription> slotsOf(const std::vector<const Kind*>& kinds, bool v1) {
    std::vector<sdk::SlotDescription> slots;
    for (const auto* kind : kinds)
        for (const auto& channel : kChannels) slots.push_back(slotOf(*kind, channel, v1));
    return slots;
}

sdk::Description describe() {
    sdk::Description about;
    about.id = "sellsy";
    about.name = "Sellsy";
    about.vendor = "Sellsy SAS";
    about.version = "1.0.0";
    about.settingsSchemaJson = kSchema;
    about.slots = slotsOf({&kKinds[0], &kKinds[1], &kKinds[2]}, false);
    about.identifiers = {"email", "phone", "external:NAME"};
    about.abilities = {"describe",
                       "check",
                       "discover",
                       "pull",
                       "read",
                       "find",
                       "apply",
                       "note",
                       "health",
                       "webhook.parse",
                       "webhook.subscribe",
                       "webhook.list",
                       "webhook.remove"};
    about.readBatch = 1'000;
    about.findBatch = 50;
    about.applyBatch = 100;
    about.commitDelayMs = 60'000;
    about.auth = signIns();
    about.hosts = hostRules();
    sdk::WebhookSignature signature;
    signature.kind = "digest";
    signature.hash = "sha1";
    signature.header = "x-webhook-signature";
    signature.encoding = "hex";
    signature.answersGet = true;
    about.webhook = signature;
    about.limits = {{"api", 20, 0, 4, "x-quota-remaining-by-day", ""}, {"v1", 5, 0, 2, "", ""}};
    about.fields = fieldUses();
    return about;
}

}  // namespace concordat::plugins::sellsy
