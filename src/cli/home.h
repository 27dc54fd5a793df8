#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "app/accounts.h"
#include "app/check_ping.h"
#include "app/moderate.h"
#include "app/publish_entry.h"
#include "app/receive_ping.h"
#include "app/send_digests.h"
#include "app/send_hooks.h"
#include "app/send_ping.h"
#include "app/settings.h"
#include "app/site_directory.h"
#include "app/site_keeper.h"
#include "app/watch_feeds.h"
#include "async/executor.h"
#include "base/clock.h"
#include "base/log.h"
#include "net/dns_lists.h"
#include "net/fetcher.h"
#include "net/resolver.h"
#include "net/smtp_mailer.h"
#include "store/sqlite_digest.h"
#include "store/sqlite_people.h"
#include "store/sqlite_store.h"

namespace backtalk::cli {

/// The exclusive right to a home's store, as long as it lives.
class HomeLock {
public:
    /// Errors: Conflict (another process has it; names it).
    static Result<HomeLock> take(std::string const& folder);
    ~HomeLock();
    HomeLock(HomeLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) { }
    HomeLock& operator=(HomeLock&&) = delete;

private:
    explicit HomeLock(int descriptor) : descriptor_(descriptor) { }
    int descriptor_;
};

/// A home, open: the settings, the store, and everything that works on it but the server.
class Home {
public:
    /// Takes the lock, reads backtalk.toml, opens the store.
    /// Errors: NotFound (no home there), Malformed (backtalk.toml), Conflict (in use), and the store's.
    static Result<std::unique_ptr<Home>> open(std::string folder, std::unique_ptr<Log> log = nullptr);
    /// With settings that no file has; for the demo.
    static Result<std::unique_ptr<Home>> open_with(std::string folder, Settings settings, std::unique_ptr<Log> log);
    ~Home();

    /// Reads backtalk.toml again and applies what can change while serving. Errors: Malformed; then all stays as it is.
    Result<void> reload();
    /// backtalk.toml as it was at the start, and as it was last applied.
    struct SettingsTexts {
        std::string started;
        std::string applied;
    };
    SettingsTexts settings_texts() const;
    /// As they are now; `settings` is for those who ask before anything else runs.
    Settings current_settings() const;

    /// Starts nothing more; gives what is under way until the deadline, then ends it. Queued pings wait on disk for the next start.
    void shut_down(Deadline deadline);

private:
    /// What all the rest stands on, so that it goes last.
    struct Ground {
        explicit Ground(unsigned threads) : pool(threads), background(threads, ThreadPool::Rank::Background) { }
        SystemClock clock;
        ThreadPool pool;
        ThreadPool background;
        std::unique_ptr<store::SqliteStore> store;
    };
    Home(std::string the_folder, HomeLock lock, Settings the_settings, std::unique_ptr<Log> the_log, std::unique_ptr<Ground> ground);

    HomeLock lock_;
    std::unique_ptr<Ground> ground_;
    mutable std::mutex settings_mutex_;
    SettingsTexts texts_;

public:
    std::string const folder;
    Settings settings;
    std::unique_ptr<Log> const log;
    Clock& clock;
    ThreadPool& pool;        ///< Answers requests and commands.
    ThreadPool& background;  ///< Checks and sends pings: visitors never wait for it.
    store::SqliteStore& store;
    SystemResolver resolver;
    CurlFetcher fetcher;
    SiteDirectory sites;
    PingSender sender;
    PingJudge judge;
    AresDnsLists dns_lists;
    ReflectionCap reflection_cap;
    PingChecker checker;
    FeedWatcher watcher;
    SiteKeeper site_keeper;
    HookSender hooks;
    PingTargets ping_targets;
    PingReceiver receiver;
    Publisher publisher;
    Moderator moderator;
    store::SqlitePeople people;
    PasswordWork passwords;
    SignIn sign_in;
    Accounts accounts;
    store::SqliteDigest digests;
    SmtpMailer mailer;
    DigestSender digest_sender;
};

/// Of the home's backtalk.toml. Errors: NotFound (no home there).
Result<std::string> read_settings_text(std::string const& folder);
/// Makes the folder, its backtalk.toml and its parts. Errors: Conflict (there is a home already).
Result<void> make_home_folder(std::string const& folder);

}  // namespace backtalk::cli
