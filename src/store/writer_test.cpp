#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <map>
#include <thread>

#include "app/change_keys.h"
#include "store/migrations.h"
#include "store/store_test_world.h"

using namespace backtalk;
using namespace backtalk::store;

namespace {

Task<void> add_pings(Store* store, PingClaim claim, int count, std::atomic<int>* stored)
{
    for (int i = 0; i < count; ++i) {
        PingClaim one = claim;
        Result<PingId> const id = co_await store->add_ping(std::move(one));
        if (id)
            ++*stored;
    }
}

/// Holds the writer up until release(): what comes meanwhile shares the next commit.
class HeldWriter {
public:
    HeldWriter(Writer& writer, ThreadPool& pool) : group_(pool) { group_.start(hold(&writer, this)); }
    void wait_until_held()
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return held_; });
    }
    void release()
    {
        {
            std::scoped_lock const lock(mutex_);
            released_ = true;
            changed_.notify_all();
        }
        group_.join();
    }

private:
    static Task<void> hold(Writer* writer, HeldWriter* self)
    {
        std::move_only_function<Result<void>(Transaction&)> work = [self](Transaction&) -> Result<void> {
            std::unique_lock lock(self->mutex_);
            self->held_ = true;
            self->changed_.notify_all();
            self->changed_.wait(lock, [self] { return self->released_; });
            return {};
        };
        (void)co_await writer->write<void>(std::move(work));
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool held_ = false;
    bool released_ = false;
    TaskGroup group_;
};

struct WriterWorld {
    WriterWorld()
    {
        auto connection = Connection::open((folder.path() / "w.db").string(), Connection::Access::Writer).value();
        REQUIRE(connection->execute("CREATE TABLE number (value INTEGER UNIQUE)"));
        writer = std::make_unique<Writer>(std::move(connection), pool, clock);
        writer->add_listener(changes);
    }
    /// Blocks until everything that was started waits for the writer: the pool's only thread takes its jobs in order.
    void wait_until_all_wait()
    {
        std::promise<void> reached;
        pool.post([&] { reached.set_value(); });
        reached.get_future().wait();
    }
    /// Starts writing; what comes of it is in results, in no order.
    void start(std::int64_t value, bool fails = false) { group.start(insert(this, value, fails)); }
    static Task<void> insert(WriterWorld* world, std::int64_t value, bool fails)
    {
        std::move_only_function<Result<std::int64_t>(Transaction&)> work = [value, fails](
                                                                               Transaction& transaction) -> Result<std::int64_t> {
            transaction.changed.push_back(std::to_string(value));
            TRY_DONE(transaction.db.query("INSERT INTO number (value) VALUES (?)").bind(value).run());
            if (fails)
                return failure(ErrorCode::Refused, "as told");
            return value;
        };
        Result<std::int64_t> result = co_await world->writer->write<std::int64_t>(std::move(work));
        std::scoped_lock const lock(world->mutex);
        world->results.emplace(value, std::move(result));
    }
    std::string stored()
    {
        auto const reader = Connection::open((folder.path() / "w.db").string(), Connection::Access::Reader).value();
        Query query = reader->query("SELECT value FROM number ORDER BY value");
        std::string all;
        while (query.next())
            all += query.string(0) + ";";
        return all;
    }

    TemporaryFolder folder;
    FakeClock clock{instant_of("2007-03-08T12:00:00Z")};
    ThreadPool pool{1};
    ChangeRecorder changes;
    std::mutex mutex;
    std::multimap<std::int64_t, Result<std::int64_t>> results;
    std::unique_ptr<Writer> writer;
    TaskGroup group{pool};
};

}  // namespace

TEST_CASE("every ping of many senders at once is there after the store was opened again", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    std::atomic<int> stored = 0;
    {
        TaskGroup group(world.pool);
        for (int i = 0; i < 32; ++i)
            group.start(add_pings(&world.store(), world.claim(entry.id, "http://a.example/" + std::to_string(i)), 25, &stored));
    }
    CHECK(stored == 800);
    world.reopen();
    CHECK(world.store().pings(PingQuery()).value().size() == 800);
}

TEST_CASE("jobs that wait together share one commit", "[store]")
{
    WriterWorld world;
    HeldWriter held(*world.writer, world.pool);
    held.wait_until_held();
    for (int i = 0; i < 50; ++i)
        world.start(i);
    world.wait_until_all_wait();
    held.release();
    world.group.join();
    CHECK(world.results.size() == 50);
    CHECK(world.changes.commits() == 1);
    CHECK(world.changes.taken().size() == 50);
}

TEST_CASE("a job that fails leaves nothing behind and does not undo the others of its commit", "[store]")
{
    WriterWorld world;
    HeldWriter held(*world.writer, world.pool);
    held.wait_until_held();
    for (int i = 1; i <= 5; ++i)
        world.start(i, i == 3);
    world.start(5);  // one of the two breaks the unique index
    world.wait_until_all_wait();
    held.release();
    world.group.join();
    CHECK(world.stored() == "1;2;4;5;");
    CHECK(world.changes.taken() == std::set<std::string>{"1", "2", "4", "5"});
    CHECK(world.results.find(3)->second.error() == Error(ErrorCode::Refused, "as told"));
    int conflicts = 0;
    for (auto [each, end] = world.results.equal_range(5); each != end; ++each)
        conflicts += !each->second && each->second.error().code == ErrorCode::Conflict;
    CHECK(conflicts == 1);
}

TEST_CASE("a job that fails alone leaves nothing behind", "[store]")
{
    WriterWorld world;
    world.start(1, true);
    world.group.join();
    CHECK(world.stored().empty());
    CHECK(world.changes.commits() == 0);
    world.start(2);
    world.group.join();
    CHECK(world.stored() == "2;");
}

