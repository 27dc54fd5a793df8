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

constexpr bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

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

/// The complete lines at the front of `bytes`, 64 KiB at most.
std::string_view block_of_lines(std::string_view bytes) { return bytes.substr(0, bytes.substr(0, 64 * 1024).find_last_of("\r\n") + 1); }

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

TextDecoder::TextDecoder(std::optional<Charset> named) : charset_(named.value_or(Charset::utf8())), decided_(named.has_value())
{
    if (named)
        stream_.emplace(*named);
    else
        set_single_bytes(Charset::windows_1252());
}

/// False, and nothing changed, if the charset has no single bytes (UTF-16).
bool TextDecoder::set_single_bytes(Charset charset)
{
    std::string bytes;
    for (std::size_t i = 0; i < single_bytes_.size(); ++i) {
        bytes += static_cast<char>(0x80 + i);
        bytes += '\n';
    }
    std::string const text = markup::to_utf8(bytes, charset);
    auto const lines = split(text, '\n');
    if (lines.size() != single_bytes_.size() + 1)
        return false;
    std::copy_n(lines.begin(), single_bytes_.size(), single_bytes_.begin());
    return true;
}

std::string TextDecoder::feed(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size());
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
    if (!by_lines_ && !set_single_bytes(charset_))
        charset_ = Charset::windows_1252();
}

void TextDecoder::decode(std::string_view bytes, std::string& out)
{
    std::size_t line_by_line_down_to = bytes.size();
    while (!bytes.empty()) {
        if (kept_.empty()) {
            std::size_t const ascii = ascii_length(bytes);
            out += bytes.substr(0, ascii);
            bytes.remove_prefix(ascii);
            if (by_lines_ && bytes.size() <= line_by_line_down_to) {
                std::string_view const block = block_of_lines(bytes);
                bool const taken = !block.empty() && decode_block(block, out);
                line_by_line_down_to = bytes.size() - block.size();
                if (taken) {
                    bytes.remove_prefix(block.size());
                    continue;
                }
            }
        }
        std::size_t const end = line_end(bytes);
        if (end == std::string_view::npos || kept_.size() + end > line_bytes_max) {
            std::string_view const part = bytes.substr(0, line_bytes_max - kept_.size());
            keep(part, out);
            bytes.remove_prefix(part.size());
            continue;
        }
        if (kept_.empty()) {
            decode_line(bytes.substr(0, end), out);
        } else {
            kept_ += bytes.substr(0, end);
            decode_line(kept_, out);
            kept_.clear();
        }
        bytes.remove_prefix(end);
    }
}

/// Keeps the beginning of a line until its end comes. A line that is too long goes out in parts.
void TextDecoder::keep(std::string_view part, std::string& out)
{
    kept_ += part;
    if (kept_.size() < line_bytes_max)
        return;
    // A blank or a sign below "0" is never half of a character.
    std::size_t cut = kept_.size();
    while (cut > kept_.size() - 4096 && static_cast<unsigned char>(kept_[cut - 1]) >= 0x30)
        --cut;
    if (static_cast<unsigned char>(kept_[cut - 1]) >= 0x30)
        cut = kept_.size();
    decode_line(std::string_view(kept_).substr(0, cut), out);
    kept_.erase(0, cut);
}

/// Many lines at once; false, and nothing done, if one of them needs a second look.
bool TextDecoder::decode_block(std::string_view block, std::string& out) const
{
    std::string const text = markup::to_utf8(block, charset_);
    if (text.find(replacement) != std::string::npos)
        return false;
    out += text;
    return true;
}

void TextDecoder::decode_line(std::string_view line, std::string& out)
{
    if (line.empty())
        return;
    if (!by_lines_) {
        if (!decode_east_asian(line, out))
            decode_runs(line, out);
        return;
    }
    std::string const text = markup::to_utf8(line, charset_);
    bool const is_utf8 = text.find(replacement) != std::string::npos && is_valid_utf8(line);
    read_otherwise_ += is_utf8;
    out += is_utf8 ? line : std::string_view(text);
}

void TextDecoder::decode_runs(std::string_view line, std::string& out)
{
    bool const in_utf8 = charset_ == Charset::utf8();
    while (!line.empty()) {
        std::size_t const ascii = ascii_length(line);
        out += line.substr(0, ascii);
        line.remove_prefix(ascii);
        std::string_view const run = line.substr(0, other_length(line));
        line.remove_prefix(run.size());
        if (is_valid_utf8(run)) {
            read_otherwise_ += !run.empty() && !in_utf8;
            out += run;
            continue;
        }
        read_otherwise_ += in_utf8;
        for (char const c : run)
            out += single_bytes_[static_cast<unsigned char>(c) - 0x80];
    }
}

/// In a UTF-8 file, a line that is not UTF-8 and has many bytes above 127 is more likely Japanese than windows-1252.
bool TextDecoder::decode_east_asian(std::string_view line, std::string& out)
{
    if (charset_ != Charset::utf8() || is_valid_utf8(line))
        return false;
    auto const others = static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) { return !is_ascii(c); }));
    if (others < 16 || others < line.size() / 3)
        return false;
    auto const decoded = [&](Charset charset) {
        std::string text = markup::to_utf8(line, charset);
        if (text.find(replacement) != std::string::npos)
            return false;
        east_asian_ = charset;
        ++read_otherwise_;
        out += text;
        return true;
    };
    if (east_asian_ && decoded(*east_asian_))
        return true;
    if (guesses_left_ == 0)
        return false;
    --guesses_left_;
    Charset const guessed = markup::guessed_charset(line);
    return has_long_characters(guessed) && decoded(guessed);
}

}  // namespace backtalk::importers
