// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/salesforce/bulk.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "tools/simulators/salesforce/ids.h"
#include "tools/simulators/salesforce/times.h"

namespace concordat::simulators::salesforce {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kChunk = 200;
constexpr std::int64_t kBatchRows = 10'000;

const std::map<std::string, char> kDelimiters = {{"COMMA", ','}, {"SEMICOLON", ';'},
                                                 {"TAB", '\t'},  {"PIPE", '|'},
                                                 {"CARET", '^'}, {"BACKQUOTE", '`'}};

Reply csvReply(std::string body) {
    Reply reply;
    reply.body = std::move(body);
    reply.type = "text/csv";
    return reply;
}

[[noreturn]] void invalidState(const std::string& why) {
    throw ApiError(400, "InvalidJobState", why);
}

std::string encodeLocator(std::uint64_t number) {
    static constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto text = std::to_string(number);
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        unsigned bits = 0;
        const auto n = std::min<std::size_t>(3, text.size() - i);
        for (std::size_t k = 0; k < 3; ++k) {
            bits = bits << 8 | (k < n ? static_cast<unsigned char>(text[i + k]) : 0U);
        }
        for (std::size_t k = 0; k <= n; ++k) out += kLetters[bits >> (18 - 6 * k) & 63];
    }
    return out;
}

/// The offset a locator stands for; none when it is none of ours.
std::optional<std::uint64_t> decodeLocator(const std::string& locator) {
    static constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    unsigned bits = 0;
    int have = 0;
    for (const char c : locator) {
        const auto value = kLetters.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFFFF;
        have += 6;
        if (have >= 8) {
            have -= 8;
            text += static_cast<char>(bits >> have & 0xFF);
        }
    }
    if (text.empty() || text.size() > 9 ||
        text.find_first_not_of("0123456789") != std::string::npos) {
        return std::nullopt;
    }
    return std::stoull(text);
}

void setFormat(const Json& body, Job& job) {
    job.delimiter_name = body.value("columnDelimiter", "COMMA");
    job.line_end_name = body.value("lineEnding", "LF");
    const auto known = kDelimiters.find(job.delimiter_name);
    const bool good = known != kDelimiters.end() && body.value("contentType", "CSV") == "CSV" &&
                      (job.line_end_name == "LF" || job.line_end_name == "CRLF");
    if (!good)
        throw ApiError(400, "INVALIDJOB",
                       "contentType, columnDelimiter or lineEnding is not supported");
    job.delimiter = known->second;
    job.line_end = job.line_end_name == "LF" ? "\n" : "\r\n";
}

void setIngest(const Json& body, Job& job) {
    static const std::set<std::string> kOperations = {"insert", "update", "upsert", "delete",
                                                      "hardDelete"};
    job.object = body.value("object", "");
    const int object = findObject(job.object);
    if (object < 0)
        throw ApiError(400, "InvalidEntity", "Entity '" + job.object + "' is not supported.");
    job.object = schema()[static_cast<std::size_t>(object)].name();
    if (kOperations.count(job.operation) == 0) {
        throw ApiError(400, "INVALIDJOB", "the operation " + job.operation + " is not supported");
    }
    job.external_field = body.value("externalIdFieldName", "");
    if (job.operation == "upsert" && job.external_field.empty()) {
        throw ApiError(400, "INVALIDJOB", "externalIdFieldName is required for upsert");
    }
}

}  // namespace

Reply Jobs::answer(const Step& step, const std::string& version, const Doer& doer, Call& call) {
    const std::lock_guard lock(mutex_);
    try {
        return route(step, version, doer, call);
    } catch (const ApiError& error) {
        return errorReply(error);
    } catch (const Json::exception&) {
        return errorReply(ApiError(400, "JSON_PARSER_ERROR",
                                   "The request body does not have the expected shape"));
    }
}

Reply Jobs::route(const Step& step, const std::string& version, const Doer& doer, Call& call) {
    const auto& parts = step.parts;
    if (parts.size() < 2 || (parts[1] != "ingest" && parts[1] != "query")) notFound();
    call.name = "/jobs/" + parts[1] + (parts.size() > 2 ? "/{id}" : "") +
                (parts.size() > 3 ? "/" + lowerText(parts[3]) : "");
    if (parts.size() == 2) {
        if (step.method() != "POST") wrongMethod(step.method(), "POST");
        return create(step, version, doer, parts[1] == "ingest");
    }
    const auto at = jobs_.find(fullId(parts[2]).value_or(""));
    if (at == jobs_.end() || at->second.ingest != (parts[1] == "ingest")) notFound();
    if (at->second.version != version) {
        throw ApiError(409, "API_VERSION_MISMATCH", "use the API version the job was created with");
    }
    if (parts.size() == 3 && step.method() == "DELETE") {
        if (at->second.state == "InProgress") invalidState("the job is in progress");
        jobs_.erase(at);
        return jsonReply("", 204);
    }
    return onJob(step, at->second, call);
}

