#include "markup/microformats_light.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace backtalk::markup {

namespace {

constexpr std::size_t entries_max = 64;
constexpr std::size_t scopes_max = 24;
constexpr std::size_t value_bytes_max = 1000;

/// Cut on a whole character.
std::string value_of(std::string_view text)
{
    std::string value = folded_space(text);
    if (value.size() > value_bytes_max) {
        std::size_t end = value_bytes_max;
        while (end > 0 && (value[end] & '\xC0') == '\x80')
            --end;
        value.resize(end);
    }
    return value;
}

void set_once(std::string& field, std::string value)
{
    if (field.empty())
        field = std::move(value);
}

}  // namespace

/// What the class attribute of one element says, as far as it is ours.
struct MicroformatsLight::Classes {
    bool h_entry = false, hentry = false, h_feed = false, h_card = false, other_root = false;
    bool p_name = false, entry_title = false, p_author = false, author = false, dt_published = false, published = false;
    bool u_url = false, url = false, fn = false, content = false;
    bool any = false;
};

MicroformatsLight::Classes MicroformatsLight::classes_of(std::string_view value)
{
    struct Known {
        std::string_view name;
        bool Classes::* flag;
    };
    static constexpr Known known[] = {
        {"h-entry", &Classes::h_entry},
        {"hentry", &Classes::hentry},
        {"h-feed", &Classes::h_feed},
        {"hfeed", &Classes::h_feed},
        {"h-card", &Classes::h_card},
        {"vcard", &Classes::h_card},
        {"h-cite", &Classes::other_root},
        {"h-event", &Classes::other_root},
        {"h-item", &Classes::other_root},
        {"h-product", &Classes::other_root},
        {"h-recipe", &Classes::other_root},
        {"h-review", &Classes::other_root},
        {"p-name", &Classes::p_name},
        {"entry-title", &Classes::entry_title},
        {"p-author", &Classes::p_author},
        {"author", &Classes::author},
        {"dt-published", &Classes::dt_published},
        {"published", &Classes::published},
        {"u-url", &Classes::u_url},
        {"url", &Classes::url},
        {"fn", &Classes::fn},
        {"e-content", &Classes::content},
        {"entry-content", &Classes::content},
    };
    Classes classes;
    std::size_t i = 0;
    while (i < value.size()) {
        while (i < value.size() && is_ascii_space(value[i]))
            ++i;
        std::size_t const start = i;
        while (i < value.size() && !is_ascii_space(value[i]))
            ++i;
        std::string_view const token = value.substr(start, i - start);
        if (token.size() < 2 || token.size() > 13)
            continue;
        for (Known const& each : known)
            if (each.name == token) {
                classes.*each.flag = true;
                classes.any = true;
            }
    }
    return classes;
}

MicroformatsLight::Scope* MicroformatsLight::innermost_root()
{
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
        if (scope->kind == Kind::Feed || scope->kind == Kind::Entry || scope->kind == Kind::OtherRoot || scope->kind == Kind::Author)
            return &*scope;
    return nullptr;
}

MicroformatsLight::Scope* MicroformatsLight::open_author()
{
    Scope* const root = innermost_root();
    return root != nullptr && root->kind == Kind::Author ? root : nullptr;
}

bool MicroformatsLight::push(Kind kind, HtmlStartTag const& tag)
{
    if (scopes_.size() >= scopes_max)
        return false;
    scopes_.emplace_back(kind, tag.name);
    return true;
}

void MicroformatsLight::start_tag(HtmlStartTag const& tag, bool is_void)
{
    if (!is_void)
        for (Scope& scope : scopes_)
            scope.nested += scope.element == tag.name ? 1 : 0;
    std::string_view const value = tag.attribute("class");
    Classes const classes = value.empty() ? Classes() : classes_of(value);
    if (Scope* const author = open_author()) {
        start_in_author(classes, tag, *author);
        return;
    }
    if (classes.any && !is_void)
        start_root(classes, tag);
    if (classes.any)
        start_property(classes, tag, is_void);
    if (tag.name == "a" && !entries_.empty()) {
        Scope const* const root = innermost_root();
        if (root != nullptr && root->kind == Kind::Entry &&
            (classes.u_url || equal_ignoring_case(trimmed(tag.attribute("rel")), "bookmark")))
            set_once(entries_.back().url, value_of(tag.attribute("href")));
    }
}

void MicroformatsLight::start_root(Classes const& classes, HtmlStartTag const& tag)
{
    Scope const* const root = innermost_root();
    bool const in_entry = root != nullptr && (root->kind == Kind::Entry || root->kind == Kind::OtherRoot);
    bool const is_entry = classes.h_entry || classes.hentry;
    if (is_entry && !in_entry && entries_.size() < entries_max) {
        if (push(Kind::Entry, tag)) {
            scopes_.back().has_v2 = classes.h_entry;
            scopes_.back().has_v1 = classes.hentry;
            entries_.emplace_back();
        }
    } else if (is_entry || classes.other_root || (classes.h_card && !classes.p_author && !classes.author)) {
        // What a quoted entry, a comment or a person met in passing says is not said of the entry around it.
        push(Kind::OtherRoot, tag);
    } else if (classes.h_feed && root == nullptr) {
        push(Kind::Feed, tag);
    }
}

