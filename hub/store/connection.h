// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "hub/consent/error.h"

struct sqlite3;

namespace concordat::store {

enum class Access { ReadWrite, ReadOnly };

/// One session with the database file, through Poco::Data. One thread at a time.
class Connection {
 public:
    /// Opens `path`, and makes it if it is to be written. Throws StoreError.
    Connection(const std::string& path, Access access);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Runs a statement once. Throws StoreError.
    void run(const std::string& sql);
    const std::string& path() const { return path_; }
    /// False after the engine gave up a transaction by itself, as it does when the disk is full.
    bool inTransaction() const;
    sqlite3* handle() const;
    /// What went wrong last, as a sentence for the user.
    StoreError failure() const;

 private:
    struct Session;

    std::string path_;
    std::unique_ptr<Session> session_;
};

/// Bytes for a binary column.
struct Blob {
    std::string_view bytes;
};

/// One prepared statement, kept and reused. Placeholders are `$1`, `$2` … in order of first use.
/// Lives no longer than its connection.
class Statement {
 public:
    /// `columns` says what it answers: 't' text, 'n' number, 'b' bytes.
    Statement(Connection& connection, std::string sql, std::string_view columns = {});
    ~Statement();
    Statement(Statement&&) noexcept;

    /// Runs with these values; answers the number of rows found or, without columns, changed (a
    /// RETURNING would set up a table of its own each time). Throws StoreError.
    template <class... Values>
    std::size_t run(const Values&... values) {
        begin();
        (bind(values), ...);
        return execute();
    }
    /// Of the last run; valid until the next one.
    const std::string& text(std::size_t row, std::size_t column) const;
    std::int64_t number(std::size_t row, std::size_t column) const;
    std::string_view bytes(std::size_t row, std::size_t column) const;

 private:
    void begin();
    void bind(std::int64_t value);
    void bind(int value) { bind(static_cast<std::int64_t>(value)); }
    void bind(bool value) { bind(static_cast<std::int64_t>(value)); }
    void bind(std::string_view value);
    void bind(const std::string& value) { bind(std::string_view(value)); }
    void bind(const char* value) { bind(std::string_view(value)); }
    void bind(Blob value);
    std::size_t execute();

    struct Prepared;
    std::unique_ptr<Prepared> prepared_;
};

}  // namespace concordat::store
