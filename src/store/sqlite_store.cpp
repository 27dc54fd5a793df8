#include "store/sqlite_store.h"

#include <atomic>

#include <fmt/format.h>
#include <unistd.h>

namespace backtalk::store {

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(std::string const& path, Executor& executor, Clock const& clock)
{
    TRY(auto database, Database::open(path, executor, clock));
    return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(database)));
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
    std::string copy_path = fmt::format("{}.trial-{}-{}", database_->path(), ::getpid(), ++copies);
    auto scratch = std::make_shared<ScratchFile>(copy_path);
    auto const copied = database_->read([&](Connection& db) { return db.copy_to(copy_path); });
    if (!copied)
        return std::unexpected(copied.error());
    TRY(std::unique_ptr<SqliteStore> store, open(copy_path, database_->executor(), database_->clock()));
    store->scratch_ = std::move(scratch);
    return std::unique_ptr<Store>(std::move(store));
}

}  // namespace backtalk::store
