#include "cli/run.h"

#include <thread>

#include <unistd.h>

#include <fmt/format.h>

#include "async/task_group.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "cli/password_prompt.h"
#include "cli/serve.h"

namespace backtalk::cli {

namespace {

Result<void> init(Options const& options, Streams& streams)
{
    TRY(Url const url, Url::parse(options.url));
    std::string const& folder = options.words.front();
    TRY_DONE(make_home_folder(folder));
    TRY(auto const home, Home::open(folder));
    Site site = new_site(url, options.title.value_or(""), options.author.value_or(""));
    site.kind = options.external ? SiteKind::External : SiteKind::Hosted;
    TRY(Site const added, run_blocking(home->pool, home->store.add_site(std::move(site))));
    if (options.json)
        streams.print(JsonLine().add("home", folder).add("url", added.base.url().str()).str());
    else if (!options.quiet && options.external)
        streams.print(fmt::format("{} is ready for {}\nServe:  backtalk -C {} serve\nSend:   backtalk -C {} send {}\n", folder,
            added.base.url().str(), folder, folder, added.base.at("a-page/").str()));
    else if (!options.quiet)
        streams.print(fmt::format("{} is ready for {}\nWrite:  backtalk -C {} entry add FILE.md\nServe:  backtalk -C {} serve\n", folder,
            added.base.url().str(), folder, folder));
    return {};
}

/// In the server that has the home open, else here. Another command line may hold the lock for a moment.
int run_on_home(Options const& options, std::vector<std::string> const& arguments, Streams& streams)
{
    auto const give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (;;) {
        if (std::optional<int> const status = run_in_server(options, arguments))
            return *status;
        auto log = std::make_unique<SilentLog>();
        auto home = Home::open(options.home, std::move(log));
        if (home)
            return run_home_command(**home, options, streams);
        if (home.error().code != ErrorCode::Conflict || std::chrono::steady_clock::now() > give_up) {
            print_error(streams, home.error());
            return 1;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

}  // namespace

void print_error(Streams& streams, Error const& error) { streams.error(fmt::format("backtalk: {}\n", error.text)); }

Result<std::shared_ptr<Site const>> chosen_site(Home& home, Options const& options)
{
    auto const sites = home.sites.all();
    if (options.site.empty()) {
        if (sites.empty())
            return failure(ErrorCode::NotFound, "the home has no site: make one with backtalk site add URL");
        return sites.front();
    }
    Result<Url> const url = Url::parse(options.site);
    auto const site = url ? home.sites.find(*url) : nullptr;
    if (!site)
        return failure(ErrorCode::NotFound, fmt::format("there is no site {}: see backtalk site list", options.site));
    return site;
}

int run_home_command(Home& home, Options const& options, Streams& streams)
{
    auto const starts = [&](std::string_view word) { return options.command.starts_with(word); };
    bool const for_one_site =
        options.command == "entry add" || options.command == "entry list" || options.command == "hooks test" || starts("import ");
    if (std::size_t const sites = home.sites.all().size(); for_one_site && options.site.empty() && sites > 1) {
        print_error(streams, Error(ErrorCode::Malformed, fmt::format("the home has {} sites: say which one with --site URL", sites)));
        return 2;
    }
    Result<void> const done = starts("site ")                     ? run_site_command(home, options, streams)
        : starts("user ")                                         ? run_user_command(home, options, streams)
        : starts("token ")                                        ? run_token_command(home, options, streams)
        : starts("entry ")                                        ? run_entry_command(home, options, streams)
        : starts("mentions ") || starts("pings ")                 ? run_mentions_command(home, options, streams)
        : options.command == "judge"                              ? run_judge_command(home, options, streams)
        : starts("hooks ")                                        ? run_hooks_command(home, options, streams)
        : starts("sent ") || starts("send") || starts("discover") ? run_sending_command(home, options, streams)
                                                                  : run_import_command(home, options, streams);
    if (done)
        return 0;
    print_error(streams, done.error());
    return 1;
}

int run(std::vector<std::string> const& arguments)
{
    Streams streams(STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO);
    Parsed const parsed = parse_arguments(arguments);
    if (!parsed.options) {
        if (parsed.status == 0)
            streams.print(parsed.text);
        else
            streams.error(parsed.text);
        return parsed.status;
    }
    Options const& options = *parsed.options;
    if (options.command == "serve")
        return serve(options, streams);
    if (options.command == "demo")
        return demo(options, streams);
    if (options.command == "init") {
        Result<void> const done = init(options, streams);
        if (!done)
            print_error(streams, done.error());
        return done ? 0 : 1;
    }
    if (options.command == "judge" && options.site.empty()) {
        Result<void> const done = run_judge_command(options, streams);
        if (!done)
            print_error(streams, done.error());
        return done ? 0 : 1;
    }
    if (Result<void> const asked = prompt_for_password(options); !asked) {
        print_error(streams, asked.error());
        return 1;
    }
    return run_on_home(options, arguments, streams);
}

}  // namespace backtalk::cli
