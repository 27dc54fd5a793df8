#include "markup/html_tokenizer_tag.h"

#include "base/text.h"
#include "markup/html_entities.h"
#include "markup/html_tokenizer_scan.h"

#include <algorithm>

namespace backtalk::markup {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

void append_name(std::string& out, std::string_view raw)
{
    std::size_t const start = out.size();
    out.append(raw);
    bool has_nul = false;
    for (std::size_t i = start; i < out.size(); ++i) {
        has_nul = has_nul || out[i] == '\0';
        out[i] = to_ascii_lower(out[i]);
    }
    if (has_nul)
        out.replace(start, std::string::npos, replaced_all(std::string_view(out).substr(start), std::string_view("\0", 1), replacement));
}

void append_value(std::string& out, std::string_view raw)
{
    for (;;) {
        std::size_t const ampersand = raw.find('&');
        append_normalised(out, raw.substr(0, ampersand));
        if (ampersand == std::string_view::npos)
            return;
        raw.remove_prefix(ampersand);
        CharacterReference const reference = character_reference(raw, ReferencePlace::Attribute);
        out.append(reference.length == 0 ? "&" : reference.str());
        raw.remove_prefix(std::max<std::size_t>(reference.length, 1));
    }
}

std::string_view view(std::string_view source, RawSpan const& span) { return {source.data() + span.start, span.end - span.start}; }

}  // namespace

void append_normalised(std::string& out, std::string_view raw)
{
    char const* from = raw.data();
    char const* const end = from + raw.size();
    for (;;) {
        char const* const found = find_byte<'\r', '\0'>(from, end);
        out.append(from, found);
        if (found == end)
            return;
        from = found + 1;
        if (*found == '\0')
            out += replacement;
        else if (from == end || *from != '\n')
            out += '\n';
    }
}

void RawTag::begin(bool is_end_tag)
{
    is_end_tag_ = is_end_tag;
    name_ = RawSpan();
    attributes_.clear();
}

void RawTag::add_attribute(std::size_t at)
{
    bool const kept = !is_end_tag_ && attributes_.size() < attributes_max;
    attribute_ = kept ? &attributes_.emplace_back() : &dropped_;
    attribute_->name = {at, at, true};
    attribute_->value = {at, at, true};
}

HtmlStartTag RawTag::resolve(std::string_view source, bool self_closing)
{
    std::string_view name = view(source, name_);
    bool plain = name_.plain;
    resolved_.resize(attributes_.size());
    HtmlAttribute* out = resolved_.data();
    for (Attribute const& attribute : attributes_) {
        *out++ = {view(source, attribute.name), view(source, attribute.value)};
        plain = plain && attribute.name.plain && attribute.value.plain;
    }
    if (!plain)
        name = resolve_by_copy(source);
    if (resolved_.size() > 1)
        drop_duplicates();
    return {name, resolved_, self_closing};
}

/// Copies first and takes the views afterwards, as the scratch moves while it grows. Returns the name of the tag.
std::string_view RawTag::resolve_by_copy(std::string_view source)
{
    scratch_.clear();
    auto const copy = [&](RawSpan& span, auto const& append) {
        if (span.plain)
            return;
        std::size_t const start = scratch_.size();
        append(scratch_, view(source, span));
        span = {start, scratch_.size(), false};
    };
    copy(name_, append_name);
    for (Attribute& attribute : attributes_) {
        copy(attribute.name, append_name);
        copy(attribute.value, append_value);
    }
    for (std::size_t i = 0; i < attributes_.size(); ++i) {
        if (!attributes_[i].name.plain)
            resolved_[i].name = view(scratch_, attributes_[i].name);
        if (!attributes_[i].value.plain)
            resolved_[i].value = view(scratch_, attributes_[i].value);
    }
    return view(name_.plain ? source : scratch_, name_);
}

void RawTag::drop_duplicates()
{
    auto const same_name = [](std::string_view a, std::string_view b) { return a.size() == b.size() && a == b; };
    if (resolved_.size() <= 16) {
        for (std::size_t i = 1; i < resolved_.size();) {
            auto const here = resolved_.begin() + static_cast<std::ptrdiff_t>(i);
            if (std::any_of(resolved_.begin(), here, [&](HtmlAttribute const& before) { return same_name(before.name, here->name); }))
                resolved_.erase(here);
            else
                ++i;
        }
        return;
    }
    std::vector<std::size_t> order(resolved_.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        int const compared = resolved_[a].name.compare(resolved_[b].name);
        return compared != 0 ? compared < 0 : a < b;
    });
    std::vector<bool> drop(resolved_.size());
    for (std::size_t i = 1; i < order.size(); ++i)
        drop[order[i]] = same_name(resolved_[order[i]].name, resolved_[order[i - 1]].name);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < resolved_.size(); ++i) {
        if (!drop[i])
            resolved_[kept++] = resolved_[i];
    }
    resolved_.resize(kept);
}

}  // namespace backtalk::markup
