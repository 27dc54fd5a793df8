#include "accounts/password.h"

#include <set>

#include <fmt/format.h>

#include "accounts/sodium.h"
#include "base/text.h"

namespace backtalk::accounts {

namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = 19456u * 1024;

Result<std::string> hash_text(std::string_view text)
{
    start_sodium();
    char hash[crypto_pwhash_STRBYTES] = {};
    if (crypto_pwhash_str_alg(hash, text.data(), text.size(), passes, memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return failure(ErrorCode::Unavailable, "there is not enough memory to hash a password");
    return std::string(hash);
}

/// Of a password that nobody knows.
std::string const& nobodys_hash()
{
    static std::string const hash = [] {
        start_sodium();
        char secret[32];
        randombytes_buf(secret, sizeof secret);
        return hash_text(std::string_view(secret, sizeof secret)).value_or("");
    }();
    return hash;
}

}  // namespace

Result<Password> Password::choose(std::string_view text, UserName const& owner)
{
    if (!is_valid_utf8(text))
        return failure(ErrorCode::Malformed, "a password is text in UTF-8");
    std::size_t const characters = code_point_count(text);
    if (characters < password_characters_min)
        return failure(ErrorCode::Malformed,
            fmt::format(
                "a password has at least {} characters: take a sentence, or let a password manager choose", password_characters_min));
    if (text.size() > password_bytes_max || characters > 256)
        return failure(ErrorCode::Malformed, "a password has at most 256 characters");
    if (std::set<char>(text.begin(), text.end()).size() < 5)
        return failure(ErrorCode::Malformed, "a password has at least five different characters");
    if (ascii_lower(text) == owner.key())
        return failure(ErrorCode::Malformed, "a password is not the name of who uses it");
    return Password(std::string(text));
}

Result<std::string> hash_password(Password const& password) { return hash_text(password.text()); }

bool verify_password(std::string_view hash, std::string_view text)
{
    start_sodium();
    if (text.size() > password_bytes_max)
        return false;
    // Made at the first call, whoever that is about: else the first name that nobody has would take longer.
    std::string const& nobodys = nobodys_hash();
    std::string const against(hash.empty() ? std::string_view(nobodys) : hash);
    return crypto_pwhash_str_verify(against.c_str(), text.data(), text.size()) == 0 && !hash.empty();
}

bool needs_rehash(std::string const& hash) { return crypto_pwhash_str_needs_rehash(hash.c_str(), passes, memory_bytes) != 0; }

}  // namespace backtalk::accounts
