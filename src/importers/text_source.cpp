#include "importers/text_source.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace backtalk::importers {

namespace {

using markup::Charset;

constexpr std::size_t sample_bytes = 256 * 1024;
constexpr std::size_t line_bytes_max = 1024 * 1024;
constexpr std::string_view utf8_bom = "\xEF\xBB\xBF";
constexpr std::string_view replacement = "\xEF\xBF\xBD";

constexpr bool is_ascii(char c)
{
    return static_cast<unsigned char>(c) < 0x80;
}

std::size_t ascii_length(std::string_view bytes)
{
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, bytes.data() + i, sizeof eight);
        if ((eight & 0x8080808080808080ULL) != 0)
            break;
    }
    while (i < bytes.size() && is_ascii(bytes[i]))
        ++i;
    return i;
}

std::size_t other_length(std::string_view bytes)
{
    std::size_t i = 0;
    while (i < bytes.size() && !is_ascii(bytes[i]))
        ++i;
    return i;
}

std::size_t line_end(std::string_view bytes)
{
    std::size_t const feed = bytes.find('\n');
    std::size_t const carriage = bytes.substr(0, feed).find('\r');
    return std::min(feed, carriage);
}

bool has_long_characters(Charset charset)
{
    static constexpr std::array<std::string_view, 7> names = {"shift_jis", "euc-jp", "euc-kr", "gbk", "gb18030", "big5", "iso-2022-jp"};
    return std::find(names.begin(), names.end(), charset.name()) != names.end();
}

/// Whether the runs that are valid UTF-8 outnumber the others.
bool is_mostly_utf8(std::string_view sample)
{
    std::size_t valid = 0;
    std::size_t invalid = 0;
    for (std::size_t i = ascii_length(sample); i < sample.size(); i += ascii_length(sample.substr(i))) {
        std::size_t const length = other_length(sample.substr(i));
        bool const is_cut = i + length == sample.size() && sample.size() == sample_bytes;
        if (!is_cut)
            ++(is_valid_utf8(sample.substr(i, length)) ? valid : invalid);
        i += length;
    }
    return valid >= invalid;
}

}  // namespace

TextDecoder::TextDecoder(std::optional<Charset> named)
    : charset_(named.value_or(Charset::utf8())), otherwise_(Charset::windows_1252()), decided_(named.has_value())
{
    if (named)
        stream_.emplace(*named);
}

std::string TextDecoder::feed(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size() + kept_.size());
    take(bytes, out);
    return out;
}

std::string TextDecoder::finish()
{
    std::string out;
    if (!decided_) {
        decide();
        std::string const sample = std::exchange(kept_, {});
        take(sample, out);
    }
    if (stream_)
        return out + stream_->finish();
    decode_line(kept_, out);
    kept_.clear();
    return out;
}

void TextDecoder::take(std::string_view bytes, std::string& out)
{
    if (!decided_) {
        if (kept_.empty()) {
            std::size_t const ascii = ascii_length(bytes);
            at_start_ = at_start_ && ascii == 0;
            out += bytes.substr(0, ascii);
            bytes.remove_prefix(ascii);
        }
        std::string_view const sampled = bytes.substr(0, sample_bytes - kept_.size());
        kept_ += sampled;
        bytes.remove_prefix(sampled.size());
        if (kept_.size() < sample_bytes)
            return;
        decide();
        std::string const sample = std::exchange(kept_, {});
        take(sample, out);
    }
    if (stream_)
        out += stream_->feed(bytes);
    else
        decode(bytes, out);
}

/// By the first bytes that are not ASCII, in kept_.
void TextDecoder::decide()
{
    decided_ = true;
    std::string_view const sample = kept_;
    if (at_start_ && (sample.starts_with("\xFF\xFE") || sample.starts_with("\xFE\xFF"))) {
        charset_ = Charset::named(sample.front() == '\xFF' ? "utf-16le" : "utf-16be").value_or(charset_);
        stream_.emplace(charset_);
        return;
    }
    if ((at_start_ && sample.starts_with(utf8_bom)) || is_mostly_utf8(sample))
        return;
    charset_ = markup::guessed_charset(sample);
    if (charset_ == Charset::utf8())
        return;
    by_lines_ = has_long_characters(charset_);
    if (!by_lines_)
        otherwise_ = charset_;
}

void TextDecoder::decode(std::string_view bytes, std::string& out)
{
    while (!bytes.empty()) {
        if (kept_.empty()) {
            std::size_t const ascii = ascii_length(bytes);
            out += bytes.substr(0, ascii);
            bytes.remove_prefix(ascii);
        }
        std::size_t const end = std::min(line_end(bytes), bytes.size());
        bool const complete = end < bytes.size();
        if (complete && kept_.empty() && end <= line_bytes_max) {
            decode_line(bytes.substr(0, end), out);
            bytes.remove_prefix(end);
            continue;
        }
        std::string_view const part = bytes.substr(0, std::min(end, line_bytes_max - kept_.size()));
        kept_ += part;
        bytes.remove_prefix(part.size());
        if (kept_.size() == line_bytes_max) {
            // A blank or a sign below "0" is never half of a character.
            std::size_t cut = kept_.size();
            while (cut > kept_.size() - 4096 && static_cast<unsigned char>(kept_[cut - 1]) >= 0x30)
                --cut;
            if (static_cast<unsigned char>(kept_[cut - 1]) >= 0x30)
                cut = kept_.size();
            decode_line(std::string_view(kept_).substr(0, cut), out);
            kept_.erase(0, cut);
        } else if (complete && part.size() == end) {
            decode_line(kept_, out);
            kept_.clear();
        }
    }
}

void TextDecoder::decode_line(std::string_view line, std::string& out)
{
    if (by_lines_ && !line.empty()) {
        std::string text = markup::to_utf8(line, charset_);
        bool const is_utf8 = text.find(replacement) != std::string::npos && is_valid_utf8(line);
        read_otherwise_ += is_utf8;
        out += is_utf8 ? line : std::string_view(text);
        return;
    }
    if (auto const east_asian = east_asian_charset_of(line)) {
        ++read_otherwise_;
        out += markup::to_utf8(line, *east_asian);
        return;
    }
    decode_runs(line, otherwise_, out);
}

void TextDecoder::decode_runs(std::string_view line, Charset otherwise, std::string& out)
{
    while (!line.empty()) {
        std::size_t const ascii = ascii_length(line);
        out += line.substr(0, ascii);
        line.remove_prefix(ascii);
        std::string_view const run = line.substr(0, other_length(line));
        line.remove_prefix(run.size());
        if (is_valid_utf8(run)) {
            read_otherwise_ += !run.empty() && charset_ != Charset::utf8();
            out += run;
        } else {
            read_otherwise_ += charset_ == Charset::utf8();
            out += markup::to_utf8(run, otherwise);
        }
    }
}

/// In a UTF-8 file, a line that is not UTF-8 and has many bytes above 127 is more likely Japanese than windows-1252.
std::optional<Charset> TextDecoder::east_asian_charset_of(std::string_view line) const
{
    if (charset_ != Charset::utf8())
        return std::nullopt;
    auto const others = static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) { return !is_ascii(c); }));
    if (others < 16 || others < line.size() / 3 || is_valid_utf8(line))
        return std::nullopt;
    Charset const guessed = markup::guessed_charset(line);
    if (!has_long_characters(guessed) || markup::to_utf8(line, guessed).find(replacement) != std::string::npos)
        return std::nullopt;
    return guessed;
}

}  // namespace backtalk::importers
