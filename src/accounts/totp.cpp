#include "accounts/totp.h"

#include <array>

#include <fmt/format.h>

#include "accounts/sha1.h"
#include "accounts/sodium.h"
#include "base/text.h"

namespace backtalk::accounts {

namespace {

constexpr std::string_view base32_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Without letters and digits that look alike.
constexpr std::string_view recovery_alphabet = "abcdefghjkmnpqrstuvwxyz234567890";
static_assert(recovery_alphabet.size() == 32);

constexpr std::size_t recovery_characters = 12;

/// For an otpauth URI: everything but unreserved characters.
std::string encoded(std::string_view text)
{
    std::string out;
    for (char const c : text) {
        if (is_ascii_alnum(c) || c == '-' || c == '.' || c == '_')
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

TotpSecret TotpSecret::random()
{
    start_sodium();
    std::vector<std::uint8_t> bytes(20);
    randombytes_buf(bytes.data(), bytes.size());
    return TotpSecret(std::move(bytes));
}

std::optional<TotpSecret> TotpSecret::parse(std::string_view base32)
{
    std::vector<std::uint8_t> bytes;
    unsigned buffer = 0;
    unsigned bits = 0;
    for (char const c : base32) {
        if (c == ' ' || c == '=')
            continue;
        auto const upper = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        auto const value = base32_alphabet.find(upper);
        if (value == std::string_view::npos || bytes.size() >= 64)
            return std::nullopt;
        buffer = (buffer << 5 | static_cast<unsigned>(value)) & 0xFFF;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>(buffer >> bits));
        }
    }
    if (bytes.size() < 16)
        return std::nullopt;
    return TotpSecret(std::move(bytes));
}

std::string TotpSecret::base32() const
{
    std::string text;
    unsigned buffer = 0;
    unsigned bits = 0;
    for (std::uint8_t const byte : bytes_) {
        buffer = (buffer << 8 | byte) & 0xFFFF;
        for (bits += 8; bits >= 5; bits -= 5)
            text += base32_alphabet[buffer >> (bits - 5) & 31];
    }
    if (bits > 0)
        text += base32_alphabet[buffer << (5 - bits) & 31];
    return text;
}

std::string TotpSecret::otpauth_uri(UserName const& user, std::string_view host) const
{
    std::string const issuer = encoded(host);
    return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}", issuer, encoded(user.str()), base32(), issuer);
}

std::string TotpSecret::code_at(std::int64_t step, int digits) const
{
    std::array<std::uint8_t, 8> counter;
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
    Sha1Digest const mac = hmac_sha1(bytes_, counter);
    // RFC 4226, 5.3: dynamic truncation.
    std::size_t const at = mac.back() & 15;
    std::uint32_t const number =
        std::uint32_t{mac[at] & 0x7Fu} << 24 | std::uint32_t{mac[at + 1]} << 16 | std::uint32_t{mac[at + 2]} << 8 | mac[at + 3];
    std::uint32_t modulus = 1;
    for (int i = 0; i < digits; ++i)
        modulus *= 10;
    return fmt::format("{:0{}}", number % modulus, digits);
}

std::optional<std::int64_t> TotpSecret::matching_step(std::string_view code, Instant now, std::int64_t used) const
{
    std::string digits;
    for (char const c : code)
        if (c != ' ')
            digits += c;
    std::int64_t const present = now.time_since_epoch().count() / totp_step_seconds;
    for (std::int64_t step = present - 1; step <= present + 1; ++step) {
        std::string const right = code_at(step);
        if (step > used && digits.size() == right.size() && sodium_memcmp(digits.data(), right.data(), right.size()) == 0)
            return step;
    }
    return std::nullopt;
}

std::vector<std::string> random_recovery_codes()
{
    start_sodium();
    std::vector<std::string> codes;
    for (std::size_t i = 0; i < recovery_code_count; ++i) {
        std::string code;
        for (std::size_t k = 0; k < recovery_characters; ++k) {
            if (k > 0 && k % 4 == 0)
                code += '-';
            code += recovery_alphabet[randombytes_uniform(32)];
        }
        codes.push_back(std::move(code));
    }
    return codes;
}

std::optional<std::string> recovery_code_hash(std::string_view code)
{
    std::string plain = "recovery code ";
    std::size_t const start = plain.size();
    for (char const c : code) {
        if (c == ' ' || c == '-')
            continue;
        if (recovery_alphabet.find(to_ascii_lower(c)) == std::string_view::npos || plain.size() >= start + recovery_characters)
            return std::nullopt;
        plain += to_ascii_lower(c);
    }
    if (plain.size() != start + recovery_characters)
        return std::nullopt;
    start_sodium();
    std::array<unsigned char, 32> hash;
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<unsigned char const*>(plain.data()), plain.size(), nullptr, 0);
    return to_hex(std::string_view(reinterpret_cast<char const*>(hash.data()), hash.size()));
}

}  // namespace backtalk::accounts
