#include "cli/home.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/settings_file.h"

namespace backtalk::cli {

namespace {

unsigned work_threads(Settings const& settings)
{
    unsigned const cores = std::max(1u, std::thread::hardware_concurrency());
    return settings.server.workers ? settings.server.workers : std::clamp(cores, 2u, 16u);
}

/// Who asks, why (S8), and where to complain: the address of the first site.
std::string own_user_agent(Store& store)
{
    auto const sites = store.sites();
    return sites && !sites->empty() ? fmt::format("Backtalk/0.1 (Webmention; +{})", sites->front().base.url().str())
                                    : "Backtalk/0.1 (Webmention)";
}

FetchOptions fetch_options(Settings::Fetch const& fetch, Store& store)
{
    FetchOptions options;
    options.timeout = fetch.timeout;
    options.max_bytes = fetch.max_bytes;
    options.max_redirects = static_cast<int>(fetch.max_redirects);
    options.user_agent = fetch.user_agent.empty() ? own_user_agent(store) : fetch.user_agent;
    options.rate_per_host = static_cast<int>(fetch.rate_per_host);
    options.rate_limits_named_hosts = fetch.rate_per_host_is_given;
    options.allow_hosts = fetch.allow_hosts;
    options.resolve = fetch.resolve;
    return options;
}

std::string settings_path(std::string const& folder) { return folder + "/backtalk.toml"; }

Result<std::string> store_path(std::string const& folder, Settings const& settings)
{
    std::string_view const url = settings.store.url;
    if (!url.starts_with("sqlite:"))
        return failure(ErrorCode::Refused,
            fmt::format("store.url is \"{}\", but this version keeps its store in SQLite: write sqlite:backtalk.db", url));
    std::filesystem::path const path(url.substr(7));
    return (path.is_absolute() ? path : std::filesystem::path(folder) / path).string();
}

}  // namespace

Result<std::string> read_settings_text(std::string const& folder)
{
    std::ifstream file(settings_path(folder), std::ios::binary);
    if (!file)
        return failure(
            ErrorCode::NotFound, fmt::format("there is no weblog in {}: make one with backtalk init, or name its folder with -C", folder));
    return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

Result<HomeLock> HomeLock::take(std::string const& folder)
{
    std::string const path = folder + "/backtalk.lock";
    int const descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return failure(ErrorCode::Unavailable, fmt::format("cannot open {}: {}", path, std::strerror(errno)));
    HomeLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        char holder[32] = {};
        (void)!::pread(descriptor, holder, sizeof holder - 1, 0);
        return failure(
            ErrorCode::Conflict, fmt::format("another backtalk (process {}) works on {}: stop it first", trimmed(holder), folder));
    }
    std::string const own = std::to_string(::getpid()) + "\n";
    (void)!::ftruncate(descriptor, 0);
    (void)!::pwrite(descriptor, own.data(), own.size(), 0);
    return lock;
}

HomeLock::~HomeLock()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

Home::Home(std::string the_folder, HomeLock lock, Settings the_settings, std::unique_ptr<Log> the_log, std::unique_ptr<Ground> ground)
    : lock_(std::move(lock)), ground_(std::move(ground)), folder(std::move(the_folder)), settings(std::move(the_settings)),
      log(std::move(the_log)), clock(ground_->clock), pool(ground_->pool), background(ground_->background), store(*ground_->store),
      fetcher(fetch_options(settings.fetch, store), background, resolver), sites(store),
      sender(store, sites, fetcher, background, clock, *log), judge(store, store, clock, settings.judge),
      dns_lists(settings.judge, background, *log), reflection_cap(settings.fetch, clock),
      checker(store, sites, fetcher, judge, reflection_cap, background, clock, *log, settings.mentions.moderation),
      watcher(store, sites, sender, fetcher, background, clock, *log), site_keeper(store, sites, watcher),
      hooks(store, store, fetcher, background, clock, *log), ping_targets(store),
      receiver(store, sites, ping_targets, pool, clock, *log, settings.limits, [this] { checker.wake(); }),
      publisher(store, sites, sender, clock), moderator(store, store, judge, pool), people(store.database()), passwords(pool),
      sign_in(people, passwords, clock, *log), accounts(people, passwords, sign_in, clock), digests(store.database()),
      mailer(settings.mail, folder, background), digest_sender(digests, store, store, sites, mailer, background, clock, *log)
{
    store.add_listener(ping_targets);
    store.add_listener(sign_in);
    store.add_listener(hooks);
    store.add_listener(digest_sender);
    checker.ask_lists(dns_lists);
    checker.when_listing_changes([this](EntryId entry) { return sender.announce_responses(entry); });
}

Home::~Home()
{
    shut_down(Deadline::in({}));
    store.remove_listener(digest_sender);
    store.remove_listener(hooks);
    store.remove_listener(sign_in);
    store.remove_listener(ping_targets);
}

Result<std::unique_ptr<Home>> Home::open(std::string folder, std::unique_ptr<Log> log)
{
    TRY(std::string text, read_settings_text(folder));
    TRY(Settings settings, read_settings(text, settings_path(folder)));
    TRY(auto home, open_with(std::move(folder), std::move(settings), std::move(log)));
    home->texts_ = SettingsTexts{text, text};
    return home;
}

Result<std::unique_ptr<Home>> Home::open_with(std::string folder, Settings settings, std::unique_ptr<Log> log)
{
    TRY(HomeLock lock, HomeLock::take(folder));
    TRY(std::string const path, store_path(folder, settings));
    auto ground = std::make_unique<Ground>(work_threads(settings));
    TRY(ground->store, store::SqliteStore::open(path, ground->pool, ground->clock));
    if (!log)
        log = std::make_unique<StreamLog>(STDERR_FILENO, settings.log.level, settings.log.format, ground->clock);
    std::unique_ptr<Home> home(new Home(std::move(folder), std::move(lock), std::move(settings), std::move(log), std::move(ground)));
    TRY_DONE(home->sites.reload());
    return home;
}

Result<void> Home::reload()
{
    TRY(std::string text, read_settings_text(folder));
    TRY(Settings fresh, read_settings(text, settings_path(folder)));
    std::scoped_lock const lock(settings_mutex_);
    texts_.applied = std::move(text);
    settings.mentions = fresh.mentions;
    settings.limits = fresh.limits;
    settings.log = fresh.log;
    settings.judge = fresh.judge;
    settings.mail = fresh.mail;
    mailer.set(settings.mail);
    digest_sender.wake();
    checker.set_moderation(settings.mentions.moderation);
    judge.set(settings.judge);
    dns_lists.set(settings.judge);
    reflection_cap.set(fresh.fetch);
    receiver.set_limits(settings.limits);
    if (auto* const stream = dynamic_cast<StreamLog*>(log.get()))
        stream->set(settings.log.level, settings.log.format);
    return sites.reload();
}

Home::SettingsTexts Home::settings_texts() const
{
    std::scoped_lock const lock(settings_mutex_);
    return texts_;
}

Settings Home::current_settings() const
{
    std::scoped_lock const lock(settings_mutex_);
    return settings;
}

void Home::shut_down(Deadline deadline)
{
    watcher.close();
    checker.close();
    sender.close();
    hooks.close();
    digest_sender.close();
    while (watcher.under_way() + checker.under_way() + sender.under_way() + hooks.under_way() + digest_sender.under_way() > 0 &&
        !deadline.passed())
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    fetcher.stop();
    dns_lists.stop();
    mailer.stop();
    watcher.stop();
    checker.stop();
    sender.stop();
    hooks.stop();
    digest_sender.stop();
}

Result<void> make_home_folder(std::string const& folder)
{
    std::error_code error;
    if (std::filesystem::exists(folder + "/backtalk.toml", error) || std::filesystem::exists(folder + "/backtalk.db", error))
        return failure(ErrorCode::Conflict, fmt::format("{} is a weblog's home already: use it with -C, or name another folder", folder));
    for (char const* const part : {"", "/media", "/themes"}) {
        std::filesystem::create_directories(folder + part, error);
        if (error)
            return failure(ErrorCode::Unavailable, fmt::format("cannot make {}{}: {}", folder, part, error.message()));
    }
    std::ofstream file(folder + "/backtalk.toml", std::ios::binary);
    file << initial_settings_file();
    file.close();
    if (!file)
        return failure(ErrorCode::Unavailable, fmt::format("cannot write {}/backtalk.toml: is the disk full?", folder));
    return {};
}

}  // namespace backtalk::cli
