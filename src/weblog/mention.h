#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "weblog/ping.h"
#include "weblog/response.h"
#include "weblog/source_page.h"

namespace backtalk {

enum class MentionState {
    Published,  ///< Shown under the entry.
    Held,       ///< Waits for the owner.
    Spam,
    Gone,     ///< Its source was deleted, or no longer links here.
    Deleted,  ///< By the owner.
};
std::string_view to_word(MentionState state);
std::optional<MentionState> mention_state_named(std::string_view word);

/// What is shown of a source page, by the page's own words where it has them. What is named a URL is http or https, or empty.
struct Listing {
    std::string title;
    std::string excerpt;
    std::size_t link_position = 0;  ///< Where in the excerpt the words of the link to the entry stand, in bytes.
    std::size_t link_bytes = 0;     ///< 0: not known; it is not around the link, or came before this was kept.
    std::string site_name;          ///< Of the weblog: "from Public Square".
    std::string author_name;
    std::string author_url;
    std::string author_photo;
    std::string language;
    std::optional<Instant> published;
    std::chrono::minutes published_offset{};
    std::string content_html;  ///< e-content, sanitised (SanitizerRules::Comment); empty without one, or over 2,000 characters of text.
    std::string content_text;  ///< The same as text; cut at 5,000 characters.
    std::string summary;       ///< p-summary, as text.
    std::string rsvp;          ///< "yes", "no", "maybe" or "interested", if the type is Rsvp.
    std::vector<std::string> syndication, photos, videos, audios;  ///< URLs, at most 10 each.
    std::vector<NestedResponse> responses;                         ///< At most 50.

    bool operator==(Listing const&) const = default;
};

/// A ping found true. Only verify() makes one; two more doors are marked as such.
class Mention {
public:
    /// The door of importers: what an archive held, unchecked, origin `imported`.
    static Mention imported(PingClaim const& claim, std::chrono::minutes offset);
    /// The door of the store: what it wrote before.
    static Mention stored(Url url, std::vector<std::string> source_keys, MentionType type, Listing listing);

    /// The same with what the author page says (SourcePage::author_page, read_author_page()): its URL and photo, and its name
    /// if it has one. An author page is worth fetching only once the mention is verified.
    Mention with_author(Author const& author) const;

    Url const& url() const { return url_; }  ///< Where readers go: the source after redirects, or its canonical form.
    /// Comparison keys of every address by which this source is known, the announced one first.
    std::vector<std::string> const& source_keys() const { return source_keys_; }
    MentionType type() const { return type_; }
    Listing const& listing() const { return listing_; }

private:
    Mention(Url url, std::vector<std::string> source_keys, MentionType type, Listing listing)
        : url_(std::move(url)), source_keys_(std::move(source_keys)), type_(type), listing_(std::move(listing))
    {
    }
    friend Result<Mention> verify(PingClaim const&, SourcePage const&, std::function<bool(Url const&)> const&);

    Url url_;
    std::vector<std::string> source_keys_;
    MentionType type_;
    Listing listing_;
};

/// Looks for the link that the ping claims, or a property of the page's entry that points at the target: that decides the type.
/// `is_target` says whether a URL is one of the entry's addresses.
///
/// Errors: Refused (the page does not link to the entry, or it is the entry itself), Gone (the page says that it was deleted).
/// Spec:   https://indieweb.org/post-type-discovery (Response Algorithm), https://indieweb.org/comments-presentation
Result<Mention> verify(PingClaim const& claim, SourcePage const& page, std::function<bool(Url const&)> const& is_target);

/// A mention as the store keeps it.
struct StoredMention {
    StoredMention(MentionId the_id, EntryId the_entry, Mention the_mention) : id(the_id), entry(the_entry), mention(std::move(the_mention))
    {
    }

    MentionId id;
    EntryId entry;
    Mention mention;
    MentionState state = MentionState::Published;
    std::vector<Origin> origins;
    std::string source;               ///< As first announced.
    Instant received;                 ///< Of the first ping.
    std::optional<Instant> verified;  ///< Last time the source was fetched and linked here; never, for imported ones.
    std::optional<Instant> listed;    ///< Since when it has been shown; nothing while it is not.
    std::string note;                 ///< What the last check said.
};

}  // namespace backtalk
