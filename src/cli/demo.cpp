#include <cstdlib>
#include <filesystem>
#include <thread>

#include <unistd.h>

#include <fmt/format.h>

#include "async/task_group.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/demo_entries.h"
#include "cli/serve.h"
#include "cli/serving.h"

namespace backtalk::cli {

namespace {

/// Tells what one of the weblogs does, in sentences.
class DemoLog final : public Log {
public:
    DemoLog(std::string name, Streams& streams) : name_(std::move(name)), streams_(streams) { }
    void write(LogLevel level, std::string_view text) override
    {
        if (level >= LogLevel::Info)
            streams_.print(fmt::format("  {}: {}\n", name_, json_escaped(text)));
    }

private:
    std::string name_;
    Streams& streams_;
};

/// A folder that goes when the demo ends.
class TemporaryFolder {
public:
    static Result<TemporaryFolder> make()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "backtalk-demo-XXXXXX").string();
        if (!::mkdtemp(pattern.data()))
            return failure(ErrorCode::Unavailable, fmt::format("cannot make a folder like {}: is the disk full?", pattern));
        return TemporaryFolder(std::move(pattern));
    }
    TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) { }
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder()
    {
        std::error_code ignored;
        if (!path_.empty())
            std::filesystem::remove_all(path_, ignored);
    }
    std::string const& path() const { return path_; }

private:
    explicit TemporaryFolder(std::string path) : path_(std::move(path)) { }
    std::string path_;
};

/// Serves nothing: for finding out whether an address is free.
class SilentDoor final : public Door {
public:
    std::shared_ptr<http::ReadyPage const> ready(http::RequestHead const&) noexcept override { return nullptr; }
    Task<http::Response> answer(http::Request) override { co_return http::Response(); }
    http::Response refuse(http::RequestHead const*, int status) override { return http::text(status, ""); }
};

/// One of the two weblogs.
class DemoWeblog {
public:
    static Result<std::unique_ptr<DemoWeblog>> open(std::string const& folder, Settings const& settings, DemoSite const& about,
        AddressPort const& listen, AccessLog& requests, Streams& streams)
    {
        std::error_code error;
        std::filesystem::create_directories(folder + "/themes", error);
        auto log = std::make_unique<DemoLog>(about.title, streams);
        TRY(auto home, Home::open_with(folder, settings, std::move(log)));
        TRY(auto serving, Serving::prepare(*home, {listen.str()}, requests));
        std::unique_ptr<DemoWeblog> weblog(new DemoWeblog(std::move(home), std::move(serving)));
        TRY(Url const url, Url::parse(fmt::format("http://{}/", weblog->address())));
        Site site = new_site(url, about.title, about.author);
        site.description = about.description;
        TRY_DONE(run_blocking(weblog->home_->pool, weblog->home_->store.add_site(std::move(site))));
        TRY_DONE(weblog->home_->sites.reload());
        return weblog;
    }

    std::string address() const { return serving_->addresses().front(); }
    Result<std::optional<std::string>> first_owner_link() { return serving_->first_owner_link(); }
    Home& home() { return *home_; }
    void start() { serving_->start(); }
    void stop() { serving_->stop(Deadline::in(std::chrono::seconds(5))); }

    Result<Publisher::Published> publish(std::string file)
    {
        return run_blocking(home_->pool,
            home_->publisher.add(home_->sites.all().front(), std::move(file), TextFormat::Markdown, Publisher::As::FrontMatterSays));
    }

private:
    DemoWeblog(std::unique_ptr<Home> home, std::unique_ptr<Serving> serving) : home_(std::move(home)), serving_(std::move(serving)) { }

    std::unique_ptr<Home> home_;
    std::unique_ptr<Serving> serving_;
};

/// The wanted address, or a free port beside it where that is taken. Each weblog must be told of both before they open.
Result<AddressPort> free_address(AddressPort wanted, bool must_be_it)
{
    for (std::uint16_t const port : {wanted.port, std::uint16_t{0}}) {
        wanted.port = port;
        SilentDoor door;
        NoAccessLog requests;
        ThreadPool pool(1);
        Server probe({}, door, pool, requests);
        Result<void> const bound = probe.listen(wanted.str());
        if (bound)
            return *AddressPort::parse(probe.addresses().front());
        if (must_be_it)
            return std::unexpected(bound.error());
    }
    return failure(ErrorCode::Unavailable, "no free port on this machine: end something that listens");
}

