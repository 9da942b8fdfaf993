// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/context.h"

namespace concordat::simulators::salesforce {
namespace {

const char* boolText(bool flag) { return flag ? "true" : "false"; }

void appendText(std::string& out, const char* key, const std::string& value) {
    out += ",\"" + std::string(key) + "\":";
    appendQuoted(out, value);
}

void appendFlag(std::string& out, const char* key, bool value) {
    out += ",\"" + std::string(key) + "\":" + boolText(value);
}

std::string soapType(Kind kind) {
    switch (kind) {
        case Kind::id:
        case Kind::reference:
            return "tns:ID";
        case Kind::boolean:
            return "xsd:boolean";
        case Kind::dateTime:
            return "xsd:dateTime";
        case Kind::date:
            return "xsd:date";
        case Kind::integer:
            return "xsd:int";
        case Kind::number:
            return "xsd:double";
        default:
            return "xsd:string";
    }
}

std::string typeName(Kind kind, const std::string& type) {
    return kind == Kind::dateTime ? "datetime" : type;
}

void appendPicklist(std::string& out, const Field& field) {
    out += ",\"picklistValues\":[";
    for (std::size_t i = 0; i < field.picklist.size(); ++i) {
        out += i == 0 ? "{\"value\":" : ",{\"value\":";
        appendQuoted(out, field.picklist[i]);
        appendText(out, "label", field.picklist[i]);
        out += ",\"active\":true,\"defaultValue\":false}";
    }
    out += "],\"referenceTo\":[";
    for (std::size_t i = 0; i < field.refersTo.size(); ++i) {
        if (i > 0) out += ',';
        appendQuoted(out, field.refersTo[i]);
    }
    out += "],\"relationshipName\":";
    if (field.relationship.empty()) {
        out += "null";
    } else {
        appendQuoted(out, field.relationship);
    }
}

void appendField(std::string& out, const Field& field, bool writable) {
    out += "{\"name\":\"" + field.name + "\"";
    appendText(out, "label", field.name);
    appendText(out, "type", typeName(field.kind, field.type));
    appendText(out, "soapType", soapType(field.kind));
    out += ",\"length\":" + std::to_string(field.length) +
           ",\"byteLength\":" + std::to_string(field.length * 3);
    appendFlag(out, "createable", field.createable && writable);
    appendFlag(out, "updateable", field.updateable && writable);
    appendFlag(out, "nillable", field.nillable);
    appendFlag(out, "defaultedOnCreate", field.defaulted);
    appendFlag(out, "calculated", false);
    appendFlag(out, "filterable", field.kind != Kind::textarea && field.kind != Kind::address);
    appendFlag(out, "permissionable", !field.required && field.createable);
    appendFlag(out, "externalId", field.externalId);
    appendFlag(out, "idLookup", field.idLookup || field.externalId || field.kind == Kind::id);
    appendFlag(out, "unique", field.unique);
    appendFlag(out, "autoNumber", field.autoNumber);
    appendFlag(out, "caseSensitive", false);
    appendFlag(out, "encrypted", false);
    appendFlag(out, "custom", field.externalId);
    appendFlag(out, "restrictedPicklist", field.restricted);
    appendPicklist(out, field);
    out += '}';
}

std::string objectFlags(const Context& context, const ObjectType& type) {
    const auto& name = type.name();
    const bool writable = name != "User" && name != "Organization";
    std::string out = "\"name\":\"" + name + "\",\"label\":\"" + name + "\",\"keyPrefix\":\"" +
                      type.prefix() + "\",\"custom\":false";
    for (const char* flag : {"createable", "updateable", "deletable", "undeletable"}) {
        appendFlag(out, flag, writable);
    }
    for (const char* flag : {"queryable", "retrieveable", "replicateable", "triggerable"}) {
        appendFlag(out, flag, true);
    }
    appendFlag(out, "mergeable", type.mergeable());
    const auto url = context.base + "/sobjects/" + name;
    return out + ",\"urls\":{\"sobject\":\"" + url + "\",\"describe\":\"" + url +
           "/describe\",\"rowTemplate\":\"" + url + "/{ID}\"}";
}

}  // namespace

Reply describeGlobal(const Context& context) {
    std::string out = "{\"encoding\":\"UTF-8\",\"maxBatchSize\":200,\"sobjects\":[";
    for (std::size_t i = 0; i < schema().size(); ++i) {
        out += (i == 0 ? "{" : ",{") + objectFlags(context, schema()[i]) + "}";
    }
    return jsonReply(out + "]}");
}

Reply describeObject(const Context& context, const ObjectType& type) {
    std::string out = "{" + objectFlags(context, type) + ",\"fields\":[";
    for (const auto& field : type.fields()) {
        if (!context.org.visible(type, field)) continue;
        if (out.back() != '[') out += ',';
        appendField(out, field, context.org.writable(type, field));
    }
    return jsonReply(out + "]}");
}

}  // namespace concordat::simulators::salesforce
