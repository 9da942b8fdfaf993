// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/vocabulary.h"
#include "sdk/concordat/connector.h"

namespace concordat::plugins::salesforce {
namespace {

using nlohmann::json;

/// Only what these settings allow reaches the vendor; secrets are named for the gateway and never
/// read here.
constexpr const char* kSchema = R"json({
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "type": "object",
 "additionalProperties": false,
 "required": ["my_domain_url", "client_id"],
 "properties": {
  "my_domain_url": {"type": "string", "format": "uri", "pattern": "^https?://[^/]+$", "group": "address",
    "title": "My Domain address of the org, such as https://acme.my.salesforce.com"},
  "api_version": {"type": "string", "pattern": "^v?[0-9]{2,3}(\\.0)?$", "group": "address",
    "title": "Newest API version to use; without it the newest that the org offers"},
  "client_id": {"type": "string", "minLength": 1, "group": "sign-in",
    "title": "Consumer key of the external client app"},
  "client_secret": {"type": "string", "secret": true, "group": "sign-in",
    "title": "Consumer secret, for oauth2_client_credentials"},
  "private_key": {"type": "string", "secret": true, "group": "sign-in",
    "title": "Private key (PEM) of the certificate in the app, for oauth2_jwt_bearer"},
  "username": {"type": "string", "minLength": 1, "group": "sign-in",
    "title": "User to act as, for oauth2_jwt_bearer"},
  "audience": {"type": "string", "format": "uri", "default": "https://login.salesforce.com", "group": "sign-in",
    "title": "Audience, for oauth2_jwt_bearer; https://test.salesforce.com for a sandbox"},
  "objects": {"type": "array", "uniqueItems": true, "minItems": 1, "default": ["Contact", "Lead"], "group": "data",
    "items": {"enum": ["Contact", "Lead", "Individual", "ContactPointTypeConsent"]},
    "title": "Which objects take part; ContactPointTypeConsent needs Individual"},
  "bulk_from": {"type": "integer", "minimum": 0, "default": 200000, "unit": "rows", "group": "speed",
    "title": "Rows from which the first load of an object is a Bulk API 2.0 query; 0: never"},
  "bulk_write_from": {"type": "integer", "minimum": 0, "default": 2000, "unit": "rows", "group": "speed",
    "title": "Refusals of one object at once from which they are written by a Bulk API 2.0 job; 0: never"},
  "external_ids": {"type": "object", "default": {}, "group": "data",
    "additionalProperties": {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]{0,79}$"},
    "title": "Names of external ids, and the API name of the field of each"},
  "purposes": {"type": "object", "default": {}, "group": "data",
    "additionalProperties": {"type": "string", "minLength": 1},
    "title": "Names of DataUsePurpose records, and the purpose code each stands for"}
 }
})json";

/// What the gateway cannot tell from the status. The two 401 texts mean missing rights, and would
/// sign in again for ever.
json replyRules() {
    const auto containing = [](int status, const char* text, const char* as) {
        return json{{"status", status}, {"contains", text}, {"as", as}};
    };
    json limit = containing(403, "TotalRequests Limit exceeded", "rate_limited");
    limit["retry_after_s"] = 300;
    json concurrent = {{"status", 403},
                       {"pointer", "/0/errorCode"},
                       {"equals", "REQUEST_LIMIT_EXCEEDED"},
                       {"as", "rate_limited"},
                       {"retry_after_s", 5}};
    return json::array(
        {containing(401, "This session is not valid for use with the REST API", "auth"),
         containing(401, "Connected app is not attached to Agent", "auth"), std::move(limit),
         std::move(concurrent), containing(403, "API_CURRENTLY_DISABLED", "transient")});
}

std::vector<sdk::AuthTemplate> signIns() {
    const json common = {{"token_url", "{my_domain_url}/services/oauth2/token"},
                         {"token_fields", {"instance_url", "id"}},
                         {"replies", replyRules()}};
    json client = common;
    client["client_id"] = "{client_id}";
    json bearer = common;
    bearer["issuer"] = "{client_id}";
    bearer["subject"] = "{username}";
    bearer["audience"] = "{audience}";
    return {{"oauth2_client_credentials", client.dump()}, {"oauth2_jwt_bearer", bearer.dump()}};
}