/// Until the entry has one mention, announced by as many protocols.
Result<void> wait_for_mention(Home& home, EntryId entry, std::size_t origins)
{
    for (int i = 0; i < 300; ++i) {
        MentionQuery query;
        query.entry = entry;
        query.states = {MentionState::Published};
        TRY(std::vector<StoredMention> const mentions, home.store.mentions(query));
        if (mentions.size() == 1 && mentions.front().origins.size() == origins)
            return {};
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return failure(ErrorCode::Timeout, "the ping did not arrive within half a minute: the lines above say how far it came");
}

/// Lets the last sentence of the workers come before ours.
void let_workers_finish_speaking() { std::this_thread::sleep_for(std::chrono::milliseconds(200)); }

/// Announces the link once more, as software that knows only this protocol would.
Result<void> tell_by(Protocol protocol, DemoWeblog& teller, Entry const& entry, Url const& target, Streams& streams)
{
    Home& home = teller.home();
    Telling telling(ping_text(*home.sites.all().front(), entry), target);
    telling.protocol = protocol;
    SentOutcome const outcome = run_blocking(home.pool, home.sender.send(std::move(telling), Deadline::in(std::chrono::minutes(1))));
    if (outcome.state != SentState::Accepted)
        return failure(ErrorCode::Unavailable, fmt::format("{} was not told by {}: {}", target.str(), to_word(protocol), outcome.message));
    streams.print(fmt::format("  {}: sent a {} to {}\n", demo_square.title, outcome.protocol, outcome.endpoint));
    return {};
}

Result<void> tell_story(DemoWeblog& first, DemoWeblog& second, Streams& streams)
{
    streams.print(fmt::format(
        "\n{} opens at http://{}/ and publishes {} entries.\n", demo_harbour.title, first.address(), demo_harbour.entries.size()));
    std::optional<Publisher::Published> target;
    for (auto const& file : demo_harbour.entries) {
        TRY(Publisher::Published published, first.publish(std::string(file)));
        target = std::move(published);
    }
    streams.print(
        fmt::format("{} opens at http://{}/ and publishes {} entries.\n", demo_square.title, second.address(), demo_square.entries.size()));
    for (auto const& file : demo_square.entries)
        TRY_DONE(second.publish(std::string(file)));
    streams.print(fmt::format("\nNow {} writes about \"{}\" and links to it. What happens:\n", demo_square.title, target->entry.title));
    TRY(Publisher::Published const answer, second.publish(replaced_all(demo_answer, "{target}", target->permalink.str())));
    streams.print(fmt::format("  {}: published {}\n", demo_square.title, answer.permalink.str()));
    TRY_DONE(wait_for_mention(first.home(), target->entry.id, 1));
    let_workers_finish_speaking();
    streams.print(fmt::format("\nThat was a Webmention, the newest of the three protocols that {} takes. Older weblogs speak Pingback or\n"
                              "TrackBack, so the same link is announced again by both:\n",
        demo_harbour.title));
    TRY_DONE(tell_by(Protocol::Pingback, second, answer.entry, target->permalink, streams));
    TRY_DONE(tell_by(Protocol::Trackback, second, answer.entry, target->permalink, streams));
    TRY_DONE(wait_for_mention(first.home(), target->entry.id, 3));
    let_workers_finish_speaking();
    TRY(std::optional<std::string> const owner_link, first.first_owner_link());
    streams.print(fmt::format("\nThree pings by three protocols, each checked, are one mention, and both sides know.\n"
                              "Open these in a browser; Ctrl-C ends the demo and removes it.\n"
                              "  {}  the entry, with the mention under it\n  {}  the post that mentions it\n"
                              "The owner's pages, where a name and a password can be chosen: {}\n",
        target->permalink.str(), answer.permalink.str(), owner_link.value_or("")));
    streams.print(fmt::format("listening on {}\nlistening on {}\n", first.address(), second.address()));
    return {};
}

Result<void> run_demo(Options const& options, Streams& streams)
{
    std::string const listen = options.listen.empty() ? "127.0.0.1:8080" : options.listen.front();
    auto const parsed = AddressPort::parse(listen);
    if (!parsed)
        return failure(ErrorCode::Malformed, fmt::format("'{}' is no address to listen on: write 127.0.0.1:8080", listen));
    TRY(AddressPort const first_address, free_address(*parsed, !options.listen.empty()));
    AddressPort beside = first_address;
    ++beside.port;
    TRY(AddressPort const second_address, free_address(beside, false));
    TRY(TemporaryFolder const folder, TemporaryFolder::make());
    NoAccessLog requests;
    Settings settings;
    settings.fetch.allow_hosts = {first_address, second_address};
    TRY(auto const first, DemoWeblog::open(folder.path() + "/harbour", settings, demo_harbour, first_address, requests, streams));
    TRY(auto const second, DemoWeblog::open(folder.path() + "/square", settings, demo_square, second_address, requests, streams));
    first->start();
    second->start();
    Result<void> const told = tell_story(*first, *second, streams);
    if (told)
        while (wait_for_signal() == Signal::Reload) { }
    second->stop();
    first->stop();
    return told;
}

}  // namespace

int demo(Options const& options, Streams& streams)
{
    block_signals();
    Result<void> const done = run_demo(options, streams);
    if (!done)
        print_error(streams, done.error());
    return done ? 0 : 1;
}

}  // namespace backtalk::cli
