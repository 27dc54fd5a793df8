#include <algorithm>
#include <exception>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "base/text.h"
#include "weblog/front_matter_fields.h"

namespace backtalk::front_matter {

namespace {

/// yaml-cpp reads the escapes \N and \_ as a byte of Latin-1 each; everything else in its texts is UTF-8.
std::string with_escapes_as_utf8(std::string const& value)
{
    if (is_valid_utf8(value))
        return value;
    std::string text;
    int continued = 0;  // how many bytes still belong to the character that began before
    for (char const c : value) {
        auto const byte = static_cast<unsigned char>(c);
        bool const continues = byte >= 0x80 && byte < 0xC0;
        if (continues && continued == 0)
            append_utf8(text, byte);
        else
            text += c;
        continued = continues ? std::max(continued - 1, 0) : byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
    }
    return text;
}

/// Collects the keys of the outermost map with their texts. Works on the parser's events, not on its tree: so nothing deep or
/// shared is ever built. After the first problem it only listens.
class FieldCollector final : public YAML::EventHandler {
public:
    explicit FieldCollector(std::size_t first_line) : first_line_(first_line) { }

    std::optional<std::string> const& problem() const { return problem_; }
    std::vector<Field> take_fields() { return std::move(fields_); }
    /// Where the last text in quotes starts.
    std::optional<YAML::Mark> const& last_quote() const { return last_quote_; }

    void OnDocumentStart(YAML::Mark const&) override { }
    void OnDocumentEnd() override { }
    void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override
    {
        refuse_anchor(mark, anchor);
        scalar(mark, std::string(), Scalar::Empty);
    }
    void OnAlias(YAML::Mark const& mark, YAML::anchor_t) override
    {
        refuse(mark, "an alias (*) is not understood here: write the value again");
    }
    void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor, std::string const& value) override
    {
        refuse_anchor(mark, anchor);
        // "?" is the tag of plain text, "!" that of quoted text.
        if (tag == "!")
            last_quote_ = mark;
        bool const empty = tag == "?" && (value == "~" || value == "null" || value == "Null" || value == "NULL");
        scalar(mark, with_escapes_as_utf8(value), empty ? Scalar::Empty : Scalar::Text);
    }
    void OnSequenceStart(YAML::Mark const& mark, std::string const&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        refuse_anchor(mark, anchor);
        begin_collection(mark, Collection::List);
    }
    void OnSequenceEnd() override { end_collection(); }
    void OnMapStart(YAML::Mark const& mark, std::string const&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        refuse_anchor(mark, anchor);
        begin_collection(mark, Collection::Map);
    }
    void OnMapEnd() override { end_collection(); }

private:
    enum class Scalar { Empty, Text };
    enum class Collection { List, Map };

    std::size_t line(YAML::Mark const& mark) const { return first_line_ + static_cast<std::size_t>(mark.line < 0 ? 0 : mark.line); }
    void refuse(YAML::Mark const& mark, std::string_view why)
    {
        if (!problem_)
            problem_ = fmt::format("line {}: {}", line(mark), why);
    }
    void refuse_anchor(YAML::Mark const& mark, YAML::anchor_t anchor)
    {
        if (anchor != 0)
            refuse(mark, "an anchor (&) is not understood here: leave it out, or quote a text that starts with &");
    }

    void scalar(YAML::Mark const& mark, std::string text, Scalar kind)
    {
        if (problem_)
            return;
        if (depth_ == 0) {
            if (kind == Scalar::Text)
                refuse(mark, "front matter is lines of \"key: value\"");
        } else if (depth_ == 1 && !has_key_) {
            fields_.push_back({std::move(text), line(mark), false, false, {}});
            has_key_ = true;
        } else if (depth_ <= 2) {
            if (kind == Scalar::Text && !fields_.back().is_nested)
                fields_.back().values.push_back({std::move(text), line(mark)});
            value_is_done_at(1);
        }
    }
    void begin_collection(YAML::Mark const& mark, Collection kind)
    {
        if (!problem_) {
            if (depth_ == 0 && kind == Collection::List)
                refuse(mark, "front matter is lines of \"key: value\", not a list");
            else if (depth_ == 1 && !has_key_)
                refuse(mark, "a key must be text");
            else if (depth_ == 1)
                (kind == Collection::List ? fields_.back().is_list : fields_.back().is_nested) = true;
            else if (depth_ > 1)
                fields_.back().is_nested = true;
        }
        ++depth_;
    }
    void end_collection()
    {
        --depth_;
        value_is_done_at(1);
    }
    void value_is_done_at(std::size_t depth)
    {
        if (depth_ == depth)
            has_key_ = false;
    }

    std::size_t first_line_;
    std::size_t depth_ = 0;
    bool has_key_ = false;
    std::vector<Field> fields_;
    std::optional<YAML::Mark> last_quote_;
    std::optional<std::string> problem_;
};

/// yaml-cpp takes the end of the input for the quote that is missing; all lines below would silently be part of the text.
/// Only the last quoted text can be such a one.
bool is_closed(std::string_view text, std::size_t quote_at)
{
    if (quote_at >= text.size() || (text[quote_at] != '"' && text[quote_at] != '\''))
        return true;
    char const quote = text[quote_at];
    for (std::size_t i = quote_at + 1; i < text.size(); ++i) {
        bool const is_doubled = quote == '\'' && text.substr(i, 2) == "\'\'";
        if (is_doubled || (quote == '"' && text[i] == '\\'))
            ++i;
        else if (text[i] == quote)
            return true;
    }
    return false;
}

}  // namespace

Result<std::vector<Field>> read_yaml(std::string const& text, std::size_t first_line)
{
    FieldCollector collector(first_line);
    try {
        std::istringstream stream(text);
        YAML::Parser parser(stream);
        parser.HandleNextDocument(collector);
        FieldCollector rest(first_line);
        if (!collector.problem() && parser.HandleNextDocument(rest))
            return failure(ErrorCode::Malformed,
                fmt::format("line {}: a line that starts with --- or ... ends the YAML too early: quote it", first_line));
    } catch (YAML::Exception const& error) {
        std::size_t const line = first_line + static_cast<std::size_t>(error.mark.line < 0 ? 0 : error.mark.line);
        return failure(ErrorCode::Malformed,
            fmt::format("line {}: this is not YAML ({}): put the value in double quotes if it holds a "
                        "colon, a quote or a bracket",
                line, error.msg));
    } catch (std::exception const& error) {
        return failure(ErrorCode::Malformed, fmt::format("line {}: this is not YAML ({})", first_line, error.what()));
    }
    if (collector.problem())
        return failure(ErrorCode::Malformed, *collector.problem());
    if (auto const& quote = collector.last_quote(); quote && !is_closed(text, static_cast<std::size_t>(std::max(quote->pos, 0))))
        return failure(ErrorCode::Malformed,
            fmt::format("line {}: this is not YAML (a quote is opened here but not closed): close it, or "
                        "put the value in the other kind of quotes",
                first_line + static_cast<std::size_t>(std::max(quote->line, 0))));
    return collector.take_fields();
}

}  // namespace backtalk::front_matter
