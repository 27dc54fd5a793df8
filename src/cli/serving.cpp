#include "cli/serving.h"

#include <filesystem>
#include <fstream>
#include <map>

#include <fmt/format.h>

#include "async/task_group.h"
#include "web/embedded.h"

namespace backtalk::cli {

namespace {

/// The files of the home's own theme, themes/*.mustache and themes/style.css, which win over the built-in ones.
std::map<std::string, std::string> theme_files_of(std::string const& folder)
{
    std::map<std::string, std::string> files;
    std::error_code error;
    for (auto const& file : std::filesystem::directory_iterator(folder + "/themes", error)) {
        if (!file.is_regular_file(error))
            continue;
        std::ifstream stream(file.path(), std::ios::binary);
        files[file.path().filename().string()] = std::string((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    }
    return files;
}

Result<ServerOptions> server_options(Settings const& settings)
{
    ServerOptions options;
    options.threads = settings.server.workers;
    options.head.header_bytes = settings.limits.header_bytes;
    options.body_bytes = settings.limits.body_bytes;
    options.connections = settings.limits.connections;
    for (std::string const& text : settings.server.trusted_proxies) {
        auto const block = http::AddressBlock::parse(text);
        if (!block)
            return failure(
                ErrorCode::Malformed, fmt::format("server.trusted_proxies: '{}' is no address: write 192.0.2.1 or 192.0.2.0/24", text));
        options.trusted_proxies.push_back(*block);
    }
    return options;
}

}  // namespace

Serving::Serving(Home& home, std::unique_ptr<HomeSettings> settings, std::unique_ptr<web::Routes> routes, std::unique_ptr<Server> server)
    : home_(home), settings_(std::move(settings)), routes_(std::move(routes)), server_(std::move(server))
{
}

Result<std::unique_ptr<Serving>> Serving::prepare(Home& home, std::vector<std::string> const& listen, AccessLog& access_log)
{
    TRY(web::Theme theme, web::Theme::load(web::theme_files, theme_files_of(home.folder)));
    TRY(ServerOptions options, server_options(home.settings));
    auto routes = std::make_unique<web::Routes>(
        home.store, home.sites, home.receiver, std::move(theme), home.settings.server.cache_bytes, home.pool, home.clock, *home.log);
    auto settings = std::make_unique<HomeSettings>(home, listen);
    web::AdminParts const parts{.store = home.store,
        .inbox = home.store,
        .desk = home.store,
        .sites = home.sites,
        .site_keeper = home.site_keeper,
        .hooks = home.hooks,
        .moderator = home.moderator,
        .checker = home.checker,
        .publisher = home.publisher,
        .sender = home.sender,
        .pages = routes->pages(),
        .people = home.people,
        .settings = *settings,
        .digests = home.digests,
        .mailer = home.mailer,
        .digest_sender = home.digest_sender,
        .sign_in = home.sign_in,
        .accounts = home.accounts,
        .work = home.pool,
        .clock = home.clock,
        .log = *home.log};
    TRY(auto admin, web::AdminRoutes::open(parts));
    routes->open_admin(std::move(admin));
    auto server = std::make_unique<Server>(std::move(options), *routes, home.pool, access_log);
    for (std::string const& address : listen)
        TRY_DONE(server->listen(address));
    home.store.add_listener(routes->cache());
    std::unique_ptr<Serving> serving(new Serving(home, std::move(settings), std::move(routes), std::move(server)));
    if (!home.settings.server.admin_listen.empty())
        TRY_DONE(serving->open_admin_door());
    return serving;
}

Result<void> Serving::open_admin_door()
{
    using enum web::Metric::Kind;
    auto const number = [](auto value) { return static_cast<double>(value); };
    auto const counters = [this] { return home_.fetcher.counters(); };
    std::vector<web::Metric> metrics;
    metrics.emplace_back(
        "backtalk_connections", "Open connections of readers and senders", Gauge, [=, this] { return number(server_->connections()); });
    metrics.emplace_back("backtalk_cached_pages", "Pages in memory", Gauge, [=, this] { return number(routes_->cache().pages()); });
    metrics.emplace_back("backtalk_cached_bytes", "Memory of those pages", Gauge, [=, this] { return number(routes_->cache().bytes()); });
    metrics.emplace_back(
        "backtalk_pings_under_check", "Pings being checked now", Gauge, [=, this] { return number(home_.checker.under_way()); });
    metrics.emplace_back(
        "backtalk_pings_being_sent", "Pings being sent now", Gauge, [=, this] { return number(home_.sender.under_way()); });
    metrics.emplace_back("backtalk_hooks_waiting", "Web hooks that wait for their turn or their next try", Gauge,
        [=, this] { return number(home_.store.count_waiting_hooks().value_or(0)); });
    metrics.emplace_back(
        "backtalk_hooks_delivered_total", "Web hooks that were taken", Counter, [=, this] { return number(home_.hooks.delivered()); });
    metrics.emplace_back(
        "backtalk_hooks_failed_total", "Web hooks that were given up", Counter, [=, this] { return number(home_.hooks.failed()); });
    metrics.emplace_back(
        "backtalk_jobs_waiting", "Jobs that wait for a work thread", Gauge, [=, this] { return number(home_.pool.backlog()); });
    metrics.emplace_back(
        "backtalk_store_commits_total", "Transactions on stable storage", Counter, [=, this] { return number(home_.store.commits()); });
    metrics.emplace_back("backtalk_fetches_total", "Requests to other servers", Counter, [=] { return number(counters().fetches); });
    metrics.emplace_back("backtalk_fetch_refused_total", "Fetches refused by the address rules or a limit", Counter,
        [=] { return number(counters().refused); });
    metrics.emplace_back(
        "backtalk_fetch_timeouts_total", "Fetches that took too long", Counter, [=] { return number(counters().timeouts); });
    admin_door_ = std::make_unique<web::AdminDoor>(home_.store, std::move(metrics));
    ServerOptions options;
    options.threads = 1;
    options.connections = 64;
    admin_server_ = std::make_unique<Server>(std::move(options), *admin_door_, home_.pool, no_log_);
    return admin_server_->listen(home_.settings.server.admin_listen);
}

Serving::~Serving()
{
    stop(Deadline::in({}));
    home_.store.remove_listener(routes_->cache());
}

void Serving::start()
{
    home_.checker.start();
    home_.sender.start();
    home_.watcher.start();
    home_.hooks.start();
    home_.digest_sender.start();
    scheduler_ = std::thread([this] { publish_scheduled(); });
    server_->start();
    if (admin_server_)
        admin_server_->start();
}

Result<std::optional<std::string>> Serving::first_owner_link()
{
    TRY(std::optional<SecretToken> const token, run_blocking(home_.pool, home_.accounts.first_owner_link()));
    if (!token)
        return std::nullopt;
    return web::admin_address(home_.sites, addresses().front(), "setup/" + token->str());
}

void Serving::stop(Deadline deadline)
{
    server_->stop(deadline);
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    stopping_changed_.notify_all();
    if (scheduler_.joinable())
        scheduler_.join();
    home_.shut_down(deadline);
    if (admin_server_)
        admin_server_->stop(deadline);
}

void Serving::purge_spam()
{
    auto const now = std::chrono::steady_clock::now();
    if (now < next_purge_)
        return;
    next_purge_ = now + std::chrono::hours(1);
    std::uint32_t const days = home_.current_settings().judge.keep_spam_days;
    Instant const before = home_.clock.now() - std::chrono::days(days);
    Result<std::int64_t> const purged = run_blocking(home_.pool, home_.store.purge_spam(before));
    if (!purged)
        home_.log->error(fmt::format("purging old spam: {}", purged.error().text));
    else if (*purged > 0)
        home_.log->info(fmt::format("purged {} mentions that were spam for {} days", *purged, days));
}

void Serving::publish_scheduled()
{
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        if (auto const published = run_blocking(home_.pool, home_.publisher.publish_due()); !published)
            home_.log->error(fmt::format("publishing what was scheduled: {}", published.error().text));
        purge_spam();
        lock.lock();
        stopping_changed_.wait_for(lock, std::chrono::seconds(5), [this] { return stopping_; });
    }
}

}  // namespace backtalk::cli
