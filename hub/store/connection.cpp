// SPDX-License-Identifier: Apache-2.0
#include "hub/store/connection.h"

#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include <Poco/Data/LOB.h>
#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <sqlite3.h>

#include "hub/consent/error.h"

namespace concordat::store {

namespace {

using namespace Poco::Data::Keywords;

void registerOnce() {
    static std::once_flag once;
    std::call_once(once, [] { Poco::Data::SQLite::Connector::registerConnector(); });
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
    explicit Session(const std::string& path) : data("SQLite", path) {}
    Poco::Data::Session data;
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

sqlite3* Connection::handle() const {
    return Poco::Data::SQLite::Utility::dbHandle(session_->data);
}

StoreError Connection::failure() const {
    const int code = sqlite3_errcode(handle()) & 0xff;
    return StoreError(sentenceFor(code, path_, sqlite3_errmsg(handle())));
}

/// Poco binds references: the values of a run are copied into places that stay.
struct Statement::Prepared {
    Prepared(Connection& at, std::string text, std::string_view types)
        : connection(at), sql(std::move(text)), columns(types) {
        prepare();
    }
    void prepare() {
        statement.reset();
        inputs.clear();
        outputs.clear();
        texts.clear();
        numbers.clear();
        blobs.clear();
        textColumns.clear();
        numberColumns.clear();
        blobColumns.clear();
        statement.emplace(connection.session().data);
        *statement << sql;
        for (const char type : columns) addColumn(type);
    }

    Connection& connection;
    std::string sql;
    std::string columns;
    std::optional<Poco::Data::Statement> statement;
    struct Place {
        char type;
        std::size_t index;
    };
    std::vector<Place> inputs;
    std::vector<Place> outputs;
    std::deque<std::string> texts;
    std::deque<std::int64_t> numbers;
    std::deque<Poco::Data::BLOB> blobs;
    std::deque<std::vector<std::string>> textColumns;
    std::deque<std::vector<std::int64_t>> numberColumns;
    std::deque<std::vector<Poco::Data::BLOB>> blobColumns;
    std::size_t bound = 0;

    template <class Values, class Value>
    void set(Values& values, char type, Value&& value) {
        if (bound == inputs.size()) {
            inputs.push_back({type, values.size()});
            *statement, use(values.emplace_back());
        }
        values[inputs[bound++].index] = std::forward<Value>(value);
    }
    void addColumn(char type) {
        if (type == 't') {
            outputs.push_back({type, textColumns.size()});
            *statement, into(textColumns.emplace_back());
        } else if (type == 'n') {
            outputs.push_back({type, numberColumns.size()});
            *statement, into(numberColumns.emplace_back());
        } else {
            outputs.push_back({type, blobColumns.size()});
            *statement, into(blobColumns.emplace_back());
        }
    }
    void clearColumns() {
        for (auto& column : textColumns) column.clear();
        for (auto& column : numberColumns) column.clear();
        for (auto& column : blobColumns) column.clear();
    }
};

Statement::Statement(Connection& connection, std::string sql, std::string_view columns)
    : prepared_(std::make_unique<Prepared>(connection, std::move(sql), columns)) {}

Statement::~Statement() = default;
Statement::Statement(Statement&&) noexcept = default;

void Statement::begin() {
    prepared_->bound = 0;
    prepared_->clearColumns();
}

void Statement::bind(std::int64_t value) { prepared_->set(prepared_->numbers, 'n', value); }

void Statement::bind(std::string_view value) {
    // Neither database keeps a NUL inside a text; a cut key would be another row's.
    if (value.find('\0') != std::string_view::npos)
        throw StoreError("an id holds a NUL character; the system that sent it must be corrected");
    prepared_->set(prepared_->texts, 't', value);
}

void Statement::bind(Blob value) {
    prepared_->set(prepared_->blobs, 'b',
                   Poco::Data::BLOB(reinterpret_cast<const unsigned char*>(value.bytes.data()),
                                    value.bytes.size()));
}

std::size_t Statement::execute() {
    try {
        return prepared_->statement->execute();
    } catch (const Poco::Exception&) {
        const auto failure = prepared_->connection.failure();
        // After a failure Poco does not run the same statement again.
        prepared_->prepare();
        throw failure;
    }
}

const std::string& Statement::text(std::size_t row, std::size_t column) const {
    return prepared_->textColumns[prepared_->outputs[column].index][row];
}

std::int64_t Statement::number(std::size_t row, std::size_t column) const {
    return prepared_->numberColumns[prepared_->outputs[column].index][row];
}

std::string_view Statement::bytes(std::size_t row, std::size_t column) const {
    const auto& blob = prepared_->blobColumns[prepared_->outputs[column].index][row];
    return {reinterpret_cast<const char*>(blob.rawContent()), blob.size()};
}

}  // namespace concordat::store
