#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/user_name.h"
#include "base/date.h"

namespace backtalk::accounts {

/// The secret of a second factor: what the phone knows and we know.
///
/// Spec: RFC 6238 with what every authenticator app has: SHA-1, 30 seconds, six digits; RFC 4648, 6 for base32.
class TotpSecret {
public:
    static TotpSecret random();  ///< 160 bits
    /// Base32 in any letter case, blanks left out, 128 bits at least. Nothing for all else.
    static std::optional<TotpSecret> parse(std::string_view base32);

    std::string base32() const;  ///< Upper case, without padding.
    /// What an authenticator app reads: "otpauth://totp/blog.example:ada?secret=…&issuer=blog.example".
    std::string otpauth_uri(UserName const& user, std::string_view site_host) const;
    /// The code of one step of 30 seconds since 1970.
    std::string code_at(std::int64_t step, int digits = 6) const;
    /// The step whose code this is, the present one or one beside it, since clocks differ and people are slow. Only steps after `used`: no
    /// code is taken twice.
    std::optional<std::int64_t> matching_step(std::string_view code, Instant now, std::int64_t used) const;

private:
    explicit TotpSecret(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) { }
    std::vector<std::uint8_t> bytes_;
};

inline constexpr std::int64_t totp_step_seconds = 30;

/// Codes that stand in for a lost phone, each once: "k3vq-8m2x-77wd", 60 random bits.
std::vector<std::string> random_recovery_codes();
inline constexpr std::size_t recovery_code_count = 10;
/// What is stored of one. Letter case, blanks and hyphens play no part. The throttle of the sign-in stands before it, so nothing slow is
/// needed; nothing for what has not the form of one.
std::optional<std::string> recovery_code_hash(std::string_view code);

}  // namespace backtalk::accounts