void MicroformatsLight::start_property(Classes const& classes, HtmlStartTag const& tag, bool is_void)
{
    Scope const* const root = innermost_root();
    if (root == nullptr || root->kind == Kind::OtherRoot)
        return;
    // A name that is the content as well is a note's: it has no title.
    bool const v1 = root->has_v1;
    bool const v2 = root->has_v2 || root->kind == Kind::Feed;
    bool const is_name = ((v2 && classes.p_name) || (v1 && classes.entry_title)) && !classes.content;
    bool const is_author = (v2 && classes.p_author) || (v1 && classes.author);
    bool const is_published = (v2 && classes.dt_published) || (v1 && classes.published);
    Kind const name_kind = root->kind == Kind::Feed ? Kind::FeedName : Kind::Name;
    if (is_name) {
        if (is_void || tag.name == "data")
            take_value(name_kind, value_of(tag.name == "img" ? tag.attribute("alt") : tag.attribute("value")));
        else
            push(name_kind, tag);
    }
    if (is_published && root->kind == Kind::Entry) {
        std::string_view value = tag.attribute("datetime");
        if (value.empty())
            value = tag.name == "abbr" ? tag.attribute("title") : tag.attribute("value");
        if (!value.empty())
            take_value(Kind::Published, value_of(value));
        else if (!is_void)
            push(Kind::Published, tag);
    }
    if (is_author && !is_void && push(Kind::Author, tag)) {
        Scope& author = scopes_.back();
        if (tag.name == "a" || tag.name == "link") {
            author.card_url = value_of(tag.attribute("href"));
            author.url_is_explicit = classes.u_url || classes.url;
        }
    }
}

void MicroformatsLight::start_in_author(Classes const& classes, HtmlStartTag const& tag, Scope& author)
{
    if (tag.name == "a") {
        bool const is_explicit = classes.u_url || classes.url;
        if (author.card_url.empty() || (is_explicit && !author.url_is_explicit)) {
            author.card_url = value_of(tag.attribute("href"));
            author.url_is_explicit = is_explicit;
        }
    }
    if (classes.p_name || classes.fn)
        push(Kind::CardName, tag);
}

void MicroformatsLight::take_value(Kind kind, std::string value)
{
    if (kind == Kind::FeedName)
        set_once(feed_name_, std::move(value));
    else if (kind == Kind::Name && !entries_.empty())
        set_once(entries_.back().name, std::move(value));
    else if (kind == Kind::Published && !entries_.empty())
        set_once(entries_.back().published, std::move(value));
}

void MicroformatsLight::end_tag(std::string_view name)
{
    for (std::size_t i = 0; i < scopes_.size(); ++i) {
        if (scopes_[i].element != name || scopes_[i].nested-- > 0)
            continue;
        // An outer element of the same name has counted this one. What is still open inside ends with it.
        while (scopes_.size() > i) {
            Scope scope = std::move(scopes_.back());
            scopes_.pop_back();
            close(scope);
        }
        return;
    }
}

void MicroformatsLight::close(Scope& scope)
{
    switch (scope.kind) {
    case Kind::Feed:
    case Kind::Entry:
    case Kind::OtherRoot: return;
    case Kind::Name:
    case Kind::FeedName:
    case Kind::Published: take_value(scope.kind, value_of(scope.text)); return;
    case Kind::CardName:
        if (Scope* const author = open_author())
            set_once(author->card_name, value_of(scope.text));
        return;
    case Kind::Author: {
        std::string name = scope.card_name.empty() ? value_of(scope.text) : scope.card_name;
        Scope const* const root = innermost_root();
        if (root != nullptr && root->kind == Kind::Feed) {
            set_once(feed_author_name_, std::move(name));
        } else if (!entries_.empty() && entries_.back().author_name.empty()) {
            entries_.back().author_name = std::move(name);
            entries_.back().author_url = scope.card_url;
        }
        return;
    }
    }
}

void MicroformatsLight::text(std::string_view text)
{
    for (Scope& scope : scopes_)
        if (scope.kind >= Kind::Author && scope.text.size() < 2 * value_bytes_max)
            scope.text += text.substr(0, 2 * value_bytes_max);
}

void MicroformatsLight::break_word()
{
    for (Scope& scope : scopes_)
        if (scope.kind >= Kind::Author)
            scope.text += ' ';
}

void MicroformatsLight::finish()
{
    while (!scopes_.empty()) {
        Scope scope = std::move(scopes_.back());
        scopes_.pop_back();
        close(scope);
    }
}

}  // namespace backtalk::markup
