// SPDX-License-Identifier: Apache-2.0
#include "hub/store/integrity.h"

#include "hub/store/reader_pool.h"

namespace concordat::store {

namespace {

struct CrossCheck {
    const char* sentence;  ///< after the number of rows
    const char* sql;       ///< counts them, and gives one as an example
};

constexpr CrossCheck kCrossChecks[] = {
    {"events belong to a subject that does not exist",
     "SELECT COUNT(*), COALESCE(MIN(e.id), '') FROM people e WHERE e.part = 2 AND NOT EXISTS "
     "(SELECT 1 FROM people s WHERE s.shard = e.shard AND s.subject = e.subject AND s.part = 0)"},
    {"records belong to a subject that does not exist",
     "SELECT COUNT(*), COALESCE(MIN(r.id), '') FROM people r WHERE r.part = 4 "
     "AND r.subject <> '' AND NOT EXISTS "
     "(SELECT 1 FROM people s WHERE s.shard = r.shard AND s.subject = r.subject AND s.part = 0)"},
    {"records are missing from the directory, or listed under another subject",
     "SELECT COUNT(*), COALESCE(MIN(r.id), '') FROM people r WHERE r.part = 4 AND NOT EXISTS "
     "(SELECT 1 FROM owners o WHERE o.system = r.system AND o.object = r.object "
     "AND o.id = r.id AND o.shard = r.shard AND o.subject = r.subject)"},
    {"entries of the directory have no record",
     "SELECT COUNT(*), COALESCE(MIN(o.id), '') FROM owners o WHERE NOT EXISTS "
     "(SELECT 1 FROM people r WHERE r.shard = o.shard AND r.subject = o.subject AND r.part = 4 "
     "AND r.system = o.system AND r.object = o.object AND r.id = o.id)"},
    {"identifiers are held through a record that does not exist",
     "SELECT COUNT(*), COALESCE(MIN(p.id), '') FROM points p WHERE p.system <> '' AND NOT EXISTS "
     "(SELECT 1 FROM owners o WHERE o.system = p.system AND o.object = p.object "
     "AND o.id = p.id AND o.subject = p.subject)"},
    {"targets belong to a subject that does not exist",
     "SELECT COUNT(*), COALESCE(MIN(t.subject), '') FROM people t WHERE t.part = 5 AND NOT EXISTS "
     "(SELECT 1 FROM people s WHERE s.shard = t.shard AND s.subject = t.subject AND s.part = 0)"},
    {"tightening events have no place in the suppression journal",
     "SELECT COUNT(*), COALESCE(MIN(e.id), '') FROM people e WHERE e.part = 2 AND e.mark IN "
     "('refused', 'withdrawn', 'objected', 'invalidated', 'merged', 'erased') AND NOT EXISTS "
     "(SELECT 1 FROM suppressions s WHERE s.id = e.id)"},
    {"places in the suppression journal have no event or tombstone",
     "SELECT COUNT(*), COALESCE(MIN(s.id), '') FROM suppressions s WHERE NOT EXISTS "
     "(SELECT 1 FROM people e WHERE e.part = 2 AND e.id = s.id) AND NOT EXISTS "
     "(SELECT 1 FROM tombstones t WHERE t.hash = s.id)"},
    {"subjects are missing from, or too many in, the counter of subjects",
     "SELECT ABS((SELECT COUNT(*) FROM people WHERE part = 0) - "
     "(SELECT COALESCE(SUM(value), 0) FROM counters WHERE name = 'subjects')), ''"},
};

void checkPages(Connection& connection, std::vector<std::string>& problems) {
    Statement check(connection, "SELECT integrity_check FROM pragma_integrity_check", "t");
    const auto rows = check.run();
    for (std::size_t i = 0; i < rows; ++i)
        if (check.text(i, 0) != "ok")
            problems.push_back(connection.path() + ": " + check.text(i, 0) +
                               "; restore the last backup");
}

void checkRows(Connection& connection, std::vector<std::string>& problems) {
    for (const auto& cross : kCrossChecks) {
        Statement statement(connection, cross.sql, "nt");
        statement.run();
        const auto count = statement.number(0, 0);
        if (count == 0) continue;
        const auto& example = statement.text(0, 1);
        problems.push_back(std::to_string(count) + " " + cross.sentence +
                           (example.empty() ? "" : " (for example " + example + ")"));
    }
}

/// Opens every seal of one kind by walking `ids` through the same functions that everyone uses.
template <class Open>
void checkSeals(Connection& connection,
                const char* what,
                const char* ids,
                std::vector<std::string>& problems,
                const Open& open) {
    Statement all(connection, ids, "t");
    const auto rows = all.run();
    std::size_t broken = 0;
    std::string example;
    for (std::size_t i = 0; i < rows; ++i) {
        try {
            open(all.text(i, 0));
        } catch (const StoreError&) {
            if (broken++ == 0) example = all.text(i, 0);
        }
    }
    if (broken > 0)
        problems.push_back(std::to_string(broken) + " subjects have " + what +
                           " that cannot be opened (for example " + example +
                           "): altered, or sealed with another key");
}

}  // namespace

std::vector<std::string> problemsOf(ReadSession& session) {
    std::vector<std::string> problems;
    Connection& connection = session.connection();
    checkPages(connection, problems);
    if (!problems.empty()) return problems;
    checkRows(connection, problems);
    Tables& tables = session.tables();
    const auto check = [&](const char* what, const char* ids, const auto& open) {
        checkSeals(connection, what, ids, problems, open);
    };
    check("events", "SELECT DISTINCT subject FROM people WHERE part = 2",
          [&](const std::string& subject) { tables.events.of(subject); });
    check("effective answers", "SELECT DISTINCT subject FROM people WHERE part = 3",
          [&](const std::string& subject) { tables.events.effective(subject); });
    check("records", "SELECT DISTINCT subject FROM people WHERE part = 4",
          [&](const std::string& subject) { tables.records.of(subject); });
    check("claims", "SELECT DISTINCT subject FROM people WHERE part = 1",
          [&](const std::string& subject) { tables.subjects.claims(subject); });
    check("deliveries", "SELECT DISTINCT subject FROM deliveries",
          [&](const std::string& subject) { tables.history.deliveries(subject); });
    return problems;
}

}  // namespace concordat::store
