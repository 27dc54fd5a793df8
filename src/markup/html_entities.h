#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace backtalk::markup {

/// Where a reference stands: in attributes "&not=1" and "&notit" stay as they are, so that old query strings survive.
enum class ReferencePlace { Text, Attribute };

/// What a character reference stands for, in UTF-8.
struct CharacterReference {
    std::size_t length = 0;  ///< Bytes of source, 0 where the ampersand is only an ampersand.
    std::array<char, 8> bytes{};
    std::uint8_t size = 0;

    std::string_view str() const { return {bytes.data(), size}; }
};

/// The reference at the start of `text`, which begins with an ampersand. All of the named ones and the numeric ones;
/// impossible code points become U+FFFD, 0x80 to 0x9F are read as windows-1252.
///
/// Spec: https://html.spec.whatwg.org/multipage/parsing.html#character-reference-state
CharacterReference character_reference(std::string_view text, ReferencePlace place);

/// Whether more text behind `text`, which begins with an ampersand, could still change what character_reference() says.
bool reference_is_open(std::string_view text);

/// For an open numeric reference: the same one in at most 16 bytes, however many digits it has had. Else `text` as it is.
std::string shortened_open_reference(std::string_view text);

/// Appends `text` with its references replaced.
void append_decoded_references(std::string& out, std::string_view text, ReferencePlace place);

/// Plain text that carries references all the same ("It&#8217;s &amp;"), as TrackBack fields often do.
std::string decoded_references(std::string_view text);

}  // namespace backtalk::markup
