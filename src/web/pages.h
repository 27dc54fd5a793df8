#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/store.h"
#include "http/ready_page.h"
#include "http/response.h"
#include "web/theme.h"

namespace backtalk::web {

/// A page, and the keys (change_keys.h) of what it shows.
struct BuiltPage {
    BuiltPage(http::Response the_response, std::vector<std::string> the_keys)
        : response(std::move(the_response)), shows(std::move(the_keys))
    {
    }
    http::Response response;
    std::vector<std::string> shows;
};

/// What a list page is about.
struct ListSubject {
    enum class Kind { Home, Year, Month, Day, Category, Tag };
    Kind kind = Kind::Home;
    int year = 0;
    int month = 0;
    int day = 0;
    std::string slug;  ///< Of a category or tag.
};

enum class FeedFormat { Atom, Rss };

/// What a person hears who announced a post by hand.
struct Announced {
    explicit Announced(bool was_accepted) : accepted(was_accepted) { }
    bool accepted;
    std::string_view protocol = "Webmention";
    int status = 200;
    std::string reason;      ///< Why it was not accepted.
    std::string source;      ///< As sent
    std::string target;      ///< As sent; the permalink where `entry` is known.
    std::string status_url;  ///< Where it can be seen how it stands, if anywhere.
    std::optional<Entry> entry;
};

/// How it stands with one ping, for its sender.
struct PingStanding {
    enum class State { Waiting, Listed, Held, NotListed, Withdrawn, Refused };
    explicit PingStanding(State the_state) : state(the_state) { }
    State state;
    std::string reason;
    std::string source;
    std::string target;
    std::string status_url;
    std::optional<StoredMention> mention;
    Instant received;
};

enum class Endpoint { Webmention, Xmlrpc, ExternalTrackback };

/// Builds the pages of hosted sites from what the store holds. Without state of its own; each function reads and renders on
/// the thread that calls it.
///
/// Errors: what the store says. Nothing: there is no such page.
class Pages {
public:
    static constexpr std::size_t mentions_on_entry_page = 50;
    static constexpr std::size_t mentions_a_page = 100;

    Pages(Store& store, Theme const& theme) : store_(store), theme_(theme) { }

    Theme const& theme() const { return theme_; }

    using Page = Result<std::optional<BuiltPage>>;
    Page list(Site const& site, ListSubject const& subject, std::size_t page);
    Page entry(Site const& site, Entry const& entry);
    Page mentions(Site const& site, Entry const& entry, std::size_t page);
    Page archives(Site const& site);
    Page feed(Site const& site, ListSubject const& subject, FeedFormat format);
    Page sitemap(Site const& site, std::size_t part);  ///< 0: the index, or the only one.
    /// What a GET at a ping URL tells people.
    Page trackback_page(Site const& site, Entry const& entry);
    /// The answer to `?__mode=rss`.
    Page trackback_listing(Site const& site, Entry const& entry);

    // What is made for one request, and never kept (notice_pages.cpp).
    http::Response announced(Site const& site, Announced const& announced);
    http::Response status(Site const& site, PingStanding const& standing);
    http::Response endpoint(Site const& site, Endpoint endpoint);
    http::Response gone(Site const& site, std::optional<Instant> deleted);
    http::Response error(Site const& site, int status, std::string_view heading, std::string_view message);

private:
    EntryQuery query_for(Site const& site, ListSubject const& subject) const;
    http::Response rendered(PageKind kind, View const& page, int status = 200) const;
    Result<void> fill_months(View& view, Site const& site, int year, std::vector<std::string>& shows);
    Result<std::string> heading_of(Site const& site, ListSubject const& subject);

    Store& store_;
    Theme const& theme_;
};

}  // namespace backtalk::web
