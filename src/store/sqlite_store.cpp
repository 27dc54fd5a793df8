#include "store/sqlite_store.h"

#include <atomic>

#include <fmt/format.h>
#include <unistd.h>

#include "store/migrations.h"

namespace backtalk::store {

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(std::string const& path, Executor& executor, Clock const& clock)
{
    TRY(auto connection, Connection::open(path, Connection::Access::Writer));
    TRY_DONE(migrate(*connection));
    return std::unique_ptr<SqliteStore>(new SqliteStore(path, std::move(connection), executor, clock));
}

SqliteStore::~SqliteStore()
{
    // Readers may not checkpoint: the writer closes last and leaves one file, without a write-ahead log.
    std::scoped_lock const lock(readers_mutex_);
    idle_readers_.clear();
}

SqliteStore::Reader::Reader(SqliteStore& store) : store_(store), connection_(nullptr)
{
    {
        std::scoped_lock const lock(store_.readers_mutex_);
        if (!store_.idle_readers_.empty()) {
            connection_ = std::move(store_.idle_readers_.back());
            store_.idle_readers_.pop_back();
            return;
        }
    }
    connection_ = Connection::open(store_.path_, Connection::Access::Reader);
}

SqliteStore::Reader::~Reader()
{
    if (!connection_)
        return;
    std::scoped_lock const lock(store_.readers_mutex_);
    store_.idle_readers_.push_back(std::move(*connection_));
}

Result<Connection*> SqliteStore::Reader::connection() const
{
    if (!connection_)
        return std::unexpected(connection_.error());
    return connection_->get();
}

namespace {

/// A store whose file goes with it.
class ScratchFile {
public:
    /// Takes away what a killed process of the same number may have left.
    explicit ScratchFile(std::string path) : path_(std::move(path)) { remove(); }
    ScratchFile(ScratchFile const&) = delete;
    ScratchFile& operator=(ScratchFile const&) = delete;
    ~ScratchFile() { remove(); }

private:
    void remove() const
    {
        for (char const* const part : {"", "-wal", "-shm"})
            (void)::unlink((path_ + part).c_str());
    }

    std::string path_;
};

}  // namespace

Result<std::unique_ptr<Store>> SqliteStore::scratch_copy()
{
    static std::atomic<int> copies = 0;
    std::string copy_path = fmt::format("{}.trial-{}-{}", path_, ::getpid(), ++copies);
    auto scratch = std::make_shared<ScratchFile>(copy_path);
    auto const copied = with_reader([&](Connection& db) { return db.copy_to(copy_path); });
    if (!copied)
        return std::unexpected(copied.error());
    TRY(std::unique_ptr<SqliteStore> store, open(copy_path, executor_, clock_));
    store->scratch_ = std::move(scratch);
    return std::unique_ptr<Store>(std::move(store));
}

}  // namespace backtalk::store
