// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tools/simulators/salesforce/context.h"
#include "tools/simulators/salesforce/csv.h"
#include "tools/simulators/salesforce/soql.h"

namespace concordat::simulators::salesforce {

/// One Bulk API 2.0 job.
struct Job {
    std::string id, object, operation, external_field, state = "Open", version;
    Doer doer;          ///< who made it
    std::string query;  ///< query jobs only
    char delimiter = ',';
    std::string line_end = "\n", delimiter_name = "COMMA", line_end_name = "LF";
    std::int64_t created = 0;
    int polls = 0;
    bool ingest = true, uploaded = false;
    std::string error;
    std::vector<CsvRow> input;                    ///< with the header row
    std::string successful, failed, unprocessed;  ///< result files
    std::uint64_t processed = 0, failures = 0;
    Select select;
    std::vector<RowIndex> rows;  ///< result of a query job
};

/// The Bulk API 2.0 under /jobs/. Jobs are worked on by the poll that completes them. Takes
/// Org::mutex itself: call without it. [any]
class Jobs {
 public:
    Jobs(Org& org, Cursors& cursors) : org_(org), cursors_(cursors) {}

    /// Answers /jobs/…; `doer` is who asks.
    Reply answer(const Step& step, const std::string& version, const Doer& doer, Call& call);

 private:
    Reply route(const Step& step, const std::string& version, const Doer& doer, Call& call);
    Reply create(const Step& step, const std::string& version, const Doer& doer, bool ingest);
    Reply onJob(const Step& step, Job& job, Call& call);
    Reply upload(const Request& request, Job& job);
    Reply changeState(const Request& request, Job& job);
    Reply poll(Job& job, Call& call);
    Reply results(const Step& step, Job& job, Call& call);
    void work(Job& job, Call& call);
    void workQuery(Job& job);
    /// Does all but the first `left` rows.
    void workRows(Job& job, Call& call, std::size_t left);
    void begin(Job& job);
    /// Ends the work; the first `rows` were not come to.
    void leave(Job& job, std::size_t rows);
    std::string show(const Job& job) const;

    Org& org_;
    Cursors& cursors_;
    std::mutex mutex_;  // guards jobs_, last_; jobs are served one request at a time
    std::map<std::string, Job> jobs_;
    std::uint64_t last_ = 0;
};

/// Does one row of an ingest job in the transaction; gives id and whether it was created. Throws
/// ApiError. `header` names the fields.
struct BulkDone {
    std::string id;
    bool created = false;
};
BulkDone doBulkRow(Context& context, const Job& job, const CsvRow& header, const CsvRow& row);

}  // namespace concordat::simulators::salesforce
