#include "app/import_archive.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "async/task_group.h"
#include "base/text.h"
#include "importers/convert_breaks.h"
#include "importers/import_key.h"
#include "importers/movable_type.h"
#include "importers/text_source.h"
#include "markup/html_entities.h"
#include "trackback/message.h"
#include "weblog/path_key.h"
#include "weblog/slug.h"
#include "weblog/time_zone.h"

namespace backtalk {

namespace {

using importers::ImportDate;
using importers::ImportProblem;
using importers::MovableTypePing;
using importers::MovableTypeRecord;
using importers::MovableTypeStatus;

/// Movable Type printed titles as HTML; ours are plain text. Inline tags go and character references are decoded; anything else
/// in angle brackets was meant as text ("Using <canvas>").
std::string plain_title(std::string_view html)
{
    constexpr std::array<std::string_view, 18> inline_tags = {
        "a", "abbr", "b", "big", "br", "cite", "code", "em", "font", "i", "q", "s", "small", "span", "strike", "strong", "tt", "u"};
    std::string text;
    while (!html.empty()) {
        auto const open = html.find('<');
        text += html.substr(0, open);
        if (open == std::string_view::npos)
            break;
        html.remove_prefix(open);
        std::size_t const name_start = html.size() > 1 && html[1] == '/' ? 2 : 1;
        std::size_t name_end = name_start;
        while (name_end < html.size() && is_ascii_alnum(html[name_end]))
            ++name_end;
        auto const close = html.find('>', name_end);
        std::string const name = ascii_lower(html.substr(name_start, name_end - name_start));
        bool const is_inline =
            close != std::string_view::npos && std::find(inline_tags.begin(), inline_tags.end(), name) != inline_tags.end();
        if (!is_inline)
            text += '<';
        html.remove_prefix(is_inline ? close + 1 : 1);
    }
    return folded_space(without_controls(markup::decoded_references(text)));
}

std::vector<Label> labels_of(std::vector<std::string> const& names)
{
    std::vector<Label> labels;
    for (std::string const& name : names)
        labels.emplace_back(name, category_slug(name));
    return labels;
}

/// Turns records into what the store takes, and puts them there by the batch.
class Importer final : public importers::MovableTypeSink {
public:
    Importer(Store& store, Executor& executor, Clock const& clock, Site const& site, importers::ImportMap const& map, TimeZone zone,
        std::function<void(ImportReport const&)> const& progress)
        : store_(store), executor_(executor), clock_(clock), site_(site), map_(map), zone_(std::move(zone)), progress_(progress)
    {
        for (importers::ImportMapRow const& row : map.rows())
            ids_above_ = std::max({ids_above_, row.entry_id.value_or(0), row.trackback_id.value_or(0)});
        for (ImportProblem const& problem : map.problems())
            report_.add(ImportRemark(problem.line, problem.kind == ImportProblem::Kind::LeftOut, "in the map: " + problem.text));
    }

    void on_problem(ImportProblem problem) override
    {
        report_.add(ImportRemark(problem.line, problem.kind == ImportProblem::Kind::LeftOut, std::move(problem.text)));
    }

    void on_record(MovableTypeRecord record) override
    {
        ++report_.records;
        if (failed_)
            return;
        batch_bytes_ += record.body.size() + record.extended_body.size();
        batch_.push_back(entry_of(std::move(record)));
        batch_bytes_ += batch_.back().pings.size() * 600 + batch_.back().comments.size() * 600;
        if (batch_.size() >= records_a_batch || batch_bytes_ >= bytes_a_batch)
            flush();
    }

    void flush()
    {
        if (batch_.empty() || failed_)
            return;
        Result<ImportCounts> counts = run_blocking(executor_, store_.import_batch(site_.id, std::move(batch_)));
        batch_.clear();
        batch_bytes_ = 0;
        if (!counts) {
            failed_ = counts.error();
            return;
        }
        add_counts(*counts);
        progress_(report_);
    }

    Result<ImportReport> result()
    {
        if (failed_)
            return std::unexpected(*failed_);
        std::stable_sort(report_.remarks.begin(), report_.remarks.end(), [](auto const& a, auto const& b) { return a.line < b.line; });
        return std::move(report_);
    }
    bool failed() const { return failed_.has_value(); }

private:
    static constexpr std::size_t records_a_batch = 250;
    static constexpr std::size_t bytes_a_batch = 8u << 20;

