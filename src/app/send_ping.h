#pragma once

#include "app/due_queue.h"
#include "app/fetcher.h"
#include "app/site_directory.h"
#include "app/store.h"
#include "pingback/discovery.h"
#include "trackback/discovery.h"
#include "webmention/discovery.h"

namespace backtalk {

/// What our page says of itself in a ping.
struct PingText {
    std::string url;
    std::string title;
    std::string excerpt;
    std::string blog_name;
};

enum class Protocol { Webmention, Pingback, Trackback };
std::string_view to_word(Protocol protocol);
std::optional<Protocol> protocol_named(std::string_view word);

/// Where a page wants to be told, and how.
struct PingRoute {
    PingRoute(Protocol the_protocol, Url the_endpoint) : protocol(the_protocol), endpoint(std::move(the_endpoint)) { }
    Protocol protocol;
    Url endpoint;
};

/// A page and its endpoints by protocol.
struct Discovered {
    explicit Discovered(Url the_page) : page(std::move(the_page)) { }
    Url page;  ///< After redirects.
    std::optional<webmention::Endpoint> webmention;
    std::optional<Url> pingback;
    std::vector<trackback::Endpoint> trackback;

    /// The one to use: of `wanted`, else the first of Webmention, Pingback, TrackBack that the page offers.
    std::optional<PingRoute> best(std::optional<Protocol> wanted = std::nullopt) const;
};

/// What an entry tells: the targets of its links and of its `trackbacks:`, without itself, each once.
std::vector<Url> targets_of(Site const& site, Entry const& entry);

/// SentVersion::text of the entry as it is: of all that a target may have been told.
std::string text_version(Site const& site, Entry const& entry);

/// What to tell one target.
struct Telling {
    Telling(PingText the_text, Url the_target) : text(std::move(the_text)), target(std::move(the_target)) { }
    PingText text;
    Url target;                        ///< As our page has it, with its fragment.
    std::optional<Protocol> protocol;  ///< Only that one.
    bool is_endpoint = false;          ///< The target may be a TrackBack ping URL itself.
    std::string vouch;                 ///< A page to vouch for us, where the other side asks for one; may be empty.
};

/// Sends pings for what our entries link to: discovery, ping, reply, again later where it may pass.
class PingSender {
public:
    PingSender(Store& store, SiteDirectory const& sites, Fetcher& fetcher, Executor& executor, Clock const& clock, Log& log);

    void start() { queue_.start(); }
    void wake() { queue_.wake(); }
    void close() { queue_.close(); }
    std::size_t under_way() const { return queue_.under_way(); }
    void stop() { queue_.stop(); }
    bool idle() const { return queue_.idle(); }

    /// Queues a ping for each target that was not told of this version of the entry, and for those that it no longer links to or that
    /// were told of an entry that is gone. Ends when that is on stable storage.
    /// Of an entry of an external site: see announce_page().
    Task<Result<void>> announce(Entry entry);
    /// The same for a page of an external site, which is fetched, and published as an entry with what it says of itself. A page that is
    /// gone (404, 410) is told to those who were told of it; after 410 the entry is deleted. `wait`: how long this sender leaves it alone,
    /// because the caller delivers it at once. The id is that of the entry that the page turned out to be.
    ///
    /// Errors: as Fetcher, NotFound (gone, and never seen), Unavailable (for now), Refused (another answer, another site, no page to read).
    Task<Result<EntryId>> announce_page(Entry entry, std::chrono::seconds wait = std::chrono::seconds(0));
    /// The same after a response was added to the entry or changed, for those who were told by Webmention (S13).
    Task<Result<void>> announce_responses(EntryId entry);
    /// Errors: as Fetcher, and Refused (the page answers with an error, or is no page).
    Task<Result<Discovered>> discover(Url target, Deadline deadline);
    /// One ping to one target, now.
    Task<SentOutcome> send(Telling telling, Deadline deadline);
    /// The same for what is queued; the outcome is kept. `wanted`: only by that protocol.
    Task<SentOutcome> deliver(Sent sent, std::optional<Protocol> wanted = std::nullopt);

private:
    DueQueue::Source source();
    Task<void> deliver_due(Sent sent);
    Task<SentOutcome> tell_webmention(Telling telling, Url endpoint, Deadline deadline);
    Task<SentOutcome> tell_pingback(Telling telling, Url endpoint, Deadline deadline);
    Task<SentOutcome> tell_trackback(Telling telling, Url endpoint, Deadline deadline);
    Result<SentVersion> version_of(Site const& site, Entry const& entry);
    Result<std::vector<Url>> others_of(Site const& site, EntryId entry, std::vector<Url> targets);
    std::string vouch_for(Site const& site, Url const& target);
    Task<void> put_off(std::vector<std::int64_t> ids);

    Store& store_;
    SiteDirectory const& sites_;
    Fetcher& fetcher_;
    Clock const& clock_;
    Log& log_;
    DueQueue queue_;
};

/// What an entry says of itself.
PingText ping_text(Site const& site, Entry const& entry);

}  // namespace backtalk
