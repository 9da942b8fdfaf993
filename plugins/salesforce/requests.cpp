// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/requests.h"

#include <set>

#include <nlohmann/json.hpp>

#include "plugins/salesforce/times.h"

namespace concordat::plugins::salesforce {
namespace {

using nlohmann::json;

constexpr char kHex[] = "0123456789ABCDEF";
constexpr const char* kInstance = "{token:instance_url}";

json flagsOf(const Patch& patch) {
    json body = json::object();
    for (const auto& [field, value] : patch.flags) body[field] = value;
    return body;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : ",") + part;
    return text;
}

}  // namespace

std::string selecting(const std::vector<std::string>& fields, std::string_view object) {
    return "SELECT " + joined(fields) + " FROM " + std::string(object);
}

std::string soqlText(const std::string& text) {
    std::string literal = "'";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\'' || c == '\\' || c == '"')
            (literal += '\\', literal += c);
        else if (byte < 0x20 || byte == 0x7F)
            (literal += "\\u00", literal += kHex[byte >> 4], literal += kHex[byte & 15]);
        else
            literal += c;
    }
    return literal + "'";
}

std::string pageQuery(const std::vector<std::string>& fields,
                      const Kind& kind,
                      const std::optional<Key>& after,
                      int limit) {
    std::string soql = selecting(fields, kind.object);
    if (after) {
        const std::string at = soqlTime(after->at);
        if (after->id.empty())
            soql += " WHERE SystemModstamp >= " + at;
        else
            soql += " WHERE (SystemModstamp = " + at + " AND Id > " + soqlText(after->id) +
                    ") OR SystemModstamp > " + at;
    }
    return soql + " ORDER BY SystemModstamp, Id LIMIT " + std::to_string(limit);
}

std::string inQuery(const std::vector<std::string>& fields,
                    std::string_view object,
                    const std::string& field,
                    const std::vector<std::string>& literals) {
    return selecting(fields, object) + " WHERE " + field + " IN (" + joined(literals) + ")";
}

std::vector<std::vector<std::string>> inParts(const std::vector<std::string>& literals) {
    std::vector<std::vector<std::string>> parts;
    std::size_t bytes = kListBytes;
    for (const auto& literal : literals) {
        const std::size_t size = percentEncode(literal).size() + 3;
        if (bytes + size > kListBytes) {
            parts.emplace_back();
            bytes = 0;
        }
        bytes += size;
        parts.back().push_back(literal);
    }
    return parts;
}

std::string phonePattern(const std::string& number) {
    std::string digits;
    for (const char c : number)
        if (c >= '0' && c <= '9') digits += c;
    // The last eight are the same in the national and the international writing.
    if (digits.size() < 8 || digits.size() > 20) return "";
    std::string pattern;
    for (const char c : digits.substr(digits.size() - 8)) (pattern += '%', pattern += c);
    return pattern;
}

Call query(const std::string& soql) {
    return {"GET", "/query?q=" + percentEncode(soql), "", false};
}

Call queryAll(const std::string& soql) {
    return {"GET", "/queryAll?q=" + percentEncode(soql), "", false};
}

Call together(const std::string& versionPath, const std::vector<Call>& reads) {
    json requests = json::array();
    for (std::size_t i = 0; i < reads.size(); ++i)
        requests.push_back({{"method", "GET"},
                            {"url", versionPath + reads[i].path},
                            {"referenceId", "r" + std::to_string(i)}});
    return {"POST", "/composite",
            written({{"allOrNone", false}, {"compositeRequest", std::move(requests)}}), false};
}

Call retrieve(const Kind& kind,
              const std::vector<std::string>& ids,
              const std::vector<std::string>& fields) {
    return {"POST", "/composite/sobjects/" + std::string(kind.object),
            written({{"ids", ids}, {"fields", fields}}), false};
}

Call describeObject(std::string_view object) {
    return {"GET", "/sobjects/" + std::string(object) + "/describe", "", false};
}

Call deletedBetween(const Kind& kind, sdk::EpochMs from, sdk::EpochMs to) {
    return {"GET",
            "/sobjects/" + std::string(kind.object) + "/deleted/?start=" +
                percentEncode(soqlTime(from)) + "&end=" + percentEncode(soqlTime(to)),
            "", false};
}

Call patchAll(const std::vector<Patch>& patches) {
    json records = json::array();
    for (const auto& patch : patches) {
        json record = flagsOf(patch);
        record["attributes"] = {{"type", patch.type}};
        record["id"] = patch.id;
        records.push_back(std::move(record));
    }
    return {"PATCH", "/composite/sobjects",
            written({{"allOrNone", false}, {"records", std::move(records)}}), true};
}

