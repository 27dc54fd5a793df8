#include "importers/import_map.h"

#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include "base/text.h"
#include "importers/shown.h"

namespace backtalk::importers {

namespace {

// A quotation mark that is not meant as one would else take in the rest of the file.
constexpr std::size_t quoted_bytes_max = 16 * 1024;
constexpr std::size_t row_lines_max = 16;

struct CsvRow {
    std::size_t line = 0;
    std::vector<std::string> fields{};
    bool well_formed = true;
};

/// RFC 4180, with any line ends. After a faulty row reading goes on with the line after its first, so that a stray quotation
/// mark spoils only its own line; as rows are short, that takes linear time.
class CsvReader {
public:
    explicit CsvReader(std::string_view text) : text_(text) { }

    void set_separator(char separator)
    {
        separator_ = separator;
        plain_end_[0] = separator;
    }
    bool at_end() const { return position_ >= text_.size(); }

    /// Up to the end of the line, without taking it.
    std::string_view peek_line() const
    {
        return text_.substr(position_, std::min(text_.find_first_of("\r\n", position_), text_.size()) - position_);
    }

    CsvRow next()
    {
        CsvRow row;
        row.line = row_line_ = line_;
        std::size_t const begin = position_;
        row.well_formed = fields(row.fields);
        if (!row.well_formed) {
            position_ = begin;
            line_ = row.line;
        }
        skip_line();
        return row;
    }

private:
    /// False if a quoted field is not closed, or if behind it stands something else than a separator or a line end.
    bool fields(std::vector<std::string>& fields)
    {
        for (;;) {
            std::string field;
            if (!at_end() && text_[position_] == '"') {
                if (!quoted(field))
                    return false;
            } else {
                std::size_t const end = std::min(text_.find_first_of(plain_end_, position_), text_.size());
                field = text_.substr(position_, end - position_);
                position_ = end;
            }
            fields.push_back(std::move(field));
            if (at_end() || text_[position_] != separator_)
                break;
            ++position_;
        }
        return at_end() || text_[position_] == '\n' || text_[position_] == '\r';
    }
    bool quoted(std::string& field)
    {
        std::size_t const limit = std::min(text_.size(), position_ + quoted_bytes_max);
        for (++position_; position_ < limit; ++position_) {
            char const c = text_[position_];
            if (c == '"') {
                if (position_ + 1 >= text_.size() || text_[position_ + 1] != '"') {
                    ++position_;
                    return true;
                }
                ++position_;
            }
            if (c == '\n' || (c == '\r' && (position_ + 1 >= text_.size() || text_[position_ + 1] != '\n')))
                if (++line_ - row_line_ >= row_lines_max)
                    return false;
            field += c;
        }
        return false;
    }
    void skip_line()
    {
        position_ = std::min(text_.find_first_of("\r\n", position_), text_.size());
        if (at_end())
            return;
        position_ += text_.substr(position_).starts_with("\r\n") ? 2 : 1;
        ++line_;
    }

    std::string_view text_;
    std::size_t position_ = 0;
    std::size_t line_ = 1;
    std::size_t row_line_ = 1;
    char separator_ = ',';
    std::string plain_end_ = ",\r\n";  ///< What ends a field that is not quoted.
};

}  // namespace

class ImportMapParser {
public:
    static Result<ImportMap> parse(std::string_view csv)
    {
        if (csv.starts_with("\xEF\xBB\xBF"))
            csv.remove_prefix(3);
        ImportMapParser parser(csv);
        TRY_DONE(parser.read_header());
        while (!parser.csv_.at_end())
            parser.take_row(parser.csv_.next());
        return std::move(parser.map_);
    }

private:
    enum Column { Key, EntryId, TrackbackId, Permalink, Columns };
    static constexpr std::size_t absent = std::string_view::npos;

    explicit ImportMapParser(std::string_view csv) : csv_(csv) { }

    Result<bool> read_header()
    {
        std::string_view const header = csv_.peek_line();
        for (char const separator : {'\t', ';', ','})
            if (header.find(separator) != std::string_view::npos)
                csv_.set_separator(separator);
        CsvRow const row = csv_.next();
        static constexpr std::array<std::string_view, Columns> names = {"key", "entry_id", "trackback_id", "permalink"};
        for (std::size_t i = 0; i < row.fields.size(); ++i)
            for (std::size_t column = 0; column < Columns; ++column)
                if (columns_[column] == absent && equal_ignoring_case(trimmed(row.fields[i]), names[column]))
                    columns_[column] = i;
        if (columns_[Key] == absent)
            return failure(
                ErrorCode::Malformed, "the map's first line does not name a column \"key\" (key,entry_id,trackback_id,permalink)");
        return true;
    }

    void left_out(std::size_t line, std::string text) { map_.problems_.push_back({line, ImportProblem::Kind::LeftOut, std::move(text)}); }

    static std::string_view field(CsvRow const& row, std::size_t column)
    {
        return column < row.fields.size() ? trimmed(row.fields[column]) : std::string_view();
    }

    std::optional<std::int64_t> id(CsvRow const& row, Column column, std::string_view name, std::unordered_set<std::int64_t>& taken)
    {
        std::string_view const text = field(row, columns_[column]);
        if (text.empty())
            return std::nullopt;
        auto const value = parse_integer<std::int64_t>(text);
        if (!value || *value <= 0) {
            left_out(row.line, fmt::format("The {} {} is not a number above zero and was left out.", name, shown(text)));
            return std::nullopt;
        }
        if (!taken.insert(*value).second) {
            left_out(row.line, fmt::format("The {} {} stands in an earlier row and was left out.", name, *value));
            return std::nullopt;
        }
        return value;
    }

    void take_row(CsvRow const& row)
    {
        if (row.fields.size() <= 1 && field(row, 0).empty() && row.well_formed)
            return;
        if (!row.well_formed) {
            left_out(row.line, "The row has a quotation mark in the wrong place and was left out.");
            return;
        }
        std::string key = folded_space(field(row, columns_[Key]));
        if (key.empty()) {
            left_out(row.line, "The row has no key and was left out.");
            return;
        }
        if (map_.by_key_.contains(key)) {
            left_out(row.line, fmt::format("The key {} stands in an earlier row; this row was left out.", shown(key)));
            return;
        }
        ImportMapRow taken;
        taken.line = row.line;
        taken.entry_id = id(row, EntryId, "entry_id", entry_ids_);
        taken.trackback_id = id(row, TrackbackId, "trackback_id", trackback_ids_);
        taken.permalink = field(row, columns_[Permalink]);
        taken.key = key;
        map_.by_key_.emplace(std::move(key), map_.rows_.size());
        map_.rows_.push_back(std::move(taken));
    }

    CsvReader csv_;
    ImportMap map_;
    std::array<std::size_t, Columns> columns_ = {absent, absent, absent, absent};
    std::unordered_set<std::int64_t> entry_ids_;
    std::unordered_set<std::int64_t> trackback_ids_;
};

Result<ImportMap> ImportMap::parse(std::string_view csv) { return ImportMapParser::parse(csv); }

ImportMapRow const* ImportMap::find(std::string_view basename, std::string_view title) const
{
    for (std::string_view const name : {basename, title}) {
        std::string const key = folded_space(name);
        if (key.empty())
            continue;
        if (auto const found = by_key_.find(key); found != by_key_.end())
            return &rows_[found->second];
    }
    return nullptr;
}

}  // namespace backtalk::importers
