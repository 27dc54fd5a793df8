#include "web/admin_entry_form.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "url/url.h"
#include "weblog/permalink.h"
#include "weblog/slug.h"
#include "weblog/time_zone.h"

namespace backtalk::web {

namespace {

std::string one_line(std::string_view text) { return folded_space(without_controls(text)); }

std::string joined(std::vector<Label> const& labels)
{
    std::string text;
    for (Label const& label : labels)
        text += (text.empty() ? "" : ", ") + label.name;
    return text;
}

std::string lines_of(std::vector<std::string> const& lines)
{
    std::string text;
    for (std::string const& line : lines)
        text += line + "\n";
    return text;
}

/// As a field of type datetime-local has it.
std::string date_text(Instant instant, std::chrono::minutes offset) { return rfc3339(instant, offset).substr(0, 16); }

/// The store wants a date of every entry: one without has that of its last change, give or take the time that storing takes.
bool has_own_date(Entry const& entry)
{
    return entry.status != EntryStatus::Draft || std::chrono::abs(entry.published - entry.updated) > std::chrono::minutes(1);
}

/// `before`: what `typed` was made from, if it was not touched since; a name may have a comma of its own.
std::vector<Label> labels_typed(std::string const& typed, std::vector<Label> const* before)
{
    if (before && typed == joined(*before))
        return *before;
    std::vector<std::string> names;
    for (std::string_view const part : split(typed, ','))
        if (std::string name = one_line(part); !name.empty())
            names.push_back(std::move(name));
    return labels_of(names);
}

/// A slug that was made from the title goes with the title until somebody can have seen the address.
std::string slug_typed(EntryForm const& form, std::string const& title, Entry const* before)
{
    std::string const typed(trimmed(form.slug));
    if (before && typed == before->slug)
        return !has_page(before->status) && before->slug == slug_of(before->title) ? slug_of(title) : before->slug;
    return slug_of(typed.empty() ? title : typed);
}

/// An entry that nobody can have seen yet moves with its date, unless it was given an address of its own.
std::string path_typed(Site const& site, Entry const* before, EntryDraft const& draft)
{
    if (!before || has_page(before->status) || draft.slug != before->slug)
        return {};
    auto const pattern = PermalinkPattern::parse(site.permalink_pattern);
    if (!pattern || pattern->path(civil_time(before->published, before->offset), before->slug, before->id.value) != before->path)
        return {};
    return pattern->path(civil_time(draft.published, draft.offset), draft.slug, before->id.value);
}

class FormReader {
public:
    FormReader(EntryForm const& form, EntryFormContext const& context, EntryWish wish)
        : form_(form), context_(context), before_(context.before), wish_(wish)
    {
    }

    ReadEntryForm read()
    {
        EntryDraft& draft = read_.draft;
        if (before_)
            draft = *before_;
        read_texts();
        read_date();
        read_status();
        read_addresses();
        draft.categories = labels_typed(form_.categories, before_ ? &before_->categories : nullptr);
        draft.tags = labels_typed(form_.tags, before_ ? &before_->tags : nullptr);
        draft.slug = slug_typed(form_, draft.title, before_);
        draft.takes_pings = form_.takes_pings;
        read_.path = path_typed(context_.site, before_, draft);
        return std::move(read_);
    }

private:
    void problem(std::string_view field, std::string sentence) { read_.problems.push_back({field, std::move(sentence)}); }

    void read_texts()
    {
        EntryDraft& draft = read_.draft;
        draft.title = one_line(form_.title);
        draft.body = form_.body;
        draft.extended_body = form_.extended_body;
        draft.excerpt = trimmed(without_controls(form_.excerpt));
        if (auto const format = text_format_named(form_.format))
            draft.format = *format;
        else
            problem("format", "Choose Markdown or HTML.");
        if (draft.title.empty() && trimmed(draft.body).empty())
            problem("title", "Write a title or a text: an entry without both says nothing.");
        std::string const named = context_.may_name_another ? one_line(form_.author) : std::string();
        if (!named.empty())
            draft.author = named;
        else if (!before_ || context_.may_name_another)
            draft.author = context_.author;
    }

