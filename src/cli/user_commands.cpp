#include <fmt/format.h>

#include "accounts/role.h"
#include "async/task_group.h"
#include "cli/commands.h"

namespace backtalk::cli {

namespace {

constexpr std::uint64_t password_bytes_max = 64 * 1024;

/// The first line of standard input: prompt_for_password() has put it there if it came from a terminal.
Result<std::string> read_password(Streams& streams)
{
    TRY(std::string text, streams.read_file("-", password_bytes_max));
    text.resize(std::min(text.find('\n'), text.size()));
    if (text.ends_with('\r'))
        text.pop_back();
    return text;
}

Result<Role> chosen_role(Home& home, Options const& options)
{
    if (auto const role = accounts::role_named(options.role))
        return *role;
    // Somebody must be able to do everything.
    TRY(std::vector<User> const users, home.people.users());
    return users.empty() ? Role::Owner : Role::Author;
}

void print_user(Streams& streams, User const& user, bool json)
{
    if (json) {
        JsonLine line;
        line.add("id", user.id.value).add("name", user.name.str()).add("role", to_word(user.role));
        line.add_flag("has_password", !user.password.empty()).add_flag("second_factor", !user.totp_secret.empty());
        line.add("added", rfc3339(user.added));
        if (user.signed_in)
            line.add("signed_in", rfc3339(*user.signed_in));
        else
            line.add_null("signed_in");
        return streams.print(line.str());
    }
    streams.print(fmt::format("{:<24} {:<10} {}{}\n", user.name.str(), to_word(user.role),
        user.signed_in ? "last signed in " + rfc3339(*user.signed_in) : "never signed in",
        user.totp_secret.empty() ? "" : ", second factor"));
}

Result<void> add_user(Home& home, Options const& options, Streams& streams)
{
    TRY(Role const role, chosen_role(home, options));
    TRY(std::string password, read_password(streams));
    std::optional<std::string> given(std::move(password));
    TRY(User const user, run_blocking(home.pool, home.accounts.add(options.words.front(), role, std::move(given), Actor::command_line())));
    if (!options.quiet)
        print_user(streams, user, options.json);
    return {};
}

Result<void> list_tokens(Home& home, Options const& options, Streams& streams)
{
    TRY(std::vector<AppToken> const tokens, home.people.app_tokens(std::nullopt));
    for (AppToken const& token : tokens) {
        TRY(std::optional<User> const user, home.people.user(token.user));
        std::string const name = user ? user->name.str() : std::string();
        if (options.json) {
            JsonLine line;
            line.add("id", token.id.value).add("user", name).add("name", token.name).add("scopes", token.scopes.str());
            line.add("added", rfc3339(token.added));
            if (token.used)
                line.add("used", rfc3339(*token.used));
            else
                line.add_null("used");
            streams.print(line.str());
        } else {
            streams.print(fmt::format("{:>4} {:<20} {:<24} {:<20} {}\n", token.id.value, name, token.name, token.scopes.str(),
                token.used ? "last used " + rfc3339(*token.used) : "never used"));
        }
    }
    return {};
}

Result<void> add_token(Home& home, Options const& options, Streams& streams)
{
    TRY(User const user, home.accounts.named(options.words.front()));
    auto const scopes = Scopes::parse(options.scopes);
    if (!scopes)
        return failure(ErrorCode::Malformed, fmt::format("'{}' are no scopes: read, moderate, write", options.scopes));
    TRY(std::string const token,
        run_blocking(home.pool, home.accounts.add_token(user, options.title.value_or("command line"), *scopes, Actor::command_line())));
    // Alone on its line, for scripts: it is never shown again.
    streams.print(options.json ? JsonLine().add("token", token).add("scopes", scopes->str()).str() : token + "\n");
    return {};
}

Result<void> set_password(Home& home, User const& user, Options const& options, Streams& streams)
{
    TRY(std::string password, read_password(streams));
    TRY_DONE(run_blocking(home.pool, home.accounts.set_password(user, std::move(password), Actor::command_line())));
    if (options.remove_tokens)
        TRY_DONE(run_blocking(home.pool, home.accounts.close_other_ways_in(user, Actor::command_line())));
    TRY(OtherWaysIn const ways, home.people.other_ways_in(user.id));
    if (options.json)
        streams.print(JsonLine().add("tokens", ways.tokens).add_flag("digest_feed", ways.has_feed).str());
    else if (!ways.empty() && !options.quiet)
        streams.print(fmt::format("{}; user password --remove-tokens ends that as well\n", sentence_of(ways)));
    return {};
}

}  // namespace

Result<void> run_user_command(Home& home, Options const& options, Streams& streams)
{
    if (options.command == "user list") {
        TRY(std::vector<User> const users, home.people.users());
        for (User const& user : users)
            print_user(streams, user, options.json);
        return {};
    }
    if (options.command == "user add")
        return add_user(home, options, streams);
    TRY(User const user, home.accounts.named(options.words.front()));
    if (options.command == "user password")
        return set_password(home, user, options, streams);
    if (options.command == "user forget-factor")
        return run_blocking(home.pool, home.accounts.forget_second_factor(user, Actor::command_line()));
    if (options.command == "user remove")
        return run_blocking(home.pool, home.accounts.remove(user, Actor::command_line()));
    return run_blocking(home.pool, home.accounts.set_role(user, accounts::role_named(options.role).value(), Actor::command_line()));
}

Result<void> run_token_command(Home& home, Options const& options, Streams& streams)
{
    if (options.command == "token list")
        return list_tokens(home, options, streams);
    if (options.command == "token add")
        return add_token(home, options, streams);
    return run_blocking(home.pool, home.accounts.remove_token(std::nullopt, AppTokenId(options.ids.front()), Actor::command_line()));
}

}  // namespace backtalk::cli
