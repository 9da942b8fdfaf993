// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/sellsy/account.h"

#include <algorithm>
#include <mutex>

#include <nlohmann/json.hpp>

#include "tools/simulators/sellsy/problem.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

std::string textOf(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Write changed(std::string_view object,
              std::int64_t id,
              std::string_view field,
              const json& before,
              const json& after) {
    Write write;
    write.object = object;
    write.id = std::to_string(id);
    write.field = field;
    write.before = textOf(before);
    write.after = textOf(after);
    return write;
}

constexpr std::string_view kExists = "exists", kLinked = "linked_contact";

void replayParty(Store& store, Kind kind, const Write& write, const json& after) {
    const std::int64_t id = std::stoll(write.id);
    const std::int64_t at = write.virtual_at / 1000;
    if (write.field == kLinked) {
        const std::int64_t before =
            json::parse(write.before).is_null() ? 0 : json::parse(write.before).get<std::int64_t>();
        after.is_null() ? store.unlink(id, before) : store.link(id, after.get<std::int64_t>());
    } else if (write.field != kExists) {
        Party party = *store.find(kind, id);
        setField(party, std::string(write.field), after);
        party.updated = at;
        store.replace(party);
    } else if (after == true) {
        Party party;
        party.kind = kind;
        party.id = id;
        party.created = party.updated = at;
        store.add(party);
    } else {
        store.remove(kind, id);
    }
}

Event eventOf(const Party& party, const char* name) {
    const bool contact = party.kind == Kind::Contact;
    Event event;
    event.entity = event.relatedType = contact ? "people" : "client";
    event.name = name;
    event.relatedId = party.id;
    event.thirdType = party.type;
    event.individual = party.kind == Kind::Individual;
    event.objectText = partyText(party, {});
    return event;
}

}  // namespace

Account::Account(Stage& stage)
    : stage_(stage), sender_(stage.options.seed, [this](std::int64_t webhook, bool succeeded) {
          noteOutcome(webhook, succeeded);
      }) {}

std::int64_t Account::stampMs() const {
    return stage_.now() - std::int64_t{stage_.settings.late_visibility_s} * 1000;
}

void Account::note(const Doer& doer, std::vector<Write> writes) {
    const std::int64_t ms = stampMs();
    for (Write& write : writes) write.virtual_at = ms;
    stage_.journal.append(doer, std::move(writes));
}

const Party& Account::existing(Kind kind, std::int64_t id) const {
    const Party* party = store.find(kind, id);
    if (!party) throw Problem(404, "Not Found");
    return *party;
}

Party Account::create(Kind kind, const json& body, const Doer& doer) {
    const std::unique_lock lock(mutex);
    Party party;
    party.kind = kind;
    party.id = store.nextId();
    party.created = party.updated = stampMs() / 1000;
    if (defaultConsent) party.channels = 31;
    const auto object = nameOf(kind);
    std::vector<Write> writes{changed(object, party.id, kExists, false, true)};
    for (const auto& [field, value] : body.items()) {
        setField(party, field, value);
        writes.push_back(changed(object, party.id, field, nullptr, value));
    }
    const std::string array = "marketing_campaigns_subscriptions";
    if (!body.contains(array)) {
        writes.push_back(changed(object, party.id, array, nullptr, fieldValue(party, array)));
    }
    store.add(party);
    note(doer, std::move(writes));
    tell(party, "created");
    return party;
}

Party Account::update(Kind kind, std::int64_t id, const json& body, const Doer& doer) {
    const std::unique_lock lock(mutex);
    Party party = existing(kind, id);
    const bool wasArchived = party.archived;
    std::vector<Write> writes;
    for (const auto& [field, value] : body.items()) {
        const json before = fieldValue(party, field);
        setField(party, field, value);
        const json after = fieldValue(party, field);
        if (before != after) writes.push_back(changed(nameOf(kind), id, field, before, after));
    }
    if (writes.empty()) return party;
    party.updated = stampMs() / 1000;
    store.replace(party);
    note(doer, std::move(writes));
    if (party.archived != wasArchived) tell(party, party.archived ? "archived" : "unarchived");
    tell(party, "updated");
    return party;
}

void Account::remove(Kind kind, std::int64_t id, const Doer& doer) {
    const std::unique_lock lock(mutex);
    Event event = eventOf(existing(kind, id), "deleted");
    event.objectText.clear();
    store.remove(kind, id);
    note(doer, {changed(nameOf(kind), id, kExists, true, false)});
    tell(event);
}

bool Account::link(Kind third, std::int64_t thirdId, std::int64_t contact, const Doer& doer) {
    const std::unique_lock lock(mutex);
    const Party& party = existing(third, thirdId);
    existing(Kind::Contact, contact);
    if (!store.link(thirdId, contact)) return false;
    note(doer, {changed(nameOf(third), thirdId, kLinked, nullptr, contact)});
    Event event = eventOf(party, "created");
    event.entity = "third_party_contact";
    tell(event);
    return true;
}

