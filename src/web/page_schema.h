#pragma once

#include "web/template_view.h"

namespace backtalk::web {

// What the pages say, by the names that themes use. Dates come twice: `…_iso` for machines (RFC 3339) and as text for people.
// URLs are absolute, or relative to the host ("/archives/").

/// A category, a tag, an item of the navigation.
struct LinkSchema : Schema {
    LinkSchema() : Schema("link") { }
    TextField const name{*this, "name"};
    UrlField const url{*this, "url"};
    FlagField const is_current{*this, "is_current"};  ///< The page that is being read.
};

struct FeedLinkSchema : Schema {
    FeedLinkSchema() : Schema("feed") { }
    TextField const title{*this, "title"};
    TextField const type{*this, "type"};  ///< application/atom+xml
    UrlField const url{*this, "url"};
};

/// The same on every page of a site; made once and held.
struct SiteSchema : Schema {
    SiteSchema() : Schema("site") { }
    TextField const title{*this, "title"};
    TextField const description{*this, "description"};
    TextField const language{*this, "language"};   ///< BCP 47: "en"
    UrlField const home_url{*this, "home_url"};    ///< The base URL, absolute.
    UrlField const style_url{*this, "style_url"};  ///< With the name of Theme::style_sheet_name().
    UrlField const atom_url{*this, "atom_url"};
    UrlField const rss_url{*this, "rss_url"};
    UrlField const archives_url{*this, "archives_url"};
    FlagField const has_navigation{*this, "has_navigation"};
    ListField const navigation{*this, "navigation", schema<LinkSchema>()};
    ListField const feeds{*this, "feeds", schema<FeedLinkSchema>()};
};

/// What stands in <head>, page by page.
struct HeadSchema : Schema {
    HeadSchema() : Schema("head") { }
    TextField const title{*this, "title"};  ///< The page's own; empty on the home page.
    TextField const description{*this, "description"};
    UrlField const canonical{*this, "canonical"};
    UrlField const image_url{*this, "image_url"};     ///< Open Graph
    FlagField const is_article{*this, "is_article"};  ///< Open Graph type article, else website.
    TextField const published_iso{*this, "published_iso"};
    TextField const modified_iso{*this, "modified_iso"};
    FlagField const no_index{*this, "no_index"};    ///< Search engines are asked to stay away.
    HtmlField const gone_meta{*this, "gone_meta"};  ///< Of a tombstone: <meta http-equiv="status" content="410 Gone">, whole
    JsonField const json_ld{*this, "json_ld"};      ///< BlogPosting, a whole JSON text
    HtmlField const rdf_block{*this, "rdf_block"};  ///< TrackBack's RDF in its comment, whole: "<!-- <rdf:RDF … -->"
    UrlField const trackback_url{*this, "trackback_url"};
    UrlField const webmention_url{*this, "webmention_url"};
    UrlField const pingback_url{*this, "pingback_url"};
    UrlField const newer_url{*this, "newer_url"};  ///< rel="prev" or "next" pages of a list or entries beside this one
    UrlField const older_url{*this, "older_url"};
    ListField const feeds{*this, "feeds", schema<FeedLinkSchema>()};  ///< Of this page, beside the site's.
};

/// A response to a source (Salmention), shown under its mention.
struct ResponseSchema : Schema {
    ResponseSchema() : Schema("response") { }
    UrlField const url{*this, "url"};
    TextField const author{*this, "author"};  ///< Else the host.
    UrlField const author_url{*this, "author_url"};
    TextField const initial{*this, "initial"};
    TextField const verb{*this, "verb"};  ///< "replied", "likes this"
    TextField const text{*this, "text"};
    TextField const date_iso{*this, "date_iso"};  ///< Empty where the source names none.
    TextField const date{*this, "date"};
};

/// A mention shown under an entry.
struct MentionSchema : Schema {
    MentionSchema() : Schema("mention") { }
    NumberField const id{*this, "id"};
    FlagField const is_reply{*this, "is_reply"};
    TextField const title{*this, "title"};
    UrlField const url{*this, "url"};            ///< Of the source
    TextField const from{*this, "from"};         ///< Weblog, else author, else host.
    UrlField const from_url{*this, "from_url"};  ///< The author's page, if `from` is the author.
    TextField const author{*this, "author"};     ///< The author, else weblog, else host.
    UrlField const author_url{*this, "author_url"};
    TextField const initial{*this, "initial"};  ///< The first letter of the author's name. NB: photos of strangers are not loaded.
    TextField const verb{*this, "verb"};        ///< What a response does: "replied", "likes this", "is going".
    TextField const excerpt{*this, "excerpt"};
    HtmlField const content{*this, "content"};  ///< Of a reply: its words with their markup, sanitised; empty where `excerpt` must do.
    TextField const date_iso{*this, "date_iso"};
    TextField const date{*this, "date"};        ///< March 8, 2007
    TextField const origins{*this, "origins"};  ///< "TrackBack", "TrackBack and Webmention"
    FlagField const is_imported{*this, "is_imported"};
    ListField const responses{*this, "responses", schema<ResponseSchema>()};
    NumberField const more_responses{*this, "more_responses"};  ///< How many of the source are left out.
};

/// Likes, reposts, bookmarks or answers to an invitation, gathered.
struct ReactionsSchema : Schema {
    ReactionsSchema() : Schema("reactions") { }
    TextField const heading{*this, "heading"};  ///< "Liked by", "Reposted by", "Bookmarked by", "Going", "Maybe", "Not going", "Interested"
    TextField const type{*this, "type"};        ///< "like", "repost", "bookmark"; empty for answers to an invitation
    ListField const mentions{*this, "mentions", schema<MentionSchema>()};
};

/// A plain comment that came with an imported archive.
struct CommentSchema : Schema {
    CommentSchema() : Schema("comment") { }
    NumberField const id{*this, "id"};
    TextField const author{*this, "author"};
    UrlField const author_url{*this, "author_url"};
    HtmlField const body{*this, "body"};
    UrlField const permalink{*this, "permalink"};
    TextField const date_iso{*this, "date_iso"};
    TextField const date{*this, "date"};
};

struct EntrySchema : Schema {
    EntrySchema() : Schema("entry") { }
    NumberField const id{*this, "id"};
    TextField const title{*this, "title"};
    UrlField const permalink{*this, "permalink"};
    TextField const date_iso{*this, "date_iso"};
    TextField const date{*this, "date"};
    TextField const updated_iso{*this, "updated_iso"};  ///< Only if it was changed after it was published.
    TextField const updated{*this, "updated"};
    TextField const author{*this, "author"};
    UrlField const author_url{*this, "author_url"};
    TextField const excerpt{*this, "excerpt"};
    HtmlField const body{*this, "body"};
    HtmlField const extended{*this, "extended"};
    FlagField const has_extended{*this, "has_extended"};  ///< For lists, which do not carry it.
    FlagField const is_unlisted{*this, "is_unlisted"};
    ListField const categories{*this, "categories", schema<LinkSchema>()};
    ListField const tags{*this, "tags", schema<LinkSchema>()};
    UrlField const trackback_url{*this, "trackback_url"};
    FlagField const trackback_open{*this, "trackback_open"};  ///< Takes mentions, by whatever protocol.
    UrlField const announce_url{*this, "announce_url"};       ///< Where the form goes: a POST of source and target.
    TextField const source_typed{*this, "source_typed"};      ///< What stands in the form already: nothing on this page.
    UrlField const webmention_url{*this, "webmention_url"};   ///< The endpoints, for programs
    UrlField const pingback_url{*this, "pingback_url"};
    NumberField const mention_count{*this, "mention_count"};
    FlagField const has_one_mention{*this, "has_one_mention"};
    NumberField const comment_count{*this, "comment_count"};
    FlagField const has_one_comment{*this, "has_one_comment"};
};

/// What every page has.
struct PageSchema : Schema {
    ObjectField const site{*this, "site", schema<SiteSchema>()};
    ObjectField const head{*this, "head", schema<HeadSchema>()};

protected:
    explicit PageSchema(std::string_view name) : Schema(name) { }
    ~PageSchema() = default;
};

/// The way through a list that spans pages. Empty where there is no such page.
struct PagingSchema : Schema {
    PagingSchema() : Schema("paging") { }
    UrlField const newer_url{*this, "newer_url"};
    TextField const newer{*this, "newer"};  ///< "February 2007"; a list of pages may leave it empty.
    UrlField const older_url{*this, "older_url"};
    TextField const older{*this, "older"};
    NumberField const page{*this, "page"};
    NumberField const pages{*this, "pages"};
};

/// Home, date archives, categories, tags.
struct ListPageSchema final : PageSchema {
    ListPageSchema() : PageSchema("list page") { }
    TextField const heading{*this, "heading"};  ///< "March 2007", a category's name; empty on the home page
    TextField const description{*this, "description"};
    NumberField const entry_count{*this, "entry_count"};  ///< Of the whole list
    FlagField const has_one_entry{*this, "has_one_entry"};
    ListField const entries{*this, "entries", schema<EntrySchema>()};
    FlagField const has_months{*this, "has_months"};
    ListField const months{*this, "months", schema<LinkSchema>()};  ///< Of a year
    ObjectField const paging{*this, "paging", schema<PagingSchema>()};
};

/// An entry; also all its mentions, and the page at its ping URL.
struct EntryPageSchema final : PageSchema {
    EntryPageSchema() : PageSchema("entry page") { }
    ObjectField const entry{*this, "entry", schema<EntrySchema>()};
    ListField const mentions{*this, "mentions", schema<MentionSchema>()};  ///< Mentions and replies, oldest first; of this page
    FlagField const has_mentions{*this, "has_mentions"};
    ListField const reactions{*this, "reactions", schema<ReactionsSchema>()};  ///< The other mentions of this page, by what they do
    FlagField const has_reactions{*this, "has_reactions"};
    UrlField const more_mentions_url{*this, "more_mentions_url"};  ///< Only if not all are on this page.
    ListField const comments{*this, "comments", schema<CommentSchema>()};
    FlagField const has_neighbours{*this, "has_neighbours"};
    UrlField const newer_url{*this, "newer_url"};  ///< The entries beside this one
    TextField const newer{*this, "newer"};
    UrlField const older_url{*this, "older_url"};
    TextField const older{*this, "older"};
    ObjectField const paging{*this, "paging", schema<PagingSchema>()};  ///< Of the page of all mentions: newer_url leads back.
};

/// What became of the form "announce your own post".
struct AnnouncedPageSchema final : PageSchema {
    AnnouncedPageSchema() : PageSchema("announced page") { }
    FlagField const accepted{*this, "accepted"};
    TextField const protocol{*this, "protocol"};  ///< "TrackBack", "Webmention"
    TextField const reason{*this, "reason"};      ///< Why it was refused, a sentence.
    UrlField const source{*this, "source"};       ///< As it was sent, if it is a URL.
    TextField const entry_title{*this, "entry_title"};
    UrlField const entry_url{*this, "entry_url"};    ///< The target; as it was sent if it is no entry of ours.
    UrlField const status_url{*this, "status_url"};  ///< Where it can be seen how it stands.
    UrlField const trackback_url{*this, "trackback_url"};
    UrlField const announce_url{*this, "announce_url"};  ///< Of the form to try again, with `permalink`; empty where there is none.
    TextField const source_typed{*this, "source_typed"};
    UrlField const permalink{*this, "permalink"};
};

/// How it stands with one Webmention.
struct StatusPageSchema final : PageSchema {
    StatusPageSchema() : PageSchema("status page") { }
    TextField const state{*this, "state"};  ///< "Waiting", "Listed", "Held", "Not listed", "Withdrawn", "Refused"
    FlagField const is_waiting{*this, "is_waiting"};
    FlagField const is_listed{*this, "is_listed"};
    FlagField const is_refused{*this, "is_refused"};
    TextField const reason{*this, "reason"};         ///< A sentence or two.
    UrlField const source{*this, "source"};          ///< As sent
    UrlField const target{*this, "target"};          ///< As sent
    UrlField const listed_url{*this, "listed_url"};  ///< Where it is shown.
    TextField const received_iso{*this, "received_iso"};
    TextField const received{*this, "received"};
    UrlField const status_url{*this, "status_url"};  ///< Of this page
};

/// What a person sees who opens an address that is meant for programs.
struct EndpointPageSchema final : PageSchema {
    EndpointPageSchema() : PageSchema("endpoint page") { }
    FlagField const is_webmention{*this, "is_webmention"};
    FlagField const is_xmlrpc{*this, "is_xmlrpc"};
    FlagField const is_trackback{*this, "is_trackback"};  ///< Of other sites: `…/trackback?target=URL`
    UrlField const address{*this, "address"};
};

/// The tombstone of a deleted entry.
struct GonePageSchema final : PageSchema {
    GonePageSchema() : PageSchema("gone page") { }
    TextField const date_iso{*this, "date_iso"};  ///< When it was deleted; empty if that is not known.
    TextField const date{*this, "date"};
};

struct MonthSchema : Schema {
    MonthSchema() : Schema("month") { }
    TextField const name{*this, "name"};  ///< "March"
    UrlField const url{*this, "url"};
    NumberField const entry_count{*this, "entry_count"};
};

struct YearSchema : Schema {
    YearSchema() : Schema("year") { }
    TextField const name{*this, "name"};  ///< "2007"
    UrlField const url{*this, "url"};
    NumberField const entry_count{*this, "entry_count"};
    ListField const months{*this, "months", schema<MonthSchema>()};
};

struct TopicSchema : Schema {
    TopicSchema() : Schema("topic") { }
    TextField const name{*this, "name"};
    UrlField const url{*this, "url"};
    NumberField const entry_count{*this, "entry_count"};
};

struct ArchivesPageSchema final : PageSchema {
    ArchivesPageSchema() : PageSchema("archives page") { }
    NumberField const entry_count{*this, "entry_count"};
    FlagField const has_one_entry{*this, "has_one_entry"};
    FlagField const has_categories{*this, "has_categories"};
    FlagField const has_tags{*this, "has_tags"};
    ListField const years{*this, "years", schema<YearSchema>()};  ///< Newest first
    ListField const categories{*this, "categories", schema<TopicSchema>()};
    ListField const tags{*this, "tags", schema<TopicSchema>()};
};

struct ErrorPageSchema final : PageSchema {
    ErrorPageSchema() : PageSchema("error page") { }
    NumberField const status{*this, "status"};
    TextField const heading{*this, "heading"};  ///< "Nothing is here"
    TextField const message{*this, "message"};
    FlagField const not_found{*this, "not_found"};
    FlagField const gone{*this, "gone"};
};

}  // namespace backtalk::web