    struct LocalTime {
        Instant instant;
        std::chrono::minutes offset;
    };
    LocalTime time_of(std::optional<ImportDate> const& date) const
    {
        if (!date)
            return LocalTime{clock_.now(), zone_.offset_at_utc(clock_.now())};
        if (date->offset)
            return LocalTime{to_instant(date->time, *date->offset).value_or(clock_.now()), *date->offset};
        Instant const instant = zone_.from_local(date->time);
        return LocalTime{instant, zone_.offset_at_utc(instant)};
    }

    EntryStatus status_of(MovableTypeRecord const& record, Instant published)
    {
        switch (record.status) {
        case MovableTypeStatus::Publish: return EntryStatus::Published;
        case MovableTypeStatus::Future:
            if (published > clock_.now())
                return EntryStatus::Scheduled;
            report_.add(ImportRemark(record.line, false, "STATUS: Future, but its time has passed: kept as a draft"));
            return EntryStatus::Draft;
        case MovableTypeStatus::Draft:
        case MovableTypeStatus::Review:
        case MovableTypeStatus::Junk:
        case MovableTypeStatus::Unpublish: break;
        }
        return EntryStatus::Draft;
    }

    TextFormat format_of(MovableTypeRecord const& record)
    {
        auto const read = importers::text_filter(record.convert_breaks);
        if (!read.known)
            report_.add(ImportRemark(record.line, false,
                fmt::format("CONVERT BREAKS: {}: that filter is not here: line breaks are converted", *record.convert_breaks)));
        switch (read.filter) {
        case importers::TextFilter::Html: return TextFormat::Html;
        case importers::TextFilter::ConvertBreaks: return TextFormat::ConvertBreaks;
        case importers::TextFilter::Markdown: return TextFormat::Markdown;
        }
        return TextFormat::ConvertBreaks;
    }

    /// An old permalink as an address of this site; another host's is taken over by its path, since the weblog has moved.
    void add_old_path(ImportedEntry& entry, std::string const& address, std::string_view what)
    {
        if (address.empty())
            return;
        Result<Url> const url = site_.base.url().resolve(address);
        std::optional<std::string> key;
        if (url) {
            key = path_key(site_.base, *url);
            if (!key)
                if (auto const here = site_.base.url().resolve(url->path_and_query()))
                    key = path_key(site_.base, *here);
        }
        if (!key || key->empty())
            report_.add(ImportRemark(entry.line, true, fmt::format("{}: '{}' is no address of a page", what, address)));
        else if (std::find(entry.old_paths.begin(), entry.old_paths.end(), *key) == entry.old_paths.end())
            entry.old_paths.push_back(*std::move(key));
    }

    ImportedEntry entry_of(MovableTypeRecord record)
    {
        ImportedEntry entry;
        entry.line = record.line;
        entry.attach_only = record.no_entry;
        entry.ids_above = ids_above_;
        std::string const title = plain_title(importers::title_of(record));
        entry.key =
            importers::entry_key(record.date ? std::optional(record.date->time) : std::nullopt, record.title.value_or(""), record.basename);
        LocalTime const time = time_of(record.date);
        if (!record.date && !record.no_entry)
            report_.add(ImportRemark(record.line, false, "no DATE that can be read: dated now"));

        EntryDraft& draft = entry.draft;
        draft.published = time.instant;
        draft.offset = time.offset;
        draft.status = status_of(record, time.instant);
        draft.title = title;
        draft.slug = slug_of(record.basename.empty() ? title : record.basename);
        draft.author = record.author;
        draft.format = format_of(record);
        draft.text_filter = record.convert_breaks.value_or("");
        draft.body = std::move(record.body);
        draft.extended_body = std::move(record.extended_body);
        draft.excerpt = std::move(record.excerpt);
        draft.keywords = std::move(record.keywords);
        draft.takes_pings = record.allow_pings.value_or(true);
        draft.takes_comments = record.allow_comments.value_or(importers::AllowComments::Open) == importers::AllowComments::Open;
        draft.categories = labels_of(record.categories);
        draft.tags = labels_of(record.tags);

        std::string target;
        if (auto const* const row = map_.find(record.basename, record.title.value_or(""))) {
            entry.id = row->entry_id;
            entry.trackback_id = row->trackback_id;
            add_old_path(entry, row->permalink, "permalink in the map");
            target = row->permalink;
        }
        add_old_path(entry, record.unique_url, "UNIQUE URL");
        for (auto& comment : record.comments)
            add_comment(entry, comment, time.instant);
        for (MovableTypePing const& ping : record.pings)
            add_ping(entry, ping, time, target);
        return entry;
    }

