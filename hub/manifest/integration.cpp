// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/integration.h"

#include <algorithm>

namespace concordat::manifest {

namespace {

bool isSecretReference(const std::string& value) {
    return (value.rfind("env:", 0) == 0 && value.size() > 4) ||
           (value.rfind("file:/", 0) == 0 && value.size() > 6);
}

PoolLimit readLimit(Fields fields) {
    PoolLimit limit;
    limit.pool = fields.text("pool");
    limit.perSecond = static_cast<int>(fields.number("per_second", -1, 0, 100'000));
    limit.perDay = static_cast<int>(fields.number("per_day", -1, 0, 1'000'000'000));
    limit.concurrency = static_cast<int>(fields.number("concurrency", -1, 1, 256));
    fields.finish();
    return limit;
}

Connection readConnection(Fields fields) {
    Connection connection;
    if (const Node* settings = fields.raw("settings")) connection.settingsJson = toJson(*settings);
    connection.auth = fields.text("auth", "");
    connection.secrets = fields.textMap("secrets");
    for (const auto& [name, reference] : connection.secrets)
        if (!isSecretReference(reference))
            fields.problem(
                "secrets",
                "the secret '" + name +
                    "' must be a reference, env:NAME or file:/path, never the secret itself");
    connection.hosts = fields.texts("hosts");
    connection.internal = fields.flag("internal", false);
    for (Fields& limit : fields.maps("limits")) connection.limits.push_back(readLimit(limit));
    connection.caFile = fields.text("ca_file", "");
    connection.webhookSecret = fields.text("webhook_secret", "");
    if (!connection.webhookSecret.empty() && !connection.secrets.contains(connection.webhookSecret))
        fields.problem("webhook_secret",
                       "'" + connection.webhookSecret + "' is not among this connection's secrets");
    fields.finish();
    return connection;
}

SlotMapping readSlot(Fields fields, const Node& node) {
    SlotMapping mapping;
    mapping.slot = fields.text("slot");
    mapping.purposes = fields.texts("purposes");
    mapping.channels = fields.texts("channels");
    mapping.absence = fields.word("absence", {"keep", "refusal", "unknown"}, "keep");
    mapping.trusted = fields.flag("trusted", false);
    mapping.line = node.line;
    mapping.column = node.column;
    fields.finish();
    return mapping;
}

Policies readPolicies(Fields fields) {
    Policies policies;
    policies.grants = fields.word("grants", {"never", "declared"}, policies.grants);
    policies.trustedActors = fields.texts("trusted_actors");
    policies.evidenceSources = fields.texts("evidence_sources");
    policies.directDoubleOptIn = fields.flag("direct_double_opt_in", false);
    policies.capShare = static_cast<double>(fields.number("cap_percent", 5, 1, 100)) / 100.0;
    policies.capCount = fields.number("cap_count", policies.capCount, 1, 1'000'000'000);
    policies.pollIntervalMs = fields.duration("poll_interval", policies.pollIntervalMs);
    policies.sweepIntervalMs = fields.duration("sweep_interval", policies.sweepIntervalMs);
    policies.isolation = fields.word("isolation", {"process", "inproc"}, policies.isolation);
    policies.notes = fields.flag("notes", policies.notes);
    policies.tenant = fields.text("tenant", "");
    fields.finish();
    return policies;
}

void readIdentifiers(Fields fields, Integration& integration) {
    integration.region = fields.text("region", integration.region);
    if (integration.region.size() != 2)
        fields.problem("region",
                       "'region' must be a two-letter country code such as FR: national phone "
                       "numbers belong to it");
    for (Fields& external : fields.maps("external")) {
        integration.externalIds.push_back({external.text("name"), external.text("field")});
        external.finish();
    }
    fields.finish();
}

void readSlots(Fields& fields, const Node& root, Integration& integration) {
    const Node* list = root.find("slots");
    std::size_t index = 0;
    for (Fields& slot : fields.maps("slots")) {
        integration.slots.push_back(readSlot(slot, list->items[index++]));
        const auto& added = integration.slots.back();
        const auto same =
            std::count_if(integration.slots.begin(), integration.slots.end(),
                          [&](const SlotMapping& other) { return other.slot == added.slot; });
        if (same > 1) fields.problem("slots", "the slot '" + added.slot + "' is mapped twice");
    }
    if (integration.slots.empty())
        fields.problem("slots",
                       "no slot is mapped: list at least one under 'slots' (concordat systems "
                       "--slots shows the connector's)");
}

}  // namespace

bool isSystemName(const std::string& name) {
    return !name.empty() && name.size() <= 40 && name.front() >= 'a' && name.front() <= 'z' &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

Integration readIntegration(const std::string& file,
                            const Node& root,
                            std::vector<Problem>& problems) {
    Integration integration;
    integration.file = file;
    Fields fields(file, root, problems);
    integration.system = fields.text("system");
    if (!integration.system.empty() && !isSystemName(integration.system))
        fields.problem("system",
                       "'system' must be a short name of a-z, 0-9 and '-', beginning with a "
                       "letter, such as salesforce-france");
    integration.title = fields.text("title", integration.system);
    integration.connector = fields.text("connector");
    integration.controller = fields.text("controller");
    if (auto connection = fields.map("connection"))
        integration.connection = readConnection(*connection);
    else
        fields.problem("connection",
                       "'connection' is missing: add settings, auth, secrets and hosts");
    if (auto identifiers = fields.map("identifiers")) readIdentifiers(*identifiers, integration);
    readSlots(fields, root, integration);
    if (auto policies = fields.map("policies")) integration.policies = readPolicies(*policies);
    return integration;
}

}  // namespace concordat::manifest