void Account::unlink(Kind third, std::int64_t thirdId, std::int64_t contact, const Doer& doer) {
    const std::unique_lock lock(mutex);
    if (!store.unlink(thirdId, contact)) throw Problem(404, "Not Found");
    note(doer, {changed(nameOf(third), thirdId, kLinked, contact, nullptr)});
    Event event = eventOf(existing(third, thirdId), "deleted");
    event.entity = "third_party_contact";
    tell(event);
}

void Account::addTags(Kind kind, std::int64_t id, const json& list, const Doer& doer) {
    std::vector<std::int64_t> ids;
    {
        const std::unique_lock lock(mutex);
        const json before = fieldValue(existing(kind, id), "smart_tags");
        if (before.is_array()) before.get_to(ids);
        for (const auto& one : list) {
            std::int64_t tag = one.value("id", std::int64_t{0});
            const std::string value = one.value("value", "");
            for (const auto& [known, name] : tags) tag = name == value ? known : tag;
            if (tag == 0 && !value.empty()) {
                tag = static_cast<std::int64_t>(tags.size()) + 1;
                tags[tag] = value;
                note(doer, {changed("smart-tag", tag, kExists, false, value)});
            }
            if (tags.count(tag) == 0) throw badField("id", "Tag inconnu.");
            if (std::find(ids.begin(), ids.end(), tag) == ids.end()) ids.push_back(tag);
        }
    }
    update(kind, id, {{"smart_tags", ids}}, doer);
}

std::int64_t Account::comment(const json& body, const Doer& doer) {
    const std::unique_lock lock(mutex);
    note(doer, {changed("comment", ++lastComment_, kExists, false, body)});
    return lastComment_;
}

Webhook Account::createWebhook(const json& body, const Doer& doer) {
    Webhook webhook;
    webhook.type = "http";
    applyWebhook(body, true, webhook);
    const std::unique_lock lock(mutex);
    webhook.id = ++lastWebhook_;
    webhook.created = webhook.updated = stampMs() / 1000;
    webhooks_[webhook.id] = webhook;
    noteWebhook(webhook, true, doer);
    return webhook;
}

Webhook Account::updateWebhook(std::int64_t id, const json& body, const Doer& doer) {
    const std::unique_lock lock(mutex);
    const auto found = webhooks_.find(id);
    if (found == webhooks_.end()) throw Problem(404, "Not Found");
    Webhook webhook = found->second;
    applyWebhook(body, false, webhook);
    webhook.updated = stampMs() / 1000;
    found->second = webhook;
    noteWebhook(webhook, true, doer);
    return webhook;
}

void Account::removeWebhook(std::int64_t id, const Doer& doer) {
    const std::unique_lock lock(mutex);
    const auto found = webhooks_.find(id);
    if (found == webhooks_.end()) throw Problem(404, "Not Found");
    noteWebhook(found->second, false, doer);
    webhooks_.erase(found);
}

void Account::noteWebhook(const Webhook& webhook, bool exists, const Doer& doer) {
    const json whole = webhookJson(webhook);
    json settings = json::object();
    for (const char* key : {"name", "type", "endpoint", "sign_key", "is_enabled",
                            "object_in_payload", "json_content_type", "configuration"}) {
        settings[key] = whole[key];
    }
    note(doer, {changed("webhook", webhook.id, kExists, nullptr, exists ? settings : json())});
}

std::vector<Webhook> Account::webhooks() const {
    const std::shared_lock lock(mutex);
    std::vector<Webhook> out;
    for (const auto& [id, webhook] : webhooks_) out.push_back(webhook);
    return out;
}

void Account::noteOutcome(std::int64_t webhook, bool succeeded) {
    const std::unique_lock lock(mutex);
    const auto found = webhooks_.find(webhook);
    if (found == webhooks_.end()) return;
    (succeeded ? found->second.lastSucceeded : found->second.lastFailed) = stage_.now() / 1000;
    if (!succeeded) ++found->second.failures;
}

void Account::tell(const Party& party, const char* event) {
    if (!webhooks_.empty()) tell(eventOf(party, event));
}

void Account::tell(const Event& event) {
    if (!stage_.settings.webhooks) return;
    for (const auto& [id, webhook] : webhooks_) {
        auto delivery = deliveryFor(webhook, event, stage_.now() / 1000, kCorpId);
        if (delivery) sender_.send(std::move(*delivery));
    }
}

void Account::reset() {
    const std::unique_lock lock(mutex);
    store.populate(stage_.world);
    tags.clear();
    webhooks_.clear();
    lastWebhook_ = lastComment_ = 0;
}

void Account::replay(const Write& write) {
    const std::unique_lock lock(mutex);
    const std::int64_t id = std::stoll(write.id);
    const json after = json::parse(write.after);
    if (const auto kind = kindNamed(write.object)) {
        replayParty(store, *kind, write, after);
    } else if (write.object == "smart-tag") {
        tags[id] = after.get<std::string>();
    } else if (write.object == "comment") {
        lastComment_ = id;
    } else if (after.is_null()) {
        webhooks_.erase(id);
    } else {
        Webhook& webhook = webhooks_[id];
        applyWebhook(after, true, webhook);
        webhook.id = lastWebhook_ = id;
        webhook.created = webhook.updated = write.virtual_at / 1000;
    }
}

}  // namespace concordat::simulators::sellsy
