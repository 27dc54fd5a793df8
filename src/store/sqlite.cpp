#include "store/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace backtalk::store {

Query::~Query()
{
    if (statement_) {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
}

Query& Query::bind(std::int64_t value)
{
    sqlite3_bind_int64(statement_, ++bound_, value);
    return *this;
}

Query& Query::bind(std::string_view value)
{
    // An empty view may have no address, and SQLite would take that for NULL.
    sqlite3_bind_text64(statement_, ++bound_, value.empty() ? "" : value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Query& Query::bind_real(double value)
{
    sqlite3_bind_double(statement_, ++bound_, value);
    return *this;
}

Query& Query::bind_null()
{
    sqlite3_bind_null(statement_, ++bound_);
    return *this;
}

bool Query::next()
{
    outcome_ = statement_ ? sqlite3_step(statement_) : SQLITE_ERROR;
    return outcome_ == SQLITE_ROW;
}

Result<void> Query::finished() const
{
    if (outcome_ == SQLITE_DONE || outcome_ == SQLITE_ROW)
        return {};
    return std::unexpected(connection_.error(statement_ ? sqlite3_sql(statement_) : "prepare"));
}

Result<void> Query::run()
{
    while (next()) { }
    return finished();
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double Query::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view Query::text(int column) const
{
    auto const* const start = reinterpret_cast<char const*>(sqlite3_column_text(statement_, column));
    return start ? std::string_view(start, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string_view();
}

bool Query::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

Result<std::unique_ptr<Connection>> Connection::open(std::string const& path, Access access)
{
    sqlite3* handle = nullptr;
    int const flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
        (access == Access::Writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    int const outcome = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    std::unique_ptr<Connection> connection(new Connection(handle));
    if (outcome != SQLITE_OK)
        return failure(ErrorCode::Unavailable, fmt::format("cannot open {}: {}", path, handle ? sqlite3_errmsg(handle) : "no memory"));
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, 10'000);
    if (access == Access::Writer) {
        // SQLite 3.40 may lose a checkpoint that races with a write of another connection: only this one checkpoints.
        TRY_DONE(
            connection->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=FAST;"
                                "PRAGMA wal_autocheckpoint=2000; PRAGMA cache_size=-8000; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY"));
    } else {
        sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        TRY_DONE(connection->execute("PRAGMA query_only=ON; PRAGMA cache_size=-4000; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY"));
    }
    return connection;
}

Connection::~Connection()
{
    for (auto const& [sql, statement] : literals_)
        sqlite3_finalize(statement);
    for (auto const& [sql, statement] : texts_)
        sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

Query Connection::query(char const* sql)
{
    sqlite3_stmt*& statement = literals_[sql];
    if (!statement)
        statement = prepared(sql);
    return Query(*this, statement);
}

Query Connection::query_text(std::string const& sql)
{
    if (texts_.size() > 64 && !texts_.contains(sql)) {
        for (auto const& [text, statement] : texts_)
            sqlite3_finalize(statement);
        texts_.clear();
    }
    sqlite3_stmt*& statement = texts_[sql];
    if (!statement)
        statement = prepared(sql);
    return Query(*this, statement);
}

sqlite3_stmt* Connection::prepared(std::string_view sql)
{
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    return statement;
}

Result<void> Connection::execute(std::string const& sql)
{
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return std::unexpected(error(sql));
    return {};
}

Result<void> Connection::copy_to(std::string const& path)
{
    sqlite3* copy = nullptr;
    int outcome = sqlite3_open_v2(path.c_str(), &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    if (outcome == SQLITE_OK) {
        sqlite3_backup* const backup = sqlite3_backup_init(copy, "main", handle_, "main");
        outcome = backup ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;
        if (backup)
            sqlite3_backup_finish(backup);
    }
    std::string const says = copy ? sqlite3_errmsg(copy) : "no memory";
    sqlite3_close(copy);
    if (outcome != SQLITE_DONE)
        return failure(ErrorCode::Unavailable, fmt::format("cannot copy the store to {}: {}", path, says));
    return {};
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
std::int64_t Connection::last_insert_id() const { return sqlite3_last_insert_rowid(handle_); }
std::int64_t Connection::changes() const { return sqlite3_changes64(handle_); }

Error Connection::error(std::string_view doing) const
{
    int const code = sqlite3_errcode(handle_) & 0xFF;
    ErrorCode const meaning = code == SQLITE_CONSTRAINT                                              ? ErrorCode::Conflict
        : code == SQLITE_FULL || code == SQLITE_BUSY || code == SQLITE_IOERR || code == SQLITE_NOMEM ? ErrorCode::Unavailable
                                                                                                     : ErrorCode::Internal;
    return Error(meaning, fmt::format("the store says: {} ({})", sqlite3_errmsg(handle_), doing.substr(0, 120)));
}

}  // namespace backtalk::store
