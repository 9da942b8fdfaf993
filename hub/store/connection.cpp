// SPDX-License-Identifier: Apache-2.0
#include "hub/store/connection.h"

#include <mutex>
#include <vector>

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <sqlite3.h>

#include "hub/consent/error.h"

namespace concordat::store {

namespace {

/// How SQLite works in this process; before its first session.
void configure() {
    // Each connection belongs to one thread at a time, so it needs no lock of its own.
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    // What a savepoint may have to undo stays in memory instead of a file of its own.
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
    Poco::Data::SQLite::Connector::registerConnector();
}

void registerOnce() {
    static std::once_flag once;
    std::call_once(once, configure);
}

std::string sentenceFor(int code, const std::string& path, const std::string& engineSays) {
    switch (code) {
        case SQLITE_FULL:
            return path +
                   " cannot grow: the disk or the size limit is full; free space or raise the "
                   "limit (nothing accepted is lost, and writing goes on by itself)";
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return path +
                   " is read-only; give the hub's user write permission on it and on its folder";
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return path +
                   " is damaged or not a database; stop the hub, keep the file, and put the last "
                   "backup in its place (the suppression journal brings back later withdrawals)";
        case SQLITE_IOERR:
            return path +
                   " cannot be read or written: the disk reported an error; check the disk and its "
                   "free space";
        case SQLITE_CANTOPEN:
            return path + " cannot be opened; check that its folder exists and may be entered";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return path + " is locked by another program; close it";
        case SQLITE_TOOBIG:
            return "a value is too long for " + path;
        default:
            return path + " refused a statement (" + engineSays +
                   "); run the integrity check and report it";
    }
}

}  // namespace

struct Connection::Session {
    explicit Session(const std::string& path)
        : data("SQLite", path), handle(Poco::Data::SQLite::Utility::dbHandle(data)) {}
    Poco::Data::Session data;
    sqlite3* handle;
};

Connection::Connection(const std::string& path, Access access) : path_(path) {
    registerOnce();
    const std::string uri = access == Access::ReadOnly ? "file:" + path + "?mode=ro" : path;
    try {
        session_ = std::make_unique<Session>(uri);
    } catch (const Poco::Exception&) {
        throw StoreError(sentenceFor(SQLITE_CANTOPEN, path_, ""));
    }
    sqlite3_busy_timeout(handle(), 5000);
    // A kept statement stays compiled whatever is bound: the engine would look whether the value
    // suits a partial index, and compile it anew for the next one.
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
}

Connection::~Connection() = default;

void Connection::run(const std::string& sql) {
    try {
        Poco::Data::Statement once(session_->data);
        once << sql;
        once.execute();
    } catch (const Poco::Exception&) {
        throw failure();
    }
}

bool Connection::inTransaction() const { return sqlite3_get_autocommit(handle()) == 0; }

sqlite3* Connection::handle() const { return session_->handle; }

StoreError Connection::failure() const {
    const int code = sqlite3_errcode(handle()) & 0xff;
    return StoreError(sentenceFor(code, path_, sqlite3_errmsg(handle())));
}

// Poco::Data 1.11 compiles a kept SQLite statement anew on each execution (measured: ten times the
// price of running it), so kept statements go to the engine; sessions and single statements do not.
struct Statement::Prepared {
    Prepared(Connection& at, std::string text, std::string_view types)
        : connection(at), sql(std::move(text)), columns(types) {}
    ~Prepared() { sqlite3_finalize(statement); }
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;

    void compile() {
        const auto size = static_cast<int>(sql.size());
        if (statement == nullptr &&
            sqlite3_prepare_v3(connection.handle(), sql.data(), size, SQLITE_PREPARE_PERSISTENT,
                               &statement, nullptr) != SQLITE_OK)
            throw connection.failure();
    }
    void check(int code) const {
        if (code != SQLITE_OK) throw connection.failure();
    }
    /// Copies the row that the engine stands on; cells keep their memory from run to run.
    void takeRow() {
        if (cells.size() < (rows + 1) * columns.size()) cells.resize((rows + 1) * columns.size());
        for (std::size_t i = 0; i < columns.size(); ++i) {
            Cell& cell = cells[rows * columns.size() + i];
            const int column = static_cast<int>(i);
            if (columns[i] == 'n') {
                cell.number = sqlite3_column_int64(statement, column);
                continue;
            }
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
            cell.bytes.assign(bytes == nullptr ? "" : bytes, size);
        }
        ++rows;
    }

    struct Cell {
        std::int64_t number = 0;
        std::string bytes;
    };
    Connection& connection;
    std::string sql;
    std::string columns;
    sqlite3_stmt* statement = nullptr;
    std::vector<Cell> cells;
    std::size_t rows = 0;
    int bound = 0;
};

Statement::Statement(Connection& connection, std::string sql, std::string_view columns)
    : prepared_(std::make_unique<Prepared>(connection, std::move(sql), columns)) {}

Statement::~Statement() = default;
Statement::Statement(Statement&&) noexcept = default;

void Statement::begin() {
    prepared_->compile();
    prepared_->bound = 0;
    prepared_->rows = 0;
}

void Statement::bind(std::int64_t value) {
    prepared_->check(sqlite3_bind_int64(prepared_->statement, ++prepared_->bound, value));
}

void Statement::bind(std::string_view value) {
    // Neither database keeps a NUL inside a text; a cut key would be another row's.
    if (value.find('\0') != std::string_view::npos)
        throw StoreError("an id holds a NUL character; the system that sent it must be corrected");
    // The values of a run outlive it, so nothing is copied.
    const char* text = value.data() == nullptr ? "" : value.data();
    prepared_->check(sqlite3_bind_text64(prepared_->statement, ++prepared_->bound, text,
                                         value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(Blob value) {
    const auto& [bytes] = value;
    prepared_->check(sqlite3_bind_blob64(prepared_->statement, ++prepared_->bound, bytes.data(),
                                         bytes.size(), SQLITE_STATIC));
}

std::size_t Statement::execute() {
    sqlite3_stmt* statement = prepared_->statement;
    poco_assert(prepared_->bound == sqlite3_bind_parameter_count(statement));
    int step = sqlite3_step(statement);
    for (; step == SQLITE_ROW; step = sqlite3_step(statement)) prepared_->takeRow();
    if (step != SQLITE_DONE) {
        const auto failure = prepared_->connection.failure();
        sqlite3_reset(statement);
        throw failure;
    }
    sqlite3_reset(statement);
    if (!prepared_->columns.empty()) return prepared_->rows;
    return static_cast<std::size_t>(sqlite3_changes(prepared_->connection.handle()));
}

const std::string& Statement::text(std::size_t row, std::size_t column) const {
    return prepared_->cells[row * prepared_->columns.size() + column].bytes;
}

std::int64_t Statement::number(std::size_t row, std::size_t column) const {
    return prepared_->cells[row * prepared_->columns.size() + column].number;
}

std::string_view Statement::bytes(std::size_t row, std::size_t column) const {
    return text(row, column);
}

}  // namespace concordat::store
