// Whatever the bytes and the label, the text is valid UTF-8 of bounded size, and the same however the bytes are cut.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "markup/charset.h"
#include "markup/charset_labels.h"

using namespace backtalk;
using namespace backtalk::markup;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void check_text(std::string_view text, std::string_view bytes)
{
    require(is_valid_utf8(text));
    require(text.size() <= 3 * bytes.size());
}

std::string in_pieces(std::string_view bytes, Charset charset, std::size_t piece)
{
    StreamDecoder decoder(charset);
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        std::string const decoded = decoder.feed(std::string(bytes.substr(at, piece)));
        require(is_valid_utf8(decoded));
        out += decoded;
    }
    return out + decoder.finish();
}

}  // namespace

/// The first byte chooses the charset, the second the size of the pieces; up to the first line feed stands a Content-Type.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    if (size < 2)
        return 0;
    std::string_view const input(reinterpret_cast<char const*>(bytes) + 2, size - 2);
    auto const charset = Charset::named(encodings[bytes[0] % encodings.size()].name);
    require(charset.has_value());
    std::string const text = to_utf8(input, *charset);
    check_text(text, input);
    require(in_pieces(input, *charset, 1 + bytes[1] % 7U) == text);

    check_text(decoded_text(input, std::nullopt), input);
    if (is_valid_utf8(input))
        require(guessed_charset(input) == Charset::utf8() || input.find("\x1B$") != std::string_view::npos);

    std::size_t const line = input.find('\n');
    std::string_view const content_type = input.substr(0, line);
    std::string_view const page = line == std::string_view::npos ? input : input.substr(line + 1);
    check_text(decoded_html(page, content_type), page);
    if (auto const label = charset_of_content_type(content_type))
        require(!label->empty() && label->size() <= content_type.size());
    Charset::named(content_type);
    return 0;
}
