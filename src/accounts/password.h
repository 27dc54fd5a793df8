#pragma once

#include <string>
#include <string_view>

#include "accounts/user_name.h"
#include "base/result.h"

namespace backtalk::accounts {

/// A password that somebody chose: 12 to 256 characters. Twelve because the store may be stolen some day and Argon2id makes each guess
/// dear, not impossible; no rules about kinds of characters, which only move people to "Password123!" (NIST SP 800-63B, 5.1.1.2).
///
/// Errors: Malformed, with a sentence for who chose it: too short, too long, fewer than five different characters, the name itself.
class Password {
public:
    static Result<Password> choose(std::string_view text, UserName const& owner);
    std::string_view text() const { return text_; }

private:
    explicit Password(std::string text) : text_(std::move(text)) { }
    std::string text_;
};

inline constexpr std::size_t password_characters_min = 12;
inline constexpr std::size_t password_bytes_max = 1024;

// Argon2id (RFC 9106) with 19 MiB and two passes: some tens of milliseconds of one core, and OWASP's minimum in 2024. What was asked for
// stands in the hash, so that it may grow. Both functions below take that time and memory: on work threads only.

/// "$argon2id$v=19$m=19456,t=2,p=1$…". Errors: Unavailable (no memory).
Result<std::string> hash_password(Password const& password);
/// Whether `text` is the password of `hash`. With an empty hash (nobody of that name, or no password chosen yet) it is not, and to find
/// that out takes as long: the time tells nobody which names exist.
bool verify_password(std::string_view hash, std::string_view text);
/// Whether it was made with less than is asked for today: hash it again at the next sign-in.
bool needs_rehash(std::string const& hash);

}  // namespace backtalk::accounts
