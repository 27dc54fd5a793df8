#include "markup/charset.h"

#include <uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "markup/charset_labels.h"

namespace backtalk::markup {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t sample_bytes_max = 16 * 1024;  ///< uchardet reads about 10 MB/s.

bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }

/// is_valid_utf8(), with long stretches of ASCII passed quickly.
bool is_utf8(std::string_view bytes)
{
    auto at = bytes.begin();
    while ((at = std::find_if(at, bytes.end(), is_high)) != bytes.end()) {
        auto const end = std::find_if_not(at, bytes.end(), is_high);
        if (!is_valid_utf8({at, end}))
            return false;
        at = end;
    }
    return true;
}

/// How many bytes at the end are the start of a character that is not over.
std::size_t unfinished_bytes(std::string_view utf8)
{
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, utf8.size()); ++back) {
        auto const byte = static_cast<unsigned char>(utf8[utf8.size() - back]);
        if (byte < 0x80)
            return 0;
        if (byte >= 0xC0)
            return back < (byte >= 0xF0 ? 4U : byte >= 0xE0 ? 3U : 2U) ? back : 0;
    }
    return 0;
}

/// In place of ICU's own substitution, which writes U+001A for single bytes.
extern "C" void write_replacement(
    void const*, UConverterToUnicodeArgs* args, char const*, int32_t, UConverterCallbackReason reason, UErrorCode* error)
{
    if (reason > UCNV_IRREGULAR)
        return;
    static constexpr UChar character = 0xFFFD;
    *error = U_ZERO_ERROR;
    ucnv_cbToUWriteUChars(args, &character, 1, 0, error);
}

}  // namespace

std::optional<Charset> Charset::named(std::string_view label)
{
    std::string_view const word = trimmed(label);
    if (word.empty() || word.size() > 32 || word.find(' ') != std::string_view::npos)
        return std::nullopt;
    std::string const wanted = " " + ascii_lower(word) + " ";
    auto const found = std::find_if(encodings.begin(), encodings.end(),
        [&](Encoding const& encoding) { return encoding.labels.find(wanted) != std::string_view::npos; });
    if (found == encodings.end())
        return std::nullopt;
    return Charset(static_cast<std::uint8_t>(found - encodings.begin()));
}

Charset Charset::utf8() { return Charset(0); }
Charset Charset::windows_1252() { return Charset(1); }
std::string_view Charset::name() const { return encodings[index_].name; }

/// One ICU converter and the half of a surrogate pair that a piece may end with.
class StreamDecoder::Converter {
public:
    explicit Converter(char const* name)
    {
        UErrorCode error = U_ZERO_ERROR;
        converter_.reset(ucnv_open(name, &error));
        if (U_SUCCESS(error))
            ucnv_setToUCallBack(converter_.get(), write_replacement, nullptr, nullptr, nullptr, &error);
        if (U_FAILURE(error))
            converter_.reset();
    }

    void append(std::string& out, std::string_view bytes, bool last)
    {
        if (!converter_) {
            // FIXME: an ICU built without this converter; Debian's has all of them.
            out += repaired_utf8(bytes);
            return;
        }
        char const* from = bytes.data();
        char const* const end = from + bytes.size();
        UErrorCode error = U_BUFFER_OVERFLOW_ERROR;
        while (error == U_BUFFER_OVERFLOW_ERROR) {
            std::array<UChar, 2048> units;
            UChar* to = units.data();
            error = U_ZERO_ERROR;
            ucnv_toUnicode(converter_.get(), &to, units.data() + units.size(), &from, end, nullptr, last, &error);
            for (UChar const* unit = units.data(); unit != to; ++unit)
                append_unit(out, *unit);
        }
        if (last && lead_ != 0)
            out += replacement;
    }

private:
    void append_unit(std::string& out, UChar unit)
    {
        if (lead_ != 0 && U16_IS_TRAIL(unit)) {
            append_utf8(out, static_cast<char32_t>(U16_GET_SUPPLEMENTARY(lead_, unit)));
            lead_ = 0;
            return;
        }
        if (lead_ != 0)
            out += replacement;
        lead_ = U16_IS_LEAD(unit) ? unit : UChar(0);
        if (U16_IS_TRAIL(unit))
            out += replacement;
        else if (lead_ == 0)
            append_utf8(out, unit);
    }

    struct Close {
        void operator()(UConverter* converter) const { ucnv_close(converter); }
    };
    std::unique_ptr<UConverter, Close> converter_;
    UChar lead_ = 0;
};

StreamDecoder::StreamDecoder(Charset charset)
{
    if (charset != Charset::utf8())
        converter_ = std::make_unique<Converter>(encodings[charset.index_].converter);
}

StreamDecoder::~StreamDecoder() = default;
StreamDecoder::StreamDecoder(StreamDecoder&&) noexcept = default;
StreamDecoder& StreamDecoder::operator=(StreamDecoder&&) noexcept = default;

std::string StreamDecoder::feed(std::string_view bytes) { return decoded(bytes, false); }
std::string StreamDecoder::finish() { return decoded({}, true); }

std::string StreamDecoder::decoded(std::string_view bytes, bool last)
{
    std::string out;
    if (converter_) {
        out.reserve(bytes.size() + bytes.size() / 4);
        converter_->append(out, bytes, last);
    } else {
        std::string joined;
        if (!kept_.empty())
            bytes = joined = kept_.append(bytes);
        std::size_t const kept = last ? 0 : unfinished_bytes(bytes);
        std::string_view const certain = bytes.substr(0, bytes.size() - kept);
        out = is_utf8(certain) ? std::string(certain) : repaired_utf8(certain);
        kept_ = bytes.substr(certain.size());
    }
    bool const at_start = std::exchange(at_start_, at_start_ && out.empty());
    if (at_start && out.starts_with(byte_order_mark))
        out.erase(0, byte_order_mark.size());
    return out;
}

std::string to_utf8(std::string_view bytes, Charset charset)
{
    StreamDecoder decoder(charset);
    std::string out = decoder.feed(bytes);
    out += decoder.finish();
    return out;
}

Charset guessed_charset(std::string_view bytes)
{
    if (is_utf8(bytes)) {
        // NB: ISO-2022-JP is made of ASCII bytes only; its escape sequences stand in no other text.
        bool const escapes = bytes.find("\x1B$B") != std::string_view::npos || bytes.find("\x1B$@") != std::string_view::npos;
        return escapes ? Charset::named("iso-2022-jp").value_or(Charset::utf8()) : Charset::utf8();
    }
    // The first bytes that are not ASCII and what is around them say enough.
    auto const first = static_cast<std::size_t>(std::find_if(bytes.begin(), bytes.end(), is_high) - bytes.begin());
    std::string_view const sample = bytes.substr(first > 1024 ? first - 1024 : 0, sample_bytes_max);
    std::unique_ptr<uchardet, decltype(&uchardet_delete)> const detector(uchardet_new(), uchardet_delete);
    if (!detector || uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0)
        return Charset::windows_1252();
    uchardet_data_end(detector.get());
    std::string_view const name = uchardet_get_charset(detector.get());
    std::optional<Charset> const guess = name == "UHC" ? Charset::named("euc-kr")
        : name == "MAC-CYRILLIC"                       ? Charset::named("x-mac-cyrillic")
                                                       : Charset::named(name);
    return guess && *guess != Charset::utf8() ? *guess : Charset::windows_1252();
}

std::string decoded_text(std::string_view bytes, std::optional<Charset> named)
{
    return to_utf8(bytes, named ? *named : guessed_charset(bytes));
}

}  // namespace backtalk::markup
