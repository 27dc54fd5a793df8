#include "store/database.h"

#include "store/migrations.h"

namespace backtalk::store {

Result<std::unique_ptr<Database>> Database::open(std::string const& path, Executor& executor, Clock const& clock)
{
    TRY(auto connection, Connection::open(path, Connection::Access::Writer));
    TRY_DONE(migrate(*connection));
    return std::unique_ptr<Database>(new Database(path, std::move(connection), executor, clock));
}

Database::~Database()
{
    // Readers may not checkpoint: the writer closes last and leaves one file, without a write-ahead log.
    std::scoped_lock const lock(readers_mutex_);
    idle_readers_.clear();
}

Database::Reader::Reader(Database& database) : database_(database), connection_(nullptr)
{
    {
        std::scoped_lock const lock(database_.readers_mutex_);
        if (!database_.idle_readers_.empty()) {
            connection_ = std::move(database_.idle_readers_.back());
            database_.idle_readers_.pop_back();
            return;
        }
    }
    connection_ = Connection::open(database_.path_, Connection::Access::Reader);
}

Database::Reader::~Reader()
{
    if (!connection_)
        return;
    std::scoped_lock const lock(database_.readers_mutex_);
    database_.idle_readers_.push_back(std::move(*connection_));
}

Result<Connection*> Database::Reader::connection() const
{
    if (!connection_)
        return std::unexpected(connection_.error());
    return connection_->get();
}

}  // namespace backtalk::store
