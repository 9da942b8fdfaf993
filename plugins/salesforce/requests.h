// SPDX-License-Identifier: Apache-2.0
#pragma once
// What we ask Salesforce. Pure functions, any thread; every value from outside goes through a JSON
// writer, soqlText() or a percent encoder, so no identifier can end a string or a path.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/salesforce/shape.h"
#include "plugins/salesforce/vocabulary.h"
#include "sdk/concordat/text.h"
#include "sdk/concordat/tree.h"

namespace concordat::plugins::salesforce {

/// Rows in one reply, and ids in one retrieve, at most. Source: REST guide (collections, query
/// options), API v66.0.
inline constexpr int kPageSize = 2'000;
/// Rows of a bulk job's results at once: a page of ours stays a few megabytes.
inline constexpr int kJobRows = 5'000;
/// Records in one collections write, and writes in one composite request, at most.
inline constexpr std::size_t kCollection = 200;
inline constexpr std::size_t kComposite = 25;
/// A URI may have 16,384 bytes; the rest is for host, path and the fields.
inline constexpr std::size_t kListBytes = 9'000;

using sdk::percentEncode;
using sdk::written;

/// One request before it has a host and a version. `path` is below /services/data/vXX.0.
struct Call {
    std::string method = "GET";
    std::string path;
    std::string body;
    bool writes = false;
    bool table = false;  ///< a GET's reply, or a PUT's body, is comma-separated
};

/// A place in the order of (SystemModstamp, Id). An empty id is before every row of that time.
struct Key {
    sdk::EpochMs at = 0;
    std::string id;
    bool operator==(const Key&) const = default;
    auto operator<=>(const Key&) const = default;
};

/// One update of one record. `unmodifiedSince`: only if nobody changed it after.
struct Patch {
    std::string type;
    std::string id;
    std::map<std::string, bool> flags;
    std::optional<sdk::EpochMs> unmodifiedSince;
};

/// 'text' as a SOQL literal, with its quotes.
std::string soqlText(const std::string& text);
/// "SELECT … FROM …", to be continued.
std::string selecting(const std::vector<std::string>& fields, std::string_view object);
/// Rows after `after` (all without it), deleted and merged ones too, in the order of keys.
std::string pageQuery(const std::vector<std::string>& fields,
                      const Kind& kind,
                      const std::optional<Key>& after,
                      int limit);
/// Rows whose `field` is one of `literals`.
std::string inQuery(const std::vector<std::string>& fields,
                    std::string_view object,
                    const std::string& field,
                    const std::vector<std::string>& literals);
/// `literals` in parts that fit into a URI each.
std::vector<std::vector<std::string>> inParts(const std::vector<std::string>& literals);
/// Text that a LIKE of the number's digits finds however it is punctuated; empty without eight
/// digits.
std::string phonePattern(const std::string& number);

Call query(const std::string& soql);
/// Also rows in the recycle bin, and merged ones.
Call queryAll(const std::string& soql);
/// Several reads in one request, at most five.
Call together(const std::string& versionPath, const std::vector<Call>& reads);
/// At most kPageSize ids.
Call retrieve(const Kind& kind,
              const std::vector<std::string>& ids,
              const std::vector<std::string>& fields);
Call describeObject(std::string_view object);
/// Ids deleted between two times of the vendor's clock, which are cut to the minute.
Call deletedBetween(const Kind& kind, sdk::EpochMs from, sdk::EpochMs to);
/// At most kCollection patches; the caller sorts them by type.
Call patchAll(const std::vector<Patch>& patches);
/// Conditional ones, at most kComposite.
Call patchEach(const std::string& versionPath, const std::vector<Patch>& patches);
/// Changes rows that are there, or makes new ones; at most kCollection, of one type.
Call writeRows(const std::vector<nlohmann::json>& rows, bool create);
/// A query job of the Bulk API 2.0, with deleted rows; its state; its results from `locator` on.
Call makeJob(const std::string& soql);
Call pollJob(const std::string& job);
Call jobResults(const std::string& job, const std::string& locator);
/// A job of the Bulk API 2.0 that updates records of one type; its rows; its end ("UploadComplete",
/// "Aborted"); its state; its results ("successfulResults", "failedResults", "unprocessedrecords").
Call makeIngest(std::string_view type);
/// Each record's flags that are true; an empty cell leaves a field as it is, so nothing is
/// loosened.
Call uploadRows(const std::string& job, const std::vector<Patch>& patches);
Call endIngest(const std::string& job, std::string_view state);
Call pollIngest(const std::string& job);
Call ingestResults(const std::string& job, std::string_view which);
Call postTask(const std::string& whoId, const std::string& text);

/// The request as the hub sends it.
sdk::HttpRequest direct(const std::string& versionPath, const Call& call);
sdk::HttpRequest versionsRequest();

}  // namespace concordat::plugins::salesforce
