#include "importers/movable_type.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include <fmt/format.h>

#include "importers/movable_type_lines.h"
#include "importers/movable_type_parser.h"

namespace backtalk::importers {

namespace {

constexpr std::size_t piece_bytes = 256 * 1024;
/// So many unknown headers may stand at the front of a record before one of the format's own.
constexpr int doubtful_headers_max = 16;

/// C0 controls other than tab and line feed, and DEL. Spam brought them into texts, and XML feeds cannot hold them.
constexpr bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F; }

std::size_t control_count(std::string_view text)
{
    std::size_t count = 0;
    for (char const c : text)
        count += is_control(c);
    return count;
}

/// `end`, or a little less where that would split a character.
std::size_t character_begin(std::string_view text, std::size_t end)
{
    for (std::size_t i = 0; i < 3 && end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80; ++i)
        --end;
    return end;
}

}  // namespace

MovableTypeReader::MovableTypeReader(MovableTypeSink& sink, MovableTypeOptions options) : sink_(sink), options_(options)
{
    assert(options_.record_bytes_max >= 16);
}

void MovableTypeReader::feed(std::string_view utf8_chunk)
{
    while (!utf8_chunk.empty()) {
        std::string_view const piece = utf8_chunk.substr(0, piece_bytes);
        feed_piece(piece);
        utf8_chunk.remove_prefix(piece.size());
    }
}

void MovableTypeReader::finish()
{
    if (line_begin_ < buffer_.size()) {
        searched_ = buffer_.size();
        buffer_ += '\n';
        scan();
    }
    if (doubtful_.active)
        end_record(doubtful_.begin, doubtful_.end, doubtful_.line + 1);
    if (begin_ < buffer_.size() && !skipping_)
        emit(std::string_view(buffer_).substr(begin_));
    buffer_.clear();
    begin_ = line_begin_ = searched_ = 0;
}

void MovableTypeReader::feed_piece(std::string_view piece)
{
    append_with_line_feeds(piece);
    scan();
    drop_consumed();
}

void MovableTypeReader::append_with_line_feeds(std::string_view piece)
{
    if (after_cr_ && piece.starts_with('\n'))
        piece.remove_prefix(1);
    if (piece.empty()) {
        after_cr_ = false;
        return;
    }
    after_cr_ = piece.back() == '\r';
    for (;;) {
        std::size_t const cr = piece.find('\r');
        buffer_ += piece.substr(0, cr);
        if (cr == std::string_view::npos)
            return;
        buffer_ += '\n';
        piece.remove_prefix(cr + (piece.substr(cr + 1).starts_with('\n') ? 2 : 1));
    }
}

void MovableTypeReader::skip_bom()
{
    constexpr std::string_view bom = "\xEF\xBB\xBF";
    std::string_view const front = std::string_view(buffer_).substr(0, bom.size());
    if (front.size() < bom.size() && bom.starts_with(front))
        return;
    at_start_ = false;
    if (front == bom)
        begin_ = line_begin_ = searched_ = bom.size();
}

/// Looks at every line that is complete.
void MovableTypeReader::scan()
{
    if (at_start_)
        skip_bom();
    while (searched_ < buffer_.size()) {
        void const* const found = std::memchr(buffer_.data() + searched_, '\n', buffer_.size() - searched_);
        if (found == nullptr)
            break;
        std::size_t const end = static_cast<std::size_t>(static_cast<char const*>(found) - buffer_.data());
        std::size_t const begin = line_begin_;
        line_begin_ = searched_ = end + 1;
        take_line(begin, end);
        ++line_number_;
    }
    searched_ = buffer_.size();
    if (!skipping_ && is_over_limit(buffer_.size()))
        cut_record(buffer_.size());
    if (skipping_) {
        // Nine bytes are enough to see that the line is no separator.
        begin_ = line_begin_;
        buffer_.resize(std::min(buffer_.size(), line_begin_ + 9));
        searched_ = buffer_.size();
    }
}