    void add_comment(ImportedEntry& entry, importers::MovableTypeComment& read, Instant entry_time)
    {
        Comment comment;
        comment.author = plain_title(read.author);
        comment.email = std::move(read.email);
        comment.url = std::move(read.url);
        comment.address = std::move(read.ip);
        comment.written = read.date ? time_of(read.date).instant : entry_time;
        comment.text = std::move(read.text);
        entry.comments.push_back(std::move(comment));
    }

    void add_ping(ImportedEntry& entry, MovableTypePing const& read, LocalTime const& entry_time, std::string const& target)
    {
        Result<Url> source = trackback::repaired_source(read.url);
        if (!source) {
            report_.add(ImportRemark(read.line, true,
                fmt::format("PING: '{}' is no address of a page: the ping is left out", cut_at_word(repaired_utf8(read.url), 60))));
            return;
        }
        LocalTime const time = read.date ? time_of(read.date) : entry_time;
        PingClaim claim(EntryId(0), Origin::Imported, *std::move(source));
        claim.source_as_received = read.url;
        claim.target_as_received = target;
        claim.title = plain_title(read.title);
        claim.excerpt = plain_title(read.excerpt);
        claim.blog_name = plain_title(read.blog_name);
        if (claim.title.empty())
            claim.title = claim.source.str();
        claim.sender = read.ip;
        claim.received = time.instant;
        Mention mention = Mention::imported(claim, time.offset);
        entry.pings.emplace_back(std::move(claim), std::move(mention), read.line);
    }

    void add_counts(ImportCounts& counts)
    {
        ImportCounts& sum = report_.counts;
        sum.entries_added += counts.entries_added;
        sum.entries_known += counts.entries_known;
        sum.comments_added += counts.comments_added;
        sum.comments_known += counts.comments_known;
        sum.pings_added += counts.pings_added;
        sum.pings_known += counts.pings_known;
        sum.mentions_added += counts.mentions_added;
        sum.pings_folded += counts.pings_folded;
        for (ImportRemark& remark : counts.remarks)
            report_.add(std::move(remark));
    }

    Store& store_;
    Executor& executor_;
    Clock const& clock_;
    Site const& site_;
    importers::ImportMap const& map_;
    TimeZone zone_;
    std::function<void(ImportReport const&)> const& progress_;
    ImportReport report_;
    std::int64_t ids_above_ = 0;  // ids that the map gives, even to records that come late, stay free for them
    std::vector<ImportedEntry> batch_;
    std::size_t batch_bytes_ = 0;
    std::optional<Error> failed_;
};

}  // namespace

void ImportReport::add(ImportRemark remark)
{
    ++(remark.left_out ? left_out : mended);
    if (remarks.size() < remarks_max)
        remarks.push_back(std::move(remark));
}

Result<ImportReport> import_movable_type(Store& store, Executor& executor, Clock const& clock, Site const& site,
    importers::ImportMap const& map, std::optional<markup::Charset> charset, NextPiece const& next,
    std::function<void(ImportReport const&)> const& progress)
{
    TRY(TimeZone zone, TimeZone::named(site.time_zone));
    Importer importer(store, executor, clock, site, map, std::move(zone), progress);
    importers::MovableTypeReader reader(importer);
    importers::TextDecoder decoder(charset);
    for (;;) {
        TRY(std::string const piece, next());
        if (piece.empty() || importer.failed())
            break;
        reader.feed(decoder.feed(piece));
    }
    reader.feed(decoder.finish());
    reader.finish();
    importer.flush();
    TRY(ImportReport report, importer.result());
    report.charset = std::string(decoder.charset().name());
    return report;
}

}  // namespace backtalk
