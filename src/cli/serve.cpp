#include "cli/serve.h"

#include <csignal>

#include <pthread.h>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/control.h"
#include "cli/serving.h"

namespace backtalk::cli {

namespace {

sigset_t awaited_signals()
{
    sigset_t signals;
    sigemptyset(&signals);
    for (int const signal : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&signals, signal);
    return signals;
}

/// Where nobody can sign in yet: the way in for the first owner.
void print_first_owner_link(Home& home, Serving& serving, Streams& streams)
{
    Result<std::optional<std::string>> const link = serving.first_owner_link();
    if (!link)
        home.log->error(fmt::format("no link for the first owner: {}", link.error().text));
    else if (link->has_value())
        streams.print(fmt::format("Nobody can sign in yet. To become the owner, open this within an hour (it works once):\n{}\n", **link));
}

}  // namespace

void block_signals()
{
    sigset_t const signals = awaited_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

Signal wait_for_signal()
{
    sigset_t const signals = awaited_signals();
    int signal = 0;
    while (sigwait(&signals, &signal) != 0) { }
    return signal == SIGHUP ? Signal::Reload : Signal::End;
}

int serve(Options const& options, Streams& streams)
{
    block_signals();
    auto home = Home::open(options.home);
    if (!home) {
        print_error(streams, home.error());
        return 1;
    }
    Settings const& settings = (*home)->settings;
    LineAccessLog access_log(STDERR_FILENO, settings.log.format == LogFormat::Json ? AccessLogFormat::Json : AccessLogFormat::Text);
    NoAccessLog no_access_log;
    bool const logs_requests = settings.log.level <= LogLevel::Info && !options.quiet;
    AccessLog& requests = logs_requests ? static_cast<AccessLog&>(access_log) : no_access_log;
    auto serving = Serving::prepare(**home, options.listen.empty() ? settings.server.listen : options.listen, requests);
    if (!serving) {
        print_error(streams, serving.error());
        return 1;
    }
    ControlSocket control(**home);
    if (Result<void> const started = control.start(); !started) {
        print_error(streams, started.error());
        return 1;
    }
    (*serving)->start();
    for (std::string const& address : (*serving)->addresses())
        streams.print(fmt::format("listening on {}\n", address));
    print_first_owner_link(**home, **serving, streams);
    while (wait_for_signal() == Signal::Reload) {
        if (Result<void> const done = (*home)->reload(); !done)
            (*home)->log->error(fmt::format("backtalk.toml was not applied: {}", done.error().text));
        else
            (*home)->log->info("backtalk.toml was read again; changes to [server], [store] and [fetch] need a restart");
    }
    (*serving)->stop(Deadline::in(std::chrono::seconds(10)));
    control.stop();
    return 0;
}

}  // namespace backtalk::cli
