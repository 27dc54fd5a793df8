// Durable pings accepted a second: through the store's group commit, against a bare SQLite writer that does the same inserts.

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <unistd.h>

#include "async/task_group.h"
#include "base/clock.h"
#include "store/sqlite_store.h"

namespace {

using namespace backtalk;

/// As many pings share a commit of the raw store; BATCH in the environment names another number than the clients'.
int batch_of_raw()
{
    char const* const text = std::getenv("BATCH");
    return text ? std::max(1, std::atoi(text)) : 64;
}

constexpr int producers = 64;
constexpr int pings_each = 40;

/// On the disk that the build is on: what /tmp is may be memory.
class Folder {
public:
    Folder()
    {
        std::string pattern = (std::filesystem::current_path() / "store-bench-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    std::string file(char const* name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

PingClaim claim(EntryId entry, int producer, int number)
{
    PingClaim claim(entry, Origin::Trackback,
        Url::parse("http://sender-" + std::to_string(producer) + ".example/2007/03/post-" + std::to_string(number)).value());
    claim.source_as_received = claim.source.str();
    claim.target_as_received = "http://quarters.example/mt/mt-tb.cgi/9352";
    claim.title = "Following up on the harbour";
    claim.excerpt =
        "What we read yesterday about the harbour at night made us go there ourselves, with a lamp and a notebook, and count the boats.";
    claim.blog_name = "Public Square";
    claim.sender = "192.0.2.7";
    claim.received = Instant(std::chrono::seconds(1173355271));
    return claim;
}

std::vector<std::vector<PingClaim>> all_claims(EntryId entry)
{
    std::vector<std::vector<PingClaim>> all(producers);
    for (int producer = 0; producer < producers; ++producer)
        for (int i = 0; i < pings_each; ++i)
            all[static_cast<std::size_t>(producer)].push_back(claim(entry, producer, i));
    return all;
}

Task<void> send_pings(Store* store, std::vector<PingClaim> const* claims)
{
    for (PingClaim const& each : *claims) {
        PingClaim one = each;
        if (!co_await store->add_ping(std::move(one)))
            std::abort();
    }
}

/// 64 senders at once; each sends its next ping when the last is on stable storage.
void through_store(benchmark::State& state)
{
    Folder const folder;
    ThreadPool pool(2);
    SystemClock const clock;
    auto const store = store::SqliteStore::open(folder.file("backtalk.db"), pool, clock).value();
    Site const site =
        run_blocking(pool, store->add_site(Site(SiteId(0), SiteBase(Url::parse("http://quarters.example/").value())))).value();
    EntryDraft draft;
    draft.title = "The harbour";
    draft.slug = "the-harbour";
    EntryId const entry = run_blocking(pool, store->add_entry(site.id, draft, {})).value().id;
    auto const claims = all_claims(entry);
    for (auto _ : state) {
        TaskGroup group(pool);
        for (std::vector<PingClaim> const& of_producer : claims)
            group.start(send_pings(store.get(), &of_producer));
    }
    state.SetItemsProcessed(state.iterations() * producers * pings_each);
}

/// One thread that writes what waits, in one commit, and sends the next ping of each producer that has heard of its success: what
/// SQLite and the disk allow, with nothing in between.
class RawWriter {
public:
    explicit RawWriter(std::string const& path)
    {
        sqlite3_open(path.c_str(), &db_);
        execute(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=2000; PRAGMA "
            "cache_size=-8000;"
            "CREATE TABLE entry (id INTEGER PRIMARY KEY, title TEXT); INSERT INTO entry VALUES (1, 'The harbour');"
            "CREATE TABLE mention (id INTEGER PRIMARY KEY);"
            "CREATE TABLE ping (id INTEGER PRIMARY KEY, entry_id INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE, origin TEXT NOT "
            "NULL, source TEXT NOT NULL,"
            "source_received TEXT NOT NULL, target_received TEXT NOT NULL, title TEXT NOT NULL, excerpt TEXT NOT NULL, blog_name TEXT NOT "
            "NULL, sender TEXT NOT NULL,"
            "received INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, attempts INTEGER NOT NULL, next_try INTEGER NOT NULL,"
            "mention_id INTEGER REFERENCES mention (id) ON DELETE SET NULL, import_key TEXT);"
            "CREATE INDEX ping_due ON ping (next_try, id) WHERE state = 'queued'; CREATE INDEX ping_entry ON ping (entry_id);"
            "CREATE INDEX ping_mention ON ping (mention_id) WHERE mention_id IS NOT NULL;"
            "CREATE UNIQUE INDEX ping_import ON ping (entry_id, import_key) WHERE import_key IS NOT NULL;");
        sqlite3_prepare_v2(db_,
            "INSERT INTO ping (entry_id, origin, source, source_received, target_received, title, excerpt, blog_name, sender, received, "
            "state, reason, "
            "attempts, next_try) VALUES (1, 'trackback', ?, ?, ?, ?, ?, ?, ?, ?, 'queued', '', 0, ?)",
            -1, &insert_, nullptr);
    }
    ~RawWriter()
    {
        sqlite3_finalize(insert_);
        sqlite3_close(db_);
    }
    RawWriter(RawWriter const&) = delete;
    RawWriter& operator=(RawWriter const&) = delete;

    void write(std::vector<std::vector<PingClaim>> const& claims)
    {
        std::vector<PingClaim const*> batch;
        for (int number = 0; number < pings_each; ++number)
            for (std::vector<PingClaim> const& of_producer : claims) {
                batch.push_back(&of_producer[static_cast<std::size_t>(number)]);
                if (static_cast<int>(batch.size()) == batch_of_raw()) {
                    write(batch);
                    batch.clear();
                }
            }
        if (!batch.empty())
            write(batch);
    }
    void write(std::vector<PingClaim const*> const& batch)
    {
        execute("BEGIN IMMEDIATE");
        for (PingClaim const* const each : batch)
            insert(*each);
        execute("COMMIT");
    }

private:
    void execute(char const* sql)
    {
        if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
            std::fprintf(stderr, "%s\n", sqlite3_errmsg(db_));
            std::abort();
        }
    }
    void insert(PingClaim const& claim)
    {
        int position = 0;
        for (std::string const* const text : {&claim.source.str(), &claim.source_as_received, &claim.target_as_received, &claim.title,
                 &claim.excerpt, &claim.blog_name, &claim.sender})
            sqlite3_bind_text(insert_, ++position, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
        sqlite3_bind_int64(insert_, ++position, claim.received.time_since_epoch().count());
        sqlite3_bind_int64(insert_, ++position, claim.received.time_since_epoch().count());
        if (sqlite3_step(insert_) != SQLITE_DONE)
            std::abort();
        sqlite3_reset(insert_);
    }

    sqlite3* db_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
};

void raw(benchmark::State& state)
{
    Folder const folder;
    RawWriter writer(folder.file("raw.db"));
    auto const claims = all_claims(EntryId(1));
    for (auto _ : state)
        writer.write(claims);
    state.SetItemsProcessed(state.iterations() * producers * pings_each);
}

/// The same writer behind a queue, with a thread for each of the 64 clients that waits for the commit of its ping: what a server that
/// gives each connection a thread would have of the raw store.
void raw_clients(benchmark::State& state)
{
    Folder const folder;
    RawWriter writer(folder.file("raw.db"));
    auto const claims = all_claims(EntryId(1));
    std::mutex mutex;
    std::condition_variable came;
    std::condition_variable committed;
    std::vector<PingClaim const*> waiting;
    std::uint64_t batches_begun = 0;
    std::uint64_t batches_done = 0;
    for (auto _ : state) {
        bool over = false;
        std::thread writing([&] {
            std::unique_lock lock(mutex);
            for (;;) {
                came.wait(lock, [&] { return over || !waiting.empty(); });
                if (waiting.empty())
                    return;
                std::vector<PingClaim const*> const batch = std::exchange(waiting, {});
                ++batches_begun;
                lock.unlock();
                writer.write(batch);
                lock.lock();
                batches_done = batches_begun;
                committed.notify_all();
            }
        });
        std::vector<std::thread> clients;
        for (std::vector<PingClaim> const& mine : claims)
            clients.emplace_back([&] {
                for (PingClaim const& each : mine) {
                    std::unique_lock lock(mutex);
                    waiting.push_back(&each);
                    std::uint64_t const batch = batches_begun + 1;
                    came.notify_one();
                    committed.wait(lock, [&] { return batches_done >= batch; });
                }
            });
        for (std::thread& client : clients)
            client.join();
        {
            std::scoped_lock const lock(mutex);
            over = true;
        }
        came.notify_one();
        writing.join();
    }
    state.SetItemsProcessed(state.iterations() * producers * pings_each);
}

/// Tells the ratio beside the rates.
class RatioReporter final : public benchmark::ConsoleReporter {
public:
    void ReportRuns(std::vector<Run> const& runs) override
    {
        ConsoleReporter::ReportRuns(runs);
        for (Run const& run : runs)
            if (auto const rate = run.counters.find("items_per_second"); rate != run.counters.end())
                (run.benchmark_name().starts_with("raw/")                  ? raw_
                        : run.benchmark_name().starts_with("raw_clients/") ? clients_
                                                                           : ours_) = rate->second.value;
    }
    void Finalize() override
    {
        ConsoleReporter::Finalize();
        if (raw_ > 0 && ours_ > 0)
            GetOutputStream() << "add_ping/64 does " << ours_ / raw_ << " of raw/64 and " << ours_ / clients_ << " of raw_clients/64\n";
    }

private:
    double ours_ = 0;
    double raw_ = 0;
    double clients_ = 0;
};

}  // namespace

int main(int argc, char** argv)
{
    benchmark::Initialize(&argc, argv);
    benchmark::RegisterBenchmark("raw/64", raw)->UseRealTime()->MinTime(2)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("raw_clients/64", raw_clients)->UseRealTime()->MinTime(2)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("add_ping/64", through_store)->UseRealTime()->MinTime(2)->Unit(benchmark::kMillisecond);
    RatioReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return 0;
}
