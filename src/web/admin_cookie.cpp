#include "web/admin_cookie.h"

#include <fmt/format.h>

#include "app/sign_in.h"
#include "base/text.h"

namespace backtalk::web {

namespace {

constexpr std::string_view cookie_name = "__Host-backtalk";
/// Lax, not Strict: a link in a mail to one of our pages shall find its reader signed in. Forms have a CSRF token besides.
constexpr std::string_view attributes = "Path=/; Secure; HttpOnly; SameSite=Lax";
constexpr std::string_view device_cookie_name = "__Host-backtalk-device";
/// As long as browsers keep any cookie (RFC 6265bis, 5.5).
constexpr std::chrono::hours device_cookie_lives{24 * 400};

/// Empty if there is no cookie of that name.
std::string_view value_of(http::Request const& request, std::string_view name)
{
    for (std::string_view const line : request.headers.all("Cookie"))
        for (std::string_view const pair : split(line, ';')) {
            auto const equals = pair.find('=');
            if (equals != std::string_view::npos && trimmed(pair.substr(0, equals)) == name)
                return trimmed(pair.substr(equals + 1));
        }
    return {};
}

}  // namespace

std::optional<accounts::SecretToken> cookie_of(http::Request const& request)
{
    return accounts::SecretToken::parse(value_of(request, cookie_name));
}

std::string device_of(http::Request const& request) { return std::string(value_of(request, device_cookie_name)); }

std::string visitor_cookie(accounts::SecretToken const& token) { return fmt::format("{}={}; {}", cookie_name, token.str(), attributes); }

std::string session_cookie(accounts::SecretToken const& token)
{
    return fmt::format("{}; Max-Age={}", visitor_cookie(token), std::chrono::seconds(SignIn::age_max).count());
}

std::string no_cookie() { return fmt::format("{}=; {}; Max-Age=0", cookie_name, attributes); }

std::string device_cookie(std::string_view device)
{
    return fmt::format("{}={}; {}; Max-Age={}", device_cookie_name, device, attributes, std::chrono::seconds(device_cookie_lives).count());
}

}  // namespace backtalk::web