void MovableTypeReader::take_line(std::size_t begin, std::size_t end)
{
    if (!skipping_ && is_over_limit(end + 1))
        cut_record(end + 1);
    std::string_view const line = std::string_view(buffer_).substr(begin, end - begin);
    if (skipping_) {
        begin_ = end + 1;
        record_line_ = line_number_ + 2;
        skipping_ = !is_record_separator(line);
        return;
    }
    if (doubtful_.active)
        settle_doubt(line);
    if (line.starts_with("-----") && (is_section_separator(line) || is_record_separator(line)))
        take_separator(begin, end);
    else if (place_ == Place::Closed && !is_blank(line))
        place_ = Place::Text;
}

void MovableTypeReader::take_separator(std::size_t begin, std::size_t end)
{
    if (end - begin == 5) {
        place_ = Place::Closed;
        return;
    }
    if (place_ == Place::Text)
        doubtful_ = {begin, end + 1, line_number_ + 1, 0, true};
    else
        end_record(begin, end + 1, line_number_ + 2);
}

/// Decides by the first lines behind the dashes that are not blank.
void MovableTypeReader::settle_doubt(std::string_view line)
{
    if (is_blank(line))
        return;
    std::string_view const key = header_line(line).key;
    if (is_record_separator(line) || is_record_key(key)) {
        end_record(doubtful_.begin, doubtful_.end, doubtful_.line + 1);
        return;
    }
    if (looks_like_key(key) && ++doubtful_.headers <= doubtful_headers_max)
        return;
    sink_.on_problem({doubtful_.line, ImportProblem::Kind::Mended, "A line of eight dashes without a record behind it was kept as text."});
    doubtful_ = {};
}

void MovableTypeReader::end_record(std::size_t text_end, std::size_t next_begin, std::size_t next_line)
{
    emit(std::string_view(buffer_).substr(begin_, text_end - begin_));
    begin_ = next_begin;
    record_line_ = next_line;
    place_ = Place::Headers;
    doubtful_ = {};
}

/// The line under way, as far as it is here, makes the record longer than the limit: it goes out as far as it fits.
void MovableTypeReader::cut_record(std::size_t line_end)
{
    if (doubtful_.active) {
        end_record(doubtful_.begin, doubtful_.end, doubtful_.line + 1);
        if (!is_over_limit(line_end))
            return;
    }
    std::string_view const all = buffer_;
    std::size_t const end = character_begin(all, begin_ + options_.record_bytes_max);
    sink_.on_problem({line_number_ + 1, ImportProblem::Kind::LeftOut,
        fmt::format("The record from line {} is longer than {} bytes: what it has from here on was left out.", record_line_,
            options_.record_bytes_max)});
    emit(all.substr(begin_, end - begin_));
    place_ = Place::Headers;
    skipping_ = true;
}

void MovableTypeReader::drop_consumed()
{
    if (begin_ == 0)
        return;
    buffer_.erase(0, begin_);
    line_begin_ -= begin_;
    searched_ -= begin_;
    if (doubtful_.active) {
        doubtful_.begin -= begin_;
        doubtful_.end -= begin_;
    }
    begin_ = 0;
    if (buffer_.capacity() > 16 * piece_bytes && buffer_.size() < piece_bytes)
        buffer_.shrink_to_fit();
}

void MovableTypeReader::emit(std::string_view text)
{
    std::size_t const controls = control_count(text);
    if (controls == 0) {
        parse_movable_type_record(text, record_line_, options_, reported_, sink_);
        return;
    }
    std::string cleaned;
    cleaned.reserve(text.size());
    std::copy_if(text.begin(), text.end(), std::back_inserter(cleaned), [](char c) { return !is_control(c); });
    sink_.on_problem({record_line_, ImportProblem::Kind::Mended,
        fmt::format("{} control characters in the record that begins here were dropped.", controls)});
    parse_movable_type_record(cleaned, record_line_, options_, reported_, sink_);
}

}  // namespace backtalk::importers
