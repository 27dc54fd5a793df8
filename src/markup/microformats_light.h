#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "markup/html_tokenizer.h"

namespace backtalk::markup {

/// What the microformats of a page say of one entry. Text as it stands there, white space folded, at most 1000 bytes each;
/// empty where the page says nothing. URLs are references, not yet resolved.
struct EntryFacts {
    std::string name;       ///< p-name, entry-title; not of a note, whose name is its content.
    std::string url;        ///< u-url, a rel=bookmark.
    std::string published;  ///< dt-published, published.
    std::string author_name;
    std::string author_url;
};

/// A light reading of h-entry and h-feed, and of hentry, vcard and hfeed before them, while the page streams by: names, dates
/// and authors of entries that are not inside another entry. No value classes, no nested properties, no tree: an element
/// ends at the end tag that belongs to it by count of its own name.
///
/// Spec:   https://microformats.org/wiki/microformats2-parsing (a part of it)
/// Limits: 64 entries, 24 elements with microformats inside each other.
class MicroformatsLight {
public:
    void start_tag(HtmlStartTag const& tag, bool is_void);
    void end_tag(std::string_view name);
    /// Text that a reader sees.
    void text(std::string_view text);
    /// The end of a word, where a block or a line ends.
    void break_word();
    void finish();

    std::vector<EntryFacts> const& entries() const { return entries_; }
    std::string const& feed_name() const { return feed_name_; }
    std::string const& feed_author_name() const { return feed_author_name_; }

private:
    enum class Kind : std::uint8_t { Feed, Entry, OtherRoot, Author, CardName, Name, FeedName, Published };
    struct Scope {
        Scope(Kind the_kind, std::string_view the_element) : kind(the_kind), element(the_element) { }

        Kind kind;
        std::string element;
        int nested = 0;  ///< Open elements of the same name inside it.
        bool has_v1 = false;
        bool has_v2 = false;
        std::string text;
        std::string card_name;  ///< Of an author: p-name or fn.
        std::string card_url;
        bool url_is_explicit = false;
    };
    struct Classes;

    static Classes classes_of(std::string_view value);
    Scope* innermost_root();
    Scope* open_author();
    void start_root(Classes const& classes, HtmlStartTag const& tag);
    void start_property(Classes const& classes, HtmlStartTag const& tag, bool is_void);
    void start_in_author(Classes const& classes, HtmlStartTag const& tag, Scope& author);
    void take_value(Kind kind, std::string value);
    void close(Scope& scope);
    bool push(Kind kind, HtmlStartTag const& tag);

    std::vector<Scope> scopes_;
    std::vector<EntryFacts> entries_;
    std::string feed_name_;
    std::string feed_author_name_;
};

}  // namespace backtalk::markup