Reply Jobs::create(const Step& step, const std::string& version, const Doer& doer, bool ingest) {
    const Json body = bodyObject(step.request);
    Job job;
    job.ingest = ingest;
    job.version = version;
    job.operation = body.value("operation", "");
    setFormat(body, job);
    if (ingest) {
        setIngest(body, job);
        if (org_.bulk_batches <= 0)
            throw ApiError(400, "ExceededQuota", "the batches of 24 hours are used up");
        job.doer = {doer.actor, doer.origin, "jobs/ingest"};
    } else {
        job.query = body.value("query", "");
        if (job.operation != "query" && job.operation != "queryAll") {
            throw ApiError(400, "INVALIDJOB", "the operation must be query or queryAll");
        }
        const std::shared_lock lock(org_.mutex);
        job.select = parseSoql(org_, job.query);
        if (job.select.count || job.select.offset > 0) {
            throw ApiError(400, "INVALIDJOB", "COUNT and OFFSET are not supported");
        }
        job.object = schema()[static_cast<std::size_t>(job.select.object)].name();
        job.state = "UploadComplete";
    }
    job.id = makeId("750", ++last_);
    job.created = org_.stage.now();
    const auto& kept = jobs_.emplace(job.id, std::move(job)).first->second;
    return jsonReply(show(kept));
}

std::string Jobs::show(const Job& job) const {
    const auto at = showTime(floorTo(job.created, 1000));
    Json out = {{"id", job.id},
                {"operation", job.operation},
                {"object", job.object},
                {"createdById", makeId("005", 1)},
                {"createdDate", at},
                {"systemModstamp", at},
                {"state", job.state},
                {"concurrencyMode", "Parallel"},
                {"contentType", "CSV"},
                {"apiVersion", std::stod(job.version)},
                {"lineEnding", job.line_end_name},
                {"columnDelimiter", job.delimiter_name}};
    if (job.ingest) {
        out["contentUrl"] = "services/data/v" + job.version + "/jobs/ingest/" + job.id + "/batches";
    }
    if (job.polls > 0) {
        out["jobType"] = job.ingest ? "V2Ingest" : "V2Query";
        out["numberRecordsProcessed"] = job.processed;
        out["retries"] = 0;
        out["totalProcessingTime"] = 100;
        if (job.ingest) out["numberRecordsFailed"] = job.failures;
        if (!job.error.empty()) out["errorMessage"] = job.error;
    }
    return out.dump();
}

Reply Jobs::onJob(const Step& step, Job& job, Call& call) {
    const auto& method = step.method();
    if (step.parts.size() == 3) {
        if (method == "GET") return poll(job, call);
        if (method == "PATCH") return changeState(step.request, job);
        wrongMethod(method, "DELETE,GET,PATCH");
    }
    if (step.parts.size() != 4) notFound();
    if (job.ingest && step.parts[3] == "batches") {
        if (method != "PUT") wrongMethod(method, "PUT");
        return upload(step.request, job);
    }
    if (method != "GET") wrongMethod(method, "GET");
    return results(step, job, call);
}

Reply Jobs::upload(const Request& request, Job& job) {
    if (job.state != "Open" || job.uploaded)
        invalidState("the job takes one upload while it is open");
    if (lowerText(request.header("Content-Type")).rfind("text/csv", 0) != 0) {
        throw ApiError(415, "UNSUPPORTED_MEDIA_TYPE", "the content type must be text/csv");
    }
    auto rows = readCsv(request.body, job.delimiter);
    if (!rows || rows->empty())
        throw ApiError(400, "InvalidBatch", "the CSV has no header or an open quote");
    job.input = std::move(*rows);
    job.uploaded = true;
    return jsonReply("", 201);
}

Reply Jobs::changeState(const Request& request, Job& job) {
    const auto state = bodyObject(request).value("state", "");
    const bool waiting =
        job.state == "Open" || job.state == "UploadComplete" || job.state == "InProgress";
    if (state == "Aborted" && waiting) {
        job.state = state;
        if (job.uploaded) {
            begin(job);
            leave(job, job.input.size() - 1);
        }
    } else if (state == "UploadComplete" && job.ingest && job.state == "Open" && job.uploaded) {
        job.state = state;
        const auto rows = static_cast<std::int64_t>(job.input.size() - 1);
        org_.bulk_batches -= (rows + kBatchRows - 1) / kBatchRows;
    } else {
        invalidState("the job is " + job.state + " and cannot become " + state);
    }
    return jsonReply(show(job));
}

Reply Jobs::poll(Job& job, Call& call) {
    if (job.state == "UploadComplete" || job.state == "InProgress") {
        const bool last = ++job.polls >= org_.bulk_polls;
        job.state = "InProgress";
        if (last) work(job, call);
    }
    return jsonReply(show(job));
}

