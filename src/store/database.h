#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "async/executor.h"
#include "store/writer.h"

namespace backtalk::store {

/// One SQLite file with its schema: one connection writes, as many read as there are readers at once. The stores stand on it.
class Database {
public:
    /// Opens or makes the file and brings its schema up to date. Coroutines resume where they waited, else on `executor`.
    static Result<std::unique_ptr<Database>> open(std::string const& path, Executor& executor, Clock const& clock);
    ~Database();
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;

    /// Runs `work` with a read connection.
    template <class F> auto read(F work) -> decltype(work(std::declval<Connection&>()))
    {
        Reader const reader(*this);
        TRY(Connection * connection, reader.connection());
        return work(*connection);
    }
    /// See Writer::write().
    template <class T>
    Task<Result<T>> write(std::move_only_function<Result<T>(Transaction&)> work, Writer::Statements statements = Writer::Statements::Many)
    {
        return writer_.write<T>(std::move(work), statements);
    }
    Writer& writer() { return writer_; }

    std::string const& path() const { return path_; }
    Executor& executor() const { return executor_; }
    Clock const& clock() const { return clock_; }

private:
    Database(std::string path, std::unique_ptr<Connection> connection, Executor& executor, Clock const& clock)
        : path_(std::move(path)), executor_(executor), clock_(clock), writer_(std::move(connection), executor, clock)
    {
    }

    /// A read connection for the time of one read; given back when it goes.
    class Reader {
    public:
        explicit Reader(Database& database);
        ~Reader();
        Reader(Reader const&) = delete;
        Reader& operator=(Reader const&) = delete;
        Result<Connection*> connection() const;

    private:
        Database& database_;
        Result<std::unique_ptr<Connection>> connection_;
    };

    std::string const path_;
    Executor& executor_;
    Clock const& clock_;
    std::mutex readers_mutex_;
    std::vector<std::unique_ptr<Connection>> idle_readers_;
    Writer writer_;
};

}  // namespace backtalk::store
