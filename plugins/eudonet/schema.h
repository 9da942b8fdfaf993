// SPDX-License-Identifier: Apache-2.0
#pragma once
// The settings' schema and the sign-in template, as the hub gets them.

namespace concordat::plugins::eudonet {

inline constexpr const char* kSchema = R"json({
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "type": "object",
 "additionalProperties": false,
 "required": ["base_url", "subscriber_login", "subscriber_password", "base_name", "user_login", "user_password", "layout"],
 "$defs": {
  "field": {"oneOf": [{"type": "integer", "minimum": 101}, {"type": "string", "minLength": 1}],
    "title": "A field's DescId, or its label; several possible labels with | between them"},
  "values": {"type": "array", "items": {"type": "string"}, "title": "DbValues of a catalog; the first is written"},
  "people": {"type": "object", "additionalProperties": false, "properties": {
    "tab": {"type": "integer", "multipleOf": 100, "title": "The table's DescId"},
    "id_field": {"type": "integer", "title": "The field whose in-list takes FileIds; default: the table's DescId + 1"},
    "email": {"$ref": "#/$defs/field"}, "mobile": {"$ref": "#/$defs/field"}, "phone": {"$ref": "#/$defs/field"},
    "modified": {"$ref": "#/$defs/field", "title": "Modification date; without one the whole table is read every sweep_minutes"},
    "created": {"$ref": "#/$defs/field"},
    "external": {"type": "object", "additionalProperties": {"$ref": "#/$defs/field"}}}}
 },
 "properties": {
  "base_url": {"type": "string", "format": "uri", "pattern": "^https?://", "group": "address",
    "title": "Address of EudoAPI, such as https://xrm3.eudonet.com/EudoAPI"},
  "subscriber_login": {"type": "string", "group": "sign-in", "title": "Login of the subscriber"},
  "subscriber_password": {"type": "string", "secret": true, "group": "sign-in", "title": "Password of the subscriber"},
  "base_name": {"type": "string", "group": "sign-in", "title": "Name of the base"},
  "user_login": {"type": "string", "group": "sign-in", "title": "Login of the API user"},
  "user_password": {"type": "string", "secret": true, "group": "sign-in", "title": "Password of the API user"},
  "user_lang": {"type": "string", "pattern": "^LANG_0[0-5]$", "default": "LANG_00", "group": "sign-in", "title": "Language"},
  "product_name": {"type": "string", "default": "concordat", "group": "sign-in", "title": "Product named to Eudonet"},
  "layout": {"enum": ["contact_flags", "address_flags", "consent_table"], "group": "data",
    "title": "Where consent stands: fields of the contact, fields of the address, or rows of a table"},
  "contact": {"$ref": "#/$defs/people", "group": "data", "default": {"tab": 200}},
  "address": {"$ref": "#/$defs/people", "group": "data", "default": {"tab": 400}},
  "flags": {"type": "object", "group": "data", "title": "Slot and field, for example contact.email_optout: 254",
    "propertyNames": {"pattern": "^(contact|address)\\.(email|sms|phone|post|fax)_(optout|optin|status)$"},
    "additionalProperties": {"oneOf": [{"$ref": "#/$defs/field"},
      {"type": "object", "additionalProperties": false, "required": ["field"], "properties": {
        "field": {"$ref": "#/$defs/field"}, "permit": {"$ref": "#/$defs/values"}, "deny": {"$ref": "#/$defs/values"},
        "date": {"$ref": "#/$defs/field"}, "source": {"$ref": "#/$defs/field"}}}]}},
  "consent": {"type": "object", "additionalProperties": false, "group": "data",
    "required": ["tab", "channel", "status", "date", "channels", "permit", "deny"], "properties": {
    "tab": {"type": "integer", "multipleOf": 100}, "channel": {"$ref": "#/$defs/field"}, "status": {"$ref": "#/$defs/field"},
    "date": {"$ref": "#/$defs/field"}, "source": {"$ref": "#/$defs/field"},
    "key": {"$ref": "#/$defs/field", "title": "A text field that holds the hub's key of a row, so that none is made twice"},
    "purpose": {"$ref": "#/$defs/field"}, "purpose_values": {"$ref": "#/$defs/values"}, "modified": {"$ref": "#/$defs/field"},
    "channels": {"type": "object", "propertyNames": {"enum": ["email", "sms", "phone", "post", "fax"]},
      "additionalProperties": {"$ref": "#/$defs/values"}},
    "permit": {"$ref": "#/$defs/values"}, "deny": {"$ref": "#/$defs/values"},
    "write": {"enum": ["update", "append"], "default": "update"}}},
  "sweep_minutes": {"type": "integer", "minimum": 1, "default": 60, "unit": "minutes", "group": "speed",
    "title": "How often the whole table is read where there is no modification date"}
 }
})json";

/// Two dates of the vendor's own clock say how long a token lives; a refused one is told inside an
/// HTTP 200.
inline constexpr const char* kSignIn = R"json({
 "request": {"method": "POST", "url": "{base_url}/Authenticate/Token",
  "body": {"SubscriberLogin": "{subscriber_login}", "SubscriberPassword": "{secret:subscriber_password}",
           "BaseName": "{base_name}", "UserLogin": "{user_login}", "UserPassword": "{secret:user_password}",
           "UserLang": "{user_lang}", "ProductName": "{product_name}"}},
 "success": {"pointer": "/ResultInfos/Success", "equals": true},
 "token": "/ResultData/Token", "header": "x-auth",
 "expires": {"at": "/ResultData/ExpirationDate", "now": "/ResultData/ServerDate",
             "formats": ["%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S"]},
 "early_s": 300,
 "replies": [
  {"status": 200, "pointer": "/ResultInfos/ErrorNumber", "from": 100, "to": 199, "as": "token_expired"},
  {"status": 200, "pointer": "/ResultInfos/ErrorNumber", "from": 300, "to": 300, "as": "rate_limited", "retry_after_s": 20}]
})json";

}  // namespace concordat::plugins::eudonet