    void read_date()
    {
        EntryDraft& draft = read_.draft;
        auto const zone = TimeZone::named(context_.site.time_zone);
        auto const offset_at = [&](Instant instant) { return zone ? zone->offset_at_utc(instant) : std::chrono::minutes(0); };
        std::string const typed(trimmed(form_.date));
        bool const keeps = before_ && (typed.empty() ? has_page(before_->status) : typed == date_text(before_->published, before_->offset));
        if (wish_ == EntryWish::PublishNow || (typed.empty() && !keeps)) {
            draft.published = context_.now;
            draft.offset = offset_at(context_.now);
        } else if (!keeps) {
            auto const date = parse_rfc3339(typed);
            int const year = date ? civil_time(date->instant, date->offset).year : 0;
            if (year < 1 || year > 9999)
                return problem("date", "That is no date. Write it like 2007-03-08 06:41, or leave it empty.");
            draft.published = date->has_zone || !zone ? date->instant : zone->from_local(civil_time(date->instant));
            draft.offset = date->has_zone ? date->offset : offset_at(draft.published);
        }
    }

    void read_status()
    {
        bool const is_to_come = read_.draft.published > context_.now;
        if (wish_ == EntryWish::Draft)
            read_.draft.status = EntryStatus::Draft;
        else if (form_.is_unlisted)
            read_.draft.status = EntryStatus::Unlisted;
        else
            read_.draft.status = is_to_come ? EntryStatus::Scheduled : EntryStatus::Published;
        if (read_.draft.status == EntryStatus::Unlisted && is_to_come)
            problem("date", "An unlisted entry cannot wait for a date: leave the date empty, or let it be listed.");
    }

    void read_addresses()
    {
        EntryDraft& draft = read_.draft;
        draft.trackbacks.clear();
        for (std::string_view const line : split(form_.trackbacks, '\n')) {
            std::string address(trimmed(line));
            if (address.empty())
                continue;
            if (!Url::parse(address))
                problem("trackbacks",
                    fmt::format("“{}” is no web address: write one a line, each with http:// or https://.", cut_at_word(address, 80)));
            draft.trackbacks.push_back(std::move(address));
        }
        draft.in_reply_to = trimmed(form_.in_reply_to);
        if (!draft.in_reply_to.empty() && !Url::parse(draft.in_reply_to))
            problem("in_reply_to", "That is no web address: write it whole, with http:// or https://.");
    }

    EntryForm const& form_;
    EntryFormContext const& context_;
    Entry const* before_;
    EntryWish wish_;
    ReadEntryForm read_;
};

}  // namespace

EntryForm EntryForm::of(Entry const& entry)
{
    EntryForm form;
    form.title = entry.title;
    form.body = entry.body;
    form.extended_body = entry.extended_body;
    form.format = to_word(entry.format);
    form.excerpt = entry.excerpt;
    form.categories = joined(entry.categories);
    form.tags = joined(entry.tags);
    form.slug = entry.slug;
    if (has_own_date(entry))
        form.date = date_text(entry.published, entry.offset);
    form.author = entry.author;
    form.trackbacks = lines_of(entry.trackbacks);
    form.in_reply_to = entry.in_reply_to;
    form.is_unlisted = entry.status == EntryStatus::Unlisted;
    form.takes_pings = entry.takes_pings;
    form.seen = version_of(entry);
    return form;
}

EntryForm EntryForm::typed(AdminVisit const& visit)
{
    auto const text = [&](std::string_view name) { return replaced_all(replaced_all(visit.field(name), "\r\n", "\n"), "\r", "\n"); };
    EntryForm form;
    form.title = text("title");
    form.body = text("body");
    form.extended_body = text("extended_body");
    if (visit.has("format"))
        form.format = text("format");
    form.excerpt = text("excerpt");
    form.categories = text("categories");
    form.tags = text("tags");
    form.slug = text("slug");
    form.date = text("date");
    form.author = text("author");
    form.trackbacks = text("trackbacks");
    form.in_reply_to = text("in_reply_to");
    form.is_unlisted = visit.has("unlisted");
    form.takes_pings = visit.has("takes_pings");
    form.seen = text("seen");
    return form;
}

ReadEntryForm read_entry_form(EntryForm const& form, EntryFormContext const& context, EntryWish wish)
{
    return FormReader(form, context, wish).read();
}

std::string expected_path(Site const& site, Entry const& entry)
{
    if (!entry.path.empty())
        return entry.path;
    auto const pattern = PermalinkPattern::parse(site.permalink_pattern);
    return pattern ? pattern->path(civil_time(entry.published, entry.offset), entry.slug, entry.id.value) : entry.slug + "/";
}

}  // namespace backtalk::web
