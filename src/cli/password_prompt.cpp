#include "cli/password_prompt.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include <fmt/format.h>

namespace backtalk::cli {

namespace {

/// The terminal, not showing what is typed as long as this lives.
class SilentTerminal {
public:
    SilentTerminal()
    {
        ::tcgetattr(STDIN_FILENO, &before_);
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~SilentTerminal() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    SilentTerminal(SilentTerminal const&) = delete;
    SilentTerminal& operator=(SilentTerminal const&) = delete;

    Result<std::string> ask(std::string_view question)
    {
        (void)!::write(STDERR_FILENO, question.data(), question.size());
        std::string line;
        char c = 0;
        for (;;) {
            ssize_t const got = ::read(STDIN_FILENO, &c, 1);
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                return failure(ErrorCode::Malformed, "no password was given");
            if (c == '\n')
                break;
            line += c;
        }
        (void)!::write(STDERR_FILENO, "\n", 1);
        return line;
    }

private:
    termios before_{};
};

/// Makes `text` what standard input gives.
Result<void> put_on_standard_input(std::string const& text)
{
    int const memory = ::memfd_create("password", MFD_CLOEXEC);
    bool const done = memory >= 0 && ::write(memory, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::lseek(memory, 0, SEEK_SET) == 0 && ::dup2(memory, STDIN_FILENO) == STDIN_FILENO;
    int const reason = errno;
    if (memory >= 0)
        ::close(memory);
    if (!done)
        return failure(ErrorCode::Unavailable, fmt::format("cannot pass on the password: {}", std::strerror(reason)));
    return {};
}

}  // namespace

Result<void> prompt_for_password(Options const& options)
{
    bool const is_needed = options.command == "user add" || options.command == "user password";
    if (!is_needed || options.password_stdin)
        return {};
    if (::isatty(STDIN_FILENO) == 0)
        return failure(
            ErrorCode::Malformed, "there is no terminal to ask for the password: give it on standard input with --password-stdin");
    std::string password;
    {
        SilentTerminal terminal;
        TRY(password, terminal.ask(fmt::format("Password for {}: ", options.words.front())));
        TRY(std::string const again, terminal.ask("Once more: "));
        if (password != again)
            return failure(ErrorCode::Malformed, "the two passwords differ: nothing was changed");
    }
    return put_on_standard_input(password + "\n");
}

}  // namespace backtalk::cli
