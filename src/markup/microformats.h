#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "url/url.h"

namespace backtalk::markup {

struct MfItem;

/// One value of a property: a text, and what else there is of it.
struct MfValue {
    /// p-, dt-, e-: the text; u-: the URL; of a nested item its `value`. References are resolved; what has a scheme of its own
    /// stays as the page wrote it, so that it may be "javascript:…" or no URL at all: Url::parse() is still to be asked.
    std::string text;
    std::optional<std::string> html;  ///< e-: inner HTML with absolute URLs, scripts and all: cleaning is the caller's.
    std::optional<std::string> alt;   ///< u- from an img that has one.
    std::vector<MfItem> item;         ///< A nested microformat: one item, or none.
};

/// All values of one property, in document order.
struct MfProperty {
    std::string name;  ///< Without prefix: "in-reply-to".
    std::vector<MfValue> values;
};

struct MfItem {
    std::vector<std::string> types;  ///< "h-entry", …, sorted.
    std::string id;                  ///< Of the element; empty without.
    std::vector<MfProperty> properties;
    std::vector<MfItem> children;  ///< Nested items that are no property's value.

    bool is(std::string_view type) const;
    /// Nothing where the item lacks it. Valid until the item changes.
    MfProperty const* find(std::string_view property) const;
    /// The text of its first value; empty where the item lacks it.
    std::string_view text_of(std::string_view property) const;
};

/// Links of the page that have a rel, each URL once.
struct MfRelUrl {
    std::string url;
    std::vector<std::string> rels;                   ///< Each once, sorted.
    std::string text, title, media, hreflang, type;  ///< Of the first link that has one.
};

struct Microformats {
    std::vector<MfItem> items;  ///< The outermost.
    std::vector<MfRelUrl> rel_urls;

    /// The URLs of links with that rel, in document order.
    std::vector<std::string_view> rel(std::string_view name) const;
};

/// The microformats of a page: version 2, and the classic ones (hentry, vcard, …) as the specification maps them.
///
/// Input:  UTF-8, see decoded_html().
/// Limits: elements nested deeper than 512 are taken as children of the 512th; items nested deeper than 32 are left out.
///         Time and memory are linear in the size of the page: values inside each other repeat each other's text, and when
///         that comes to 16 times the page (and 64 kB), further values are left empty.
/// Spec:   https://microformats.org/wiki/microformats2-parsing
Microformats read_microformats(std::string_view utf8_html, Url const& url);

/// The parser output of the specification: `items`, `rels`, `rel-urls`.
std::string to_json(Microformats const& microformats);

}  // namespace backtalk::markup