TEST_CASE("nobody hears of success when the commit fails, and the writer goes on afterwards", "[store]")
{
    WriterWorld world;
    std::move_only_function<Result<void>(Transaction&)> work = [](Transaction& transaction) -> Result<void> {
        transaction.changed.emplace_back("never");
        // A promise that is due at the commit, and broken.
        TRY_DONE(transaction.db.execute(
            "CREATE TABLE IF NOT EXISTS child (parent INTEGER REFERENCES number (value) DEFERRABLE INITIALLY DEFERRED)"));
        return transaction.db.execute("INSERT INTO child VALUES (99)");
    };
    Result<void> const written = run_blocking(world.pool, world.writer->write<void>(std::move(work)));
    REQUIRE_FALSE(written);
    CHECK(written.error().code == ErrorCode::Conflict);
    CHECK(world.changes.commits() == 0);
    world.start(2);
    world.group.join();
    CHECK(world.stored() == "2;");
}

TEST_CASE("a store that is full of waiting writes says so instead of growing", "[store]")
{
    WriterWorld world;
    HeldWriter held(*world.writer, world.pool);
    held.wait_until_held();
    for (int i = 0; i < 10'050; ++i)
        world.start(i);
    world.wait_until_all_wait();
    held.release();
    world.group.join();
    std::size_t refused = 0;
    for (auto const& [value, result] : world.results)
        refused += !result && result.error().code == ErrorCode::Unavailable;
    CHECK(world.results.size() == 10'050);
    CHECK(refused == 50);
    CHECK(world.changes.taken().size() == 10'000);
}

TEST_CASE("readers read while the writer writes, and see whole commits", "[store]")
{
    StoreWorld world;
    Entry const entry = world.entry("The harbour");
    std::atomic<int> stored = 0;
    std::atomic<bool> torn = false;
    TaskGroup group(world.pool);
    for (int i = 0; i < 4; ++i)
        group.start(add_pings(&world.store(), world.claim(entry.id, "http://a.example/" + std::to_string(i)), 50, &stored));
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i)
        readers.emplace_back([&] {
            std::size_t seen = 0;
            while (seen < 200) {
                auto const pings = world.store().pings(PingQuery());
                if (!pings || pings->size() < seen) {
                    torn = true;
                    return;
                }
                seen = pings->size();
            }
        });
    for (std::thread& reader : readers)
        reader.join();
    group.join();
    CHECK_FALSE(torn);
    CHECK(stored == 200);
}

TEST_CASE("a store that was closed is one file", "[store]")
{
    StoreWorld world;
    world.entry("The harbour");
    CHECK(world.store().count_entries(EntryQuery(world.site.id)).value() == 1);
    world.close();
    CHECK(world.folder.files() == std::set<std::string>{"backtalk.db"});
}

TEST_CASE("a store that a newer backtalk made is refused and left as it is", "[store]")
{
    TemporaryFolder folder;
    std::string const path = (folder.path() / "newer.db").string();
    {
        auto const connection = Connection::open(path, Connection::Access::Writer).value();
        REQUIRE(connection->execute("CREATE TABLE theirs (x); PRAGMA user_version = 1000"));
    }
    ThreadPool pool(1);
    FakeClock clock{Instant()};
    auto const opened = SqliteStore::open(path, pool, clock);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::Refused);
    auto const connection = Connection::open(path, Connection::Access::Reader).value();
    Query query = connection->query("SELECT count(*) FROM sqlite_master");
    REQUIRE(query.next());
    CHECK(query.integer(0) == 1);
}

TEST_CASE("bringing the schema up to date twice changes nothing", "[store]")
{
    TemporaryFolder folder;
    auto const connection = Connection::open((folder.path() / "m.db").string(), Connection::Access::Writer).value();
    REQUIRE(migrate(*connection));
    auto const version = [&] {
        Query query = connection->query("PRAGMA schema_version");
        return query.next() ? query.integer(0) : -1;
    };
    std::int64_t const before = version();
    REQUIRE(migrate(*connection));
    CHECK(version() == before);
}

TEST_CASE("what is no store is an error, and so is a folder that is not there", "[store]")
{
    TemporaryFolder folder;
    ThreadPool pool(1);
    FakeClock clock{Instant()};
    CHECK_FALSE(SqliteStore::open((folder.path() / "missing" / "backtalk.db").string(), pool, clock));
    std::string const path = (folder.path() / "text.db").string();
    {
        std::FILE* const file = std::fopen(path.c_str(), "w");
        for (int i = 0; i < 1000; ++i)
            std::fputs("this is a text and no database\n", file);
        std::fclose(file);
    }
    CHECK_FALSE(SqliteStore::open(path, pool, clock));
}

TEST_CASE("what is done to a scratch copy is not done to the store, and its files go with it", "[store]")
{
    StoreWorld world;
    world.entry("The harbour");
    {
        auto const copy = world.store().scratch_copy().value();
        auto const other = world.store().scratch_copy().value();
        world.done(copy->add_entry(world.site.id, world.draft("Only there"), {}));
        world.entry("Only here");
        CHECK(copy->entries(EntryQuery(world.site.id)).value().size() == 2);
        CHECK(copy->entry(EntryId(2)).value()->title == "Only there");
        CHECK(world.store().entry(EntryId(2)).value()->title == "Only here");
        CHECK(other->entries(EntryQuery(world.site.id)).value().size() == 1);
    }
    world.close();
    CHECK(world.folder.files() == std::set<std::string>{"backtalk.db"});
}
