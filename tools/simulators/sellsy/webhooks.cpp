// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/sellsy/webhooks.h"

#include <array>

#include <Poco/URI.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include "tools/simulators/stage/paris_time.h"
#include "tools/simulators/sellsy/problem.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

json named(std::initializer_list<const char*> names) {
    json out = json::object();
    for (const char* name : names) out[name] = name;
    return out;
}

bool isEvent(const std::string& id) {
    const std::size_t dot = id.find('.');
    for (const auto& entity : eventCatalog()) {
        if (id.compare(0, dot, entity["id"].get<std::string>()) != 0) continue;
        return dot != std::string::npos && entity["events"].contains(id.substr(dot + 1));
    }
    return false;
}

std::string hexSha1(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha1(), nullptr);
    std::string out;
    for (unsigned i = 0; i < length; ++i) {
        out += "0123456789abcdef"[digest[i] >> 4U];
        out += "0123456789abcdef"[digest[i] & 15U];
    }
    return out;
}

std::string formEncoded(const std::string& text) {
    std::string out;
    Poco::URI::encode(text, "!#$&'()*+,/:;=?@[]%\"{}", out);
    return out;
}

void readConfiguration(const json& list, Webhook& webhook) {
    if (!list.is_array()) throw badField("configuration", "Un tableau est attendu.");
    webhook.configuration.clear();
    for (const auto& one : list) {
        const std::string id = one.is_object() ? one.value("id", "") : std::string();
        if (!isEvent(id)) throw badField("configuration", "Évènement inconnu.");
        webhook.configuration[id] = one.value("is_enabled", true);
    }
}

void readText(const json& value, const std::string& key, std::string& into) {
    if (!value.is_string()) throw badField(key, "Une chaîne est attendue.");
    into = value.get<std::string>();
}

void readFlag(const json& value, const std::string& key, bool& into) {
    if (!value.is_boolean()) throw badField(key, "Un booléen est attendu.");
    into = value.get<bool>();
}

void applyKey(const std::string& key, const json& value, Webhook& webhook) {
    if (key == "name") return readText(value, key, webhook.name);
    if (key == "type") return readText(value, key, webhook.type);
    if (key == "endpoint") return readText(value, key, webhook.endpoint);
    if (key == "sign_key") return readText(value, key, webhook.signKey);
    if (key == "is_enabled") return readFlag(value, key, webhook.enabled);
    if (key == "object_in_payload") return readFlag(value, key, webhook.objectInPayload);
    if (key == "json_content_type") return readFlag(value, key, webhook.jsonContent);
    if (key == "configuration") return readConfiguration(value, webhook);
    throw badField(key, "Ce champ n'a pas été prévu.");
}

json momentOrNull(std::int64_t at) { return at == 0 ? json() : json(paris::isoWithOffset(at)); }

json payload(const Webhook& webhook, const Event& event, std::int64_t at, const std::string& corp) {
    json object = json::object();
    if (webhook.objectInPayload && !event.objectText.empty())
        object = json::parse(event.objectText);
    json out = {{"eventType", event.entity},
                {"event", event.name},
                {"relatedtype", event.relatedType},
                {"relatedid", std::to_string(event.relatedId)},
                {"relatedobject", object},
                {"individual", event.individual},
                {"ownertype", "staff"},
                {"ownerid", "602301"},
                {"corpid", corp},
                {"timestamp", std::to_string(at)}};
    if (!event.thirdType.empty()) out["thirdtype"] = event.thirdType;
    return out;
}

}  // namespace

json eventCatalog() {
    return json::array(
        {{{"id", "client"},
          {"description", "Clients, prospects"},
          {"events", named({"created", "updated", "deleted", "addressadded", "addressupdated",
                            "addressremoved", "mainaddress", "transform", "archived", "unarchived",
                            "editPrefs"})}},
         {{"id", "people"},
          {"description", "Contacts"},
          {"events", named({"created", "updated", "deleted", "created_address", "updated_address",
                            "deleted_address", "updatedmain_address", "archived", "unarchived"})}},
         {{"id", "third_party_contact"},
          {"description", "Contacts de tiers"},
          {"events", named({"created", "main", "deleted"})}}});
}

void applyWebhook(const json& body, bool creating, Webhook& webhook) {
    if (!body.is_object()) throw Problem(400, "Le contenu de la requête est invalide.");
    for (const auto& [key, value] : body.items()) applyKey(key, value, webhook);
    const bool complete = !webhook.name.empty() && !webhook.endpoint.empty();
    if (creating && !complete) throw badField("endpoint", "Ce champ est manquant");
    if (webhook.type != "http") throw badField("type", "Seul le type http est simulé.");
    if (webhook.endpoint.rfind("http", 0) != 0) throw badField("endpoint", "URL invalide.");
}

json webhookJson(const Webhook& webhook) {
    json configuration = json::array();
    for (const auto& [id, enabled] : webhook.configuration) {
        configuration.push_back({{"id", id}, {"is_enabled", enabled}});
    }
    return {{"id", webhook.id},
            {"name", webhook.name},
            {"type", webhook.type},
            {"endpoint", webhook.endpoint},
            {"is_enabled", webhook.enabled},
            {"object_in_payload", webhook.objectInPayload},
            {"json_content_type", webhook.jsonContent},
            {"sign_key", webhook.signKey},
            {"configuration", configuration},
            {"created", momentOrNull(webhook.created)},
            {"updated", momentOrNull(webhook.updated)},
            {"last_succeeded", momentOrNull(webhook.lastSucceeded)},
            {"last_failed", momentOrNull(webhook.lastFailed)},
            {"nb_failures", webhook.failures}};
}

std::optional<Delivery> deliveryFor(const Webhook& webhook,
                                    const Event& event,
                                    std::int64_t at,
                                    const std::string& corp) {
    const auto wanted = webhook.configuration.find(event.entity + "." + event.name);
    if (!webhook.enabled || wanted == webhook.configuration.end() || !wanted->second) return {};
    const std::string text =
        payload(webhook, event, at, corp).dump(-1, ' ', false, json::error_handler_t::replace);
    Delivery delivery;
    delivery.webhook = webhook.id;
    delivery.url = webhook.endpoint;
    delivery.contentType =
        webhook.jsonContent ? "application/json" : "application/x-www-form-urlencoded";
    delivery.body = webhook.jsonContent ? text : "notif=" + formEncoded(text);
    if (!webhook.signKey.empty()) delivery.signature = hexSha1(webhook.signKey + delivery.body);
    return delivery;
}

}  // namespace concordat::simulators::sellsy
