#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backtalk::accounts {

/// What a token opens. A hash of one kind is none of another.
enum class TokenKind { Session, Application, SetupLink, Feed, DeedLink };

/// 256 random bits that open something: a session's cookie, an application token, a link that works once. Only its holder has it; what is
/// stored is token_hash(), from which nobody can make it.
class SecretToken {
public:
    static SecretToken random();
    /// 43 characters of base64url, as str() has them. Nothing for all else.
    static std::optional<SecretToken> parse(std::string_view text);

    std::string const& str() const { return text_; }
    /// BLAKE2b-256 of the kind and the token, in hexadecimal. 256 random bits cannot be guessed, so nothing slow is needed.
    std::string hash(TokenKind kind) const;

private:
    explicit SecretToken(std::string text) : text_(std::move(text)) { }
    std::string text_;
};

/// What application tokens begin with, so that people and secret scanners know them when they see one: "bt_…"
inline constexpr std::string_view application_token_prefix = "bt_";

/// What the cookie of a device holds by which somebody has signed in before: the device's own random name, and a proof of it that nobody
/// can make without the stored hash of the password. So nothing of it needs to be stored, and a new password makes it worthless.
std::string device_proof(SecretToken const& device, std::string_view password_hash);
/// The device. Nothing if this is no proof for that password.
std::optional<SecretToken> proved_device(std::string_view proof, std::string_view password_hash);

/// The token against cross-site request forgery: it goes into every form of a page and comes back with it. Made from the cookie's own token
/// (keyed BLAKE2b), so it is bound to the session and nothing of it needs to be stored.
std::string csrf_token(SecretToken const& cookie);
/// In constant time.
bool is_csrf_token(SecretToken const& cookie, std::string_view sent);

}  // namespace backtalk::accounts
