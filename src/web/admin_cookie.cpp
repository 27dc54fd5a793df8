#include "web/admin_cookie.h"

#include <fmt/format.h>

#include "app/sign_in.h"
#include "base/text.h"

namespace backtalk::web {

namespace {

constexpr std::string_view cookie_name = "__Host-backtalk";
/// Lax, not Strict: a link in a mail to one of our pages shall find its reader signed in. Forms have a CSRF token besides.
constexpr std::string_view attributes = "Path=/; Secure; HttpOnly; SameSite=Lax";

}  // namespace

std::optional<accounts::SecretToken> cookie_of(http::Request const& request)
{
    for (std::string_view const line : request.headers.all("Cookie"))
        for (std::string_view const pair : split(line, ';')) {
            auto const equals = pair.find('=');
            if (equals != std::string_view::npos && trimmed(pair.substr(0, equals)) == cookie_name)
                return accounts::SecretToken::parse(trimmed(pair.substr(equals + 1)));
        }
    return std::nullopt;
}

std::string visitor_cookie(accounts::SecretToken const& token) { return fmt::format("{}={}; {}", cookie_name, token.str(), attributes); }

std::string session_cookie(accounts::SecretToken const& token)
{
    return fmt::format("{}; Max-Age={}", visitor_cookie(token), std::chrono::seconds(SignIn::age_max).count());
}

std::string no_cookie() { return fmt::format("{}=; {}; Max-Age=0", cookie_name, attributes); }

}  // namespace backtalk::web
