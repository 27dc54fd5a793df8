#include "url/host.h"

#include <unicode/uidna.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/text.h"
#include "url/address.h"
#include "url/percent.h"

namespace backtalk {
namespace {

constexpr std::size_t host_bytes_max = 1024;

/// https://url.spec.whatwg.org/#forbidden-domain-code-point
bool is_forbidden_in_domain(char c)
{
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || std::string_view("#/:<>?@[\\]^|%").find(c) != std::string_view::npos;
}

bool is_ascii(std::string_view text)
{
    for (char const c : text)
        if (static_cast<unsigned char>(c) >= 128)
            return false;
    return true;
}

/// A label that claims to be Punycode. `domain` is in lower case.
bool has_ace_label(std::string_view domain) { return domain.starts_with("xn--") || domain.find(".xn--") != std::string_view::npos; }

/// UTS 46, 4, step 4.1: Punycode of nothing, or of ASCII alone, is an error. ICU 72 lets some of these pass.
bool has_idle_ace_label(std::string_view domain)
{
    for (std::string_view const label : split(domain, '.'))
        if (label.starts_with("xn--") && (label.size() == 4 || label.back() == '-'))
            return true;
    return false;
}

UIDNA const* uts46()
{
    static UIDNA const* const instance = [] {
        UErrorCode error = U_ZERO_ERROR;
        UIDNA* const opened = uidna_openUTS46(
            UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ, &error);
        return U_SUCCESS(error) ? opened : nullptr;
    }();
    return instance;
}

/// https://url.spec.whatwg.org/#concept-domain-to-ascii with beStrict false.
Result<std::string> domain_to_ascii(std::string_view domain)
{
    if (is_ascii(domain)) {
        std::string lower = ascii_lower(domain);
        if (!has_ace_label(lower))
            return lower;
        if (has_idle_ace_label(lower))
            return failure(ErrorCode::Malformed, "host with empty Punycode");
    }
    if (uts46() == nullptr)
        return failure(ErrorCode::Internal, "ICU has no IDNA data");
    std::array<char, host_bytes_max> ascii;
    UErrorCode error = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    std::int32_t const length = uidna_nameToASCII_UTF8(uts46(), domain.data(), static_cast<std::int32_t>(domain.size()), ascii.data(),
        static_cast<std::int32_t>(ascii.size()), &info, &error);
    // CheckHyphens and VerifyDnsLength are false, so these are no errors here.
    std::uint32_t const ignored = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG |
        UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
    if (U_FAILURE(error) || (info.errors & ~ignored) != 0)
        return failure(ErrorCode::Malformed, "host is no domain name (IDNA)");
    std::string result(ascii.data(), static_cast<std::size_t>(length));
    if (has_idle_ace_label(result))
        return failure(ErrorCode::Malformed, "host with empty Punycode");
    return result;
}

/// https://url.spec.whatwg.org/#ipv4-number-parser. A number that does not fit 32 bits is 2^32.
std::optional<std::uint64_t> parse_ipv4_number(std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    unsigned radix = 10;
    if (text.size() >= 2 && text[0] == '0') {
        bool const hex = text[1] == 'x' || text[1] == 'X';
        radix = hex ? 16 : 8;
        text.remove_prefix(hex ? 2 : 1);
    }
    constexpr std::uint64_t too_large = std::uint64_t{1} << 32;
    std::uint64_t value = 0;
    for (char const c : text) {
        int const digit = hex_digit_value(c);
        if (digit < 0 || static_cast<unsigned>(digit) >= radix)
            return std::nullopt;
        value = std::min(value * radix + static_cast<unsigned>(digit), too_large);
    }
    return value;
}

/// The labels of a host, without the empty one behind a trailing dot.
std::vector<std::string_view> labels_of(std::string_view host)
{
    std::vector<std::string_view> labels = split(host, '.');
    if (labels.size() > 1 && labels.back().empty())
        labels.pop_back();
    return labels;
}

/// https://url.spec.whatwg.org/#ends-in-a-number-checker
bool ends_in_a_number(std::vector<std::string_view> const& labels)
{
    std::string_view const last = labels.back();
    if (!last.empty() && last.find_first_not_of("0123456789") == std::string_view::npos)
        return true;
    return parse_ipv4_number(last).has_value();
}

/// https://url.spec.whatwg.org/#concept-ipv4-parser: "0x7f.1" and "2130706433" are 127.0.0.1 to every browser, so to us too.
Result<std::string> parse_ipv4(std::vector<std::string_view> const& labels)
{
    if (labels.size() > 4)
        return failure(ErrorCode::Malformed, "IPv4 address with more than four parts");
    std::uint64_t address = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        std::optional<std::uint64_t> const number = parse_ipv4_number(labels[i]);
        if (!number)
            return failure(ErrorCode::Malformed, "host ends in a number and is no IPv4 address");
        bool const last = i + 1 == labels.size();
        std::uint64_t const limit = last ? std::uint64_t{1} << (8 * (5 - labels.size())) : 256;
        if (*number >= limit)
            return failure(ErrorCode::Malformed, "part of an IPv4 address is too large");
        address += last ? *number : *number << (8 * (3 - i));
    }
    return Address::from_ipv4(static_cast<std::uint32_t>(address)).str();
}

}  // namespace

Result<std::string> parse_host(std::string_view text)
{
    if (text.starts_with('[')) {
        // Only the IPv6 parser sees what is in brackets: no percent-decoding, so no zone identifier either.
        std::optional<Address> const address = text.ends_with(']') ? Address::parse(text) : std::nullopt;
        if (!address)
            return failure(ErrorCode::Malformed, "no IPv6 address in brackets");
        return '[' + address->str() + ']';
    }
    if (text.size() > 3 * host_bytes_max)
        return failure(ErrorCode::Malformed, "host is too long");
    std::string domain = percent_decoded(text);
    if (!is_valid_utf8(domain))
        domain = repaired_utf8(domain);
    if (domain.size() > host_bytes_max)
        return failure(ErrorCode::Malformed, "host is too long");
    TRY(std::string ascii, domain_to_ascii(domain));
    if (ascii.empty())
        return failure(ErrorCode::Malformed, "empty host");
    for (char const c : ascii)
        if (is_forbidden_in_domain(c))
            return failure(ErrorCode::Malformed, "forbidden character in the host");
    std::vector<std::string_view> const labels = labels_of(ascii);
    if (ends_in_a_number(labels))
        return parse_ipv4(labels);
    return ascii;
}

std::string_view without_root_dot(std::string_view host)
{
    bool const has_one = host.size() > 1 && host.ends_with('.') && !host.ends_with("..");
    return has_one ? host.substr(0, host.size() - 1) : host;
}

bool is_host_label(std::string_view text)
{
    return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
        std::ranges::all_of(text, [](char c) { return is_ascii_alnum(c) || c == '-'; });
}

}  // namespace backtalk