Call patchEach(const std::string& versionPath, const std::vector<Patch>& patches) {
    json requests = json::array();
    for (std::size_t i = 0; i < patches.size(); ++i) {
        json headers = {{"Sforce-Auto-Assign", "FALSE"}};
        if (patches[i].unmodifiedSince)
            headers["If-Unmodified-Since"] = sdk::httpDate(*patches[i].unmodifiedSince);
        requests.push_back(
            {{"method", "PATCH"},
             {"url", versionPath + "/sobjects/" + patches[i].type + "/" + patches[i].id},
             {"referenceId", "w" + std::to_string(i)},
             {"httpHeaders", std::move(headers)},
             {"body", flagsOf(patches[i])}});
    }
    return {"POST", "/composite",
            written({{"allOrNone", false}, {"compositeRequest", std::move(requests)}}), true};
}

Call writeRows(const std::vector<json>& rows, bool create) {
    return {create ? "POST" : "PATCH", "/composite/sobjects",
            written({{"allOrNone", false}, {"records", rows}}), true};
}

Call makeJob(const std::string& soql) {
    return {"POST", "/jobs/query",
            written({{"operation", "queryAll"},
                     {"query", soql},
                     {"contentType", "CSV"},
                     {"columnDelimiter", "COMMA"},
                     {"lineEnding", "LF"}}),
            false};
}

Call pollJob(const std::string& job) { return {"GET", "/jobs/query/" + job, "", false}; }

Call jobResults(const std::string& job, const std::string& locator) {
    return {"GET",
            "/jobs/query/" + job + "/results?maxRecords=" + std::to_string(kJobRows) +
                (locator.empty() ? "" : "&locator=" + percentEncode(locator)),
            "", false, true};
}

Call makeIngest(std::string_view type) {
    return {"POST", "/jobs/ingest",
            written({{"object", type},
                     {"operation", "update"},
                     {"contentType", "CSV"},
                     {"columnDelimiter", "COMMA"},
                     {"lineEnding", "LF"}}),
            true};
}

Call uploadRows(const std::string& job, const std::vector<Patch>& patches) {
    std::set<std::string> fields;
    for (const auto& patch : patches)
        for (const auto& [field, value] : patch.flags)
            if (value) fields.insert(field);
    std::string rows = "Id";
    for (const auto& field : fields) rows += "," + field;
    for (const auto& patch : patches) {
        rows += "\n" + patch.id;
        for (const auto& field : fields) {
            const auto flag = patch.flags.find(field);
            rows += flag != patch.flags.end() && flag->second ? ",true" : ",";
        }
    }
    return {"PUT", "/jobs/ingest/" + job + "/batches", rows + "\n", true, true};
}

Call endIngest(const std::string& job, std::string_view state) {
    return {"PATCH", "/jobs/ingest/" + job, written({{"state", state}}), true};
}

Call pollIngest(const std::string& job) { return {"GET", "/jobs/ingest/" + job, "", false}; }

Call ingestResults(const std::string& job, std::string_view which) {
    return {"GET", "/jobs/ingest/" + job + "/" + std::string(which), "", false, true};
}

Call postTask(const std::string& whoId, const std::string& text) {
    return {"POST", "/sobjects/Task",
            written({{"Subject", "Concordat: consent"}, {"Description", text}, {"WhoId", whoId}}),
            true};
}

sdk::HttpRequest direct(const std::string& versionPath, const Call& call) {
    sdk::HttpRequest request;
    request.method = call.method;
    request.url = kInstance + versionPath + call.path;
    const bool sendsTable = call.table && !call.body.empty();
    request.headers["accept"] = call.table && !sendsTable ? "text/csv" : "application/json";
    request.headers["sforce-call-options"] = "client=concordat";
    if (call.path.starts_with("/query"))
        request.headers["sforce-query-options"] = "batchSize=" + std::to_string(kPageSize);
    if (call.writes) {
        // Without it Salesforce may hand a lead to another person, with a mail.
        request.headers["sforce-auto-assign"] = "FALSE";
        // An alert about duplicates must not hold up an opt-out; no person is made with it.
        if (call.method == "PATCH" || call.path == "/composite")
            request.headers["sforce-duplicate-rule-header"] = "allowSave=true";
    }
    if (!call.body.empty())
        request.headers["content-type"] =
            sendsTable ? "text/csv; charset=UTF-8" : "application/json; charset=UTF-8";
    request.body = call.body;
    request.idempotent = !call.writes;
    request.pool = "api";
    return request;
}

sdk::HttpRequest versionsRequest() {
    auto request = direct("", {"GET", "/services/data/", "", false});
    return request;
}

}  // namespace concordat::plugins::salesforce
