#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace backtalk::store {

class Connection;

/// One run of a prepared statement. `while (query.next()) …; TRY_DONE(query.finished());`
class Query {
public:
    Query(Query const&) = delete;
    Query& operator=(Query const&) = delete;
    ~Query();

    Query& bind(std::int64_t value);
    Query& bind(std::string_view value);
    Query& bind_real(double value);
    Query& bind_null();
    /// Anything optional: its value, or null.
    template <class T> Query& bind(std::optional<T> const& value) { return value ? bind(*value) : bind_null(); }

    /// True: a row is there. False: no more rows, or an error that finished() tells.
    bool next();
    Result<void> finished() const;
    /// For statements without rows: next() and finished() in one.
    Result<void> run();

    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string_view text(int column) const;  ///< Until the next call of next().
    std::string string(int column) const { return std::string(text(column)); }
    bool is_null(int column) const;

private:
    friend class Connection;
    Query(Connection& connection, sqlite3_stmt* statement) : connection_(connection), statement_(statement) { }

    Connection& connection_;
    sqlite3_stmt* statement_;
    int bound_ = 0;
    int outcome_ = 0;
};

/// An open database, used by one thread at a time. Statements are prepared once and kept.
class Connection {
public:
    enum class Access { Writer, Reader };

    static Result<std::unique_ptr<Connection>> open(std::string const& path, Access access);
    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    /// `sql` must be a literal: its address is the key of the kept statement.
    Query query(char const* sql);
    /// For statements put together at run time; not kept for ever, but among the last few.
    Query query_text(std::string const& sql);
    /// Several statements without results.
    Result<void> execute(std::string const& sql);
    /// A consistent copy while others read and write.
    Result<void> copy_to(std::string const& path);
    /// False once SQLite has rolled back by itself, as it does when the disk is full.
    bool in_transaction() const;
    std::int64_t last_insert_id() const;
    std::int64_t changes() const;
    Error error(std::string_view doing) const;

private:
    explicit Connection(sqlite3* handle) : handle_(handle) { }
    sqlite3_stmt* prepared(std::string_view sql);

    sqlite3* handle_;
    std::unordered_map<char const*, sqlite3_stmt*> literals_;
    std::unordered_map<std::string, sqlite3_stmt*> texts_;
};

}  // namespace backtalk::store
