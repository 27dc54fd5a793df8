#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace backtalk {

/// The ASCII characters that a part of a URL may not hold as they are. Bytes above 0x7E and C0 controls are in every set.
///
/// Spec: https://url.spec.whatwg.org/#percent-encoded-bytes
class PercentEncodeSet {
public:
    constexpr explicit PercentEncodeSet(std::string_view more)
    {
        for (unsigned i = 0; i < 32; ++i)
            add(static_cast<unsigned char>(i));
        add(0x7F);
        for (char const c : more)
            add(static_cast<unsigned char>(c));
    }
    constexpr PercentEncodeSet with(std::string_view more) const
    {
        PercentEncodeSet result = *this;
        for (char const c : more)
            result.add(static_cast<unsigned char>(c));
        return result;
    }
    constexpr bool contains(char c) const
    {
        auto const byte = static_cast<unsigned char>(c);
        return byte >= 128 || ((bits_[byte >> 6] >> (byte & 63)) & 1) != 0;
    }

private:
    constexpr void add(unsigned char byte) { bits_[byte >> 6] |= std::uint64_t{1} << (byte & 63); }

    std::uint64_t bits_[2] = {0, 0};
};

inline constexpr PercentEncodeSet fragment_percent_encode_set(" \"<>`");
inline constexpr PercentEncodeSet special_query_percent_encode_set(" \"#<>'");
inline constexpr PercentEncodeSet path_percent_encode_set(" \"#<>?^`{}");
inline constexpr PercentEncodeSet userinfo_percent_encode_set = path_percent_encode_set.with("/:;=@[\\]|");

/// RFC 3986, 2.3: percent-encoding one of these changes nothing.
constexpr bool is_unreserved(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
}

void append_percent_encoded_byte(std::string& out, char byte);
void append_percent_encoded(std::string& out, std::string_view text, PercentEncodeSet const& set);

/// Each "%" and two hex digits becomes one byte; any other "%" stays. The result may be any bytes, NUL too.
std::string percent_decoded(std::string_view text);
/// Everything but unreserved characters encoded: right for one path segment and for a name or value in a query.
std::string percent_encoded(std::string_view text);
/// Percent-encoding in one spelling: unreserved characters plain, hex digits upper case, and what RFC 3986 allows nowhere in a
/// path or query ("|", "[", a "%" of no encoding …) encoded. For comparing.
std::string percent_normalised(std::string_view text);

}  // namespace backtalk
