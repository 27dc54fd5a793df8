#include "app/entry_html.h"

#include "importers/convert_breaks.h"
#include "markup/markdown.h"
#include "markup/plain_text.h"
#include "weblog/excerpt.h"

namespace backtalk {

namespace {

std::string to_html(TextFormat format, std::string const& text)
{
    switch (format) {
    case TextFormat::Html: return text;
    case TextFormat::Markdown: return markup::markdown_to_html(text);
    case TextFormat::ConvertBreaks: return importers::converted_breaks(text);
    }
    return text;
}

}  // namespace

std::string body_html(EntryDraft const& entry) { return to_html(entry.format, entry.body); }
std::string extended_html(EntryDraft const& entry)
{
    return entry.extended_body.empty() ? std::string() : to_html(entry.format, entry.extended_body);
}

std::string excerpt_text(EntryDraft const& entry, std::size_t words_max)
{
    if (!entry.excerpt.empty())
        return markup::plain_text(entry.excerpt);
    return excerpt_of(body_html(entry), words_max);
}

Url permalink(Site const& site, Entry const& entry) { return site.base.at(entry.path); }
Url ping_url(Site const& site, Entry const& entry) { return site.base.at("trackback/" + std::to_string(entry.trackback_id)); }

}  // namespace backtalk