void Jobs::work(Job& job, Call& call) {
    const bool fails = call.fault && call.fault->kind == "bulk_fail";
    job.state = fails ? "Failed" : "JobComplete";
    if (fails) job.error = "InternalServerError : something went wrong";
    if (job.ingest) {
        const auto rows = static_cast<double>(job.input.size() - 1);
        workRows(job, call, static_cast<std::size_t>(fails ? rows * call.fault->share : 0));
    } else if (!fails) {
        workQuery(job);
    }
}

void Jobs::begin(Job& job) {
    const auto titled = [&](CsvRow front) {
        front.insert(front.end(), job.input[0].begin(), job.input[0].end());
        std::string out;
        appendCsv(out, front, job.delimiter, job.line_end);
        return out;
    };
    job.successful = titled({"sf__Id", "sf__Created"});
    job.failed = titled({"sf__Id", "sf__Error"});
    job.unprocessed = titled({});
}

void Jobs::leave(Job& job, std::size_t rows) {
    for (std::size_t i = 1; i <= rows; ++i)
        appendCsv(job.unprocessed, job.input[i], job.delimiter, job.line_end);
    job.input.resize(1);
}

void Jobs::workQuery(Job& job) {
    const std::shared_lock lock(org_.mutex);
    job.rows = runSelect(org_.database, job.select, job.operation == "queryAll");
    job.processed = job.rows.size();
}

void Jobs::workRows(Job& job, Call& call, std::size_t left) {
    const CsvRow header = job.input[0];
    begin(job);
    const auto note = [&](std::string& file, CsvRow front, const CsvRow& row) {
        front.insert(front.end(), row.begin(), row.end());
        appendCsv(file, front, job.delimiter, job.line_end);
    };
    // Backwards, as the order of results promises nothing.
    for (auto to = job.input.size(); to > left + 1;) {
        const auto from = to > kChunk + left + 1 ? to - kChunk : left + 1;
        const std::unique_lock lock(org_.mutex);
        Transaction txn(org_, job.doer, 0);
        Context context{org_, cursors_, call, job.version, "/services/data/v" + job.version, &txn};
        for (; to > from; --to) {
            const auto& row = job.input[to - 1];
            const auto mark = txn.mark();
            ++job.processed;
            try {
                const bool unlucky =
                    call.fault && call.fault->kind == "partial_batch" && job.processed % 2 == 0;
                if (unlucky)
                    throw ApiError(400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access");
                const auto done = doBulkRow(context, job, header, row);
                note(job.successful, {done.id, done.created ? "true" : "false"}, row);
            } catch (const ApiError& error) {
                txn.rollback(mark);
                ++job.failures;
                const auto field = error.fields.empty() ? "" : error.fields[0];
                note(job.failed, {"", error.code + ":" + error.what() + ":" + field + " --"}, row);
            }
        }
        txn.commit();
    }
    leave(job, left);
}

Reply Jobs::results(const Step& step, Job& job, Call& call) {
    const auto what = lowerText(step.parts[3]);
    if (job.ingest) {
        if (job.state != "JobComplete" && job.state != "Failed" && job.state != "Aborted") {
            invalidState("the job is not complete");
        }
        if (what == "successfulresults") return csvReply(job.successful);
        if (what == "failedresults") return csvReply(job.failed);
        if (what == "unprocessedrecords") return csvReply(job.unprocessed);
        notFound();
    }
    if (what != "results") notFound();
    if (job.state != "JobComplete") invalidState("the job is not complete");
    const auto locator = step.request.param("locator");
    const auto from = locator ? decodeLocator(*locator) : std::optional<std::uint64_t>(0);
    const auto most = step.request.param("maxRecords").value_or("50000");
    if (!from || *from > job.rows.size() || most.empty() || most.size() > 9 ||
        most.find_first_not_of("0123456789") != std::string::npos) {
        throw ApiError(400, "INVALID_LOCATOR", "the locator or maxRecords is invalid");
    }
    const auto to =
        std::min<std::uint64_t>(job.rows.size(), *from + std::max(1ULL, std::stoull(most)));
    std::string out;
    CsvRow cells;
    for (const auto& path : job.select.fields) {
        std::string name;
        for (const auto& parent : path.names) name += parent + ".";
        cells.push_back(name + path.last().name);
    }
    appendCsv(out, cells, job.delimiter, job.line_end);
    const std::shared_lock lock(org_.mutex);
    const Table& table = org_.database.table(job.select.object);
    for (auto i = *from; i < to; ++i) {
        const RowView view(org_.database, table, job.rows[i]);
        cells.clear();
        for (const auto& path : job.select.fields) cells.push_back(showPlain(valueAt(view, path)));
        appendCsv(out, cells, job.delimiter, job.line_end);
    }
    auto reply = csvReply(std::move(out));
    const bool done = to == job.rows.size();
    reply.headers.emplace_back("Sforce-Locator", done ? "null" : encodeLocator(to));
    reply.headers.emplace_back("Sforce-NumberOfRecords", std::to_string(to - *from));
    call.items = to - *from;
    return reply;
}

}  // namespace concordat::simulators::salesforce