/// The token reply names the org's own host; as a rule that is My Domain, and else one below
/// my.salesforce.com.
std::vector<sdk::HostRule> hostRules() {
    std::vector<sdk::HostRule> rules = {
        {"{my_domain_url}", {"POST"}, {"/services/oauth2/token"}, "signs in"}};
    for (const char* host : {"{my_domain_url}", "*.my.salesforce.com"}) {
        rules.push_back(
            {host,
             {"GET"},
             {"/services/data/", "/services/data/v*/queryAll", "/services/data/v*/query",
              "/services/data/v*/query/*", "/services/data/v*/jobs/query/*",
              "/services/data/v*/sobjects/*/describe", "/services/data/v*/sobjects/*/deleted/"},
             "reads records and what the objects look like"});
        rules.push_back({host,
                         {"POST"},
                         {"/services/data/v*/composite", "/services/data/v*/composite/sobjects/*"},
                         "reads several records; sends several requests at once"});
        rules.push_back({host,
                         {"POST"},
                         {"/services/data/v*/jobs/query"},
                         "reads a large object for the first time"});
        rules.push_back({host,
                         {"PATCH", "POST"},
                         {"/services/data/v*/composite/sobjects"},
                         "writes the choices; makes consent records"});
        rules.push_back({host,
                         {"GET", "PATCH", "POST", "PUT"},
                         {"/services/data/v*/jobs/ingest", "/services/data/v*/jobs/ingest/*"},
                         "writes many refusals at once"});
        rules.push_back({host,
                         {"POST"},
                         {"/services/data/v*/sobjects/Task"},
                         "leaves an explanation on a record"});
    }
    return rules;
}

std::vector<sdk::FieldUse> fieldUses() {
    std::vector<sdk::FieldUse> uses;
    for (const auto& flag : kFlags) {
        uses.push_back(
            {std::string(flag.object), std::string(flag.field), "a consent choice", true});
        if (!flag.personField.empty())
            uses.push_back({"Account", std::string(flag.personField),
                            "the same choice of a person account", true});
    }
    for (const char* object : {"Contact", "Lead"}) {
        for (const char* field : {"Email", "Phone", "MobilePhone"})
            uses.push_back({object, field, "finds the same person elsewhere", false});
        uses.push_back({object, "IndividualId", "finds the individual of a person", false});
    }
    for (const auto& kind : kKinds)
        for (const char* field : {"SystemModstamp", "CreatedDate", "LastModifiedById", "IsDeleted"})
            uses.push_back(
                {std::string(kind.object), field, "knows what changed, when and by whom", false});
    for (const char* field :
         {"PrivacyConsentStatus", "CaptureDate", "CaptureSource", "CaptureContactPointType",
          "DoubleConsentCaptureDate", "EffectiveFrom", "EffectiveTo", "DataUsePurposeId",
          "ContactPointType", "PartyId", "Name"})
        uses.push_back({std::string(kConsent.object), field, "a consent and its proof", true});
    uses.push_back({"Organization", "Name", "says which org was reached", false});
    uses.push_back({"Task", "Description", "explains a write to people", true});
    return uses;
}

}  // namespace

sdk::Description describe() {
    sdk::Description about;
    about.id = "salesforce";
    about.name = "Salesforce";
    about.vendor = "Salesforce, Inc.";
    about.version = "1.0.0";
    about.settingsSchemaJson = kSchema;
    about.slots = slotsOf({&kKinds[0], &kKinds[1], &kKinds[2], &kKinds[3]});
    about.identifiers = {"email", "phone", "external:NAME"};
    about.abilities = {"describe", "check", "discover",   "pull", "read",
                       "find",     "apply", "apply.poll", "note", "health"};
    about.readBatch = 2'000;
    about.findBatch = 50;
    about.applyBatch = 2'000;
    about.commitDelayMs = 600'000;
    about.conditionalWrites = true;
    about.auth = signIns();
    about.hosts = hostRules();
    about.limits = {{"api", 0, 0, 4, "", "sforce-limit-info"}};
    about.fields = fieldUses();
    return about;
}

}  // namespace concordat::plugins::salesforce
