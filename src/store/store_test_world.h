#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "async/executor.h"
#include "async/task_group.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/sqlite_store.h"

namespace backtalk {

/// A folder that goes with the object.
class TemporaryFolder {
public:
    TemporaryFolder()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "backtalk-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;

    std::filesystem::path const& path() const { return path_; }
    std::set<std::string> files() const
    {
        std::set<std::string> names;
        for (auto const& file : std::filesystem::directory_iterator(path_))
            names.insert(file.path().filename().string());
        return names;
    }

private:
    std::filesystem::path path_;
};

/// Remembers the keys that commits published.
class ChangeRecorder final : public ChangeListener {
public:
    void changed(std::span<std::string const> keys) override
    {
        std::scoped_lock const lock(mutex_);
        keys_.insert(keys.begin(), keys.end());
        ++commits_;
    }
    std::set<std::string> taken()
    {
        std::scoped_lock const lock(mutex_);
        return std::exchange(keys_, {});
    }
    int commits() const
    {
        std::scoped_lock const lock(mutex_);
        return commits_;
    }

private:
    mutable std::mutex mutex_;
    std::set<std::string> keys_;
    int commits_ = 0;
};

/// Lets a test wait until something was logged.
class WaitingLog final : public Log {
public:
    void write(LogLevel, std::string_view text) override
    {
        std::scoped_lock const lock(mutex_);
        lines_.emplace_back(text);
        written_.notify_all();
    }
    /// Blocks until `count` lines hold `text`; hands over the last of them.
    std::string wait_for(std::string_view text, std::size_t count = 1)
    {
        std::unique_lock lock(mutex_);
        std::string last;
        written_.wait(lock, [&] {
            std::size_t found = 0;
            for (std::string const& line : lines_)
                if (line.find(text) != std::string::npos && ++found == count) {
                    last = line;
                    return true;
                }
            return false;
        });
        return last;
    }

private:
    std::mutex mutex_;
    std::condition_variable written_;
    std::vector<std::string> lines_;
};

inline Url url_of(std::string_view text) { return Url::parse(text).value(); }
inline Instant instant_of(std::string_view rfc3339_text) { return parse_rfc3339(rfc3339_text).value().instant; }

/// A store in a file of its own, with one site, at noon of 8 March 2007.
class StoreWorld {
public:
    explicit StoreWorld(std::string_view base_url = "http://quarters.example/") : site(make_site(base_url)) { }

    template <class T> T run(Task<T> task) { return run_blocking(pool, std::move(task)); }
    /// For what must succeed.
    template <class T> T done(Task<Result<T>> task) { return run_blocking(pool, std::move(task)).value(); }

    void reopen()
    {
        opened_.reset();
        opened_ = store::SqliteStore::open(path(), pool, clock).value();
        opened_->add_listener(changes);
    }
    void close() { opened_.reset(); }
    std::string path() const { return (folder.path() / "backtalk.db").string(); }
    store::SqliteStore& store() { return *opened_; }

    EntryDraft draft(std::string title, std::string_view published = "2007-03-08T10:00:00Z") const
    {
        EntryDraft draft;
        draft.title = std::move(title);
        draft.slug = slug_from(draft.title);
        draft.published = instant_of(published);
        draft.body = "Text of " + draft.title + ".";
        return draft;
    }
    Entry entry(std::string title, std::string_view published = "2007-03-08T10:00:00Z") { return add(draft(std::move(title), published)); }
    Entry add(EntryDraft draft, WantedIds wanted = {}) { return done(store().add_entry(site.id, std::move(draft), std::move(wanted))); }

    PingClaim claim(EntryId entry, std::string_view source, Origin origin = Origin::Trackback) const
    {
        PingClaim claim(entry, origin, url_of(source));
        claim.source_as_received = source;
        claim.target_as_received = "http://quarters.example/trackback/" + std::to_string(entry.value);
        claim.title = "Claimed title";
        claim.excerpt = "Claimed excerpt";
        claim.blog_name = "Claimed blog";
        claim.sender = "192.0.2.7";
        claim.received = clock.now();
        return claim;
    }
    PingId ping(EntryId entry, std::string_view source, Origin origin = Origin::Trackback)
    {
        return done(store().add_ping(claim(entry, source, origin)));
    }

    /// A mention as verify() would have made it, known by these addresses.
    static Mention mention(std::vector<std::string> const& addresses, std::string title = "Page title")
    {
        std::vector<std::string> keys;
        for (std::string const& address : addresses)
            keys.push_back(comparison_key(url_of(address)));
        Listing listing;
        listing.title = std::move(title);
        return Mention::stored(url_of(addresses.back()), std::move(keys), MentionType::Mention, std::move(listing));
    }
    static PingVerified verified(std::vector<std::string> const& addresses, std::string title = "Page title")
    {
        return PingVerified{mention(addresses, std::move(title)), MentionState::Published, "its source links to the entry", {}};
    }
    /// A ping from the last of the addresses, found true.
    MentionId listed(EntryId entry, std::vector<std::string> const& addresses, std::string title = "Page title")
    {
        PingId const id = ping(entry, addresses.front());
        return done(store().finish_ping(id, verified(addresses, std::move(title)))).value();
    }
    std::vector<StoredMention> mentions_of(EntryId entry)
    {
        MentionQuery query;
        query.entry = entry;
        query.oldest_first = true;
        return store().mentions(query).value();
    }

    TemporaryFolder folder;
    FakeClock clock{instant_of("2007-03-08T12:00:00Z")};
    ThreadPool pool{2};
    ChangeRecorder changes;

private:
    static std::string slug_from(std::string_view title)
    {
        std::string slug;
        for (char const c : title)
            slug += c == ' ' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        return slug;
    }
    Site make_site(std::string_view base_url)
    {
        reopen();
        Site fresh(SiteId(0), SiteBase(url_of(base_url)));
        fresh.title = "Quarters";
        return done(store().add_site(std::move(fresh)));
    }

    std::unique_ptr<store::SqliteStore> opened_;

public:
    Site site;  // last: made with all of the above
};

}  // namespace backtalk
