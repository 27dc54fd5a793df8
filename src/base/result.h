#pragma once

#include <expected>
#include <string>
#include <utility>

namespace backtalk {

/// What went wrong, as far as it decides what the other side hears and whether we try again.
enum class ErrorCode {
    Malformed,    ///< The input is not what its format asks for. Trying again will not help.
    Refused,      ///< Well-formed, but not allowed here.
    NotFound,     ///< What was named does not exist.
    Gone,         ///< It existed and was deleted for good (HTTP 410).
    TooLarge,     ///< Over a limit of ours.
    Conflict,     ///< Contradicts what is stored.
    Timeout,      ///< Took longer than its deadline; may pass.
    Busy,         ///< A limit of ours, kept for politeness: nothing is known against the other side; try again soon.
    Unavailable,  ///< The other side or a resource of ours is out of order for now; may pass.
    Internal,     ///< Our own mistake or a broken disk.
};

/// A code for programs and a sentence for people (in logs and on the command line, never sent to strangers as it is).
struct Error {
    Error(ErrorCode the_code, std::string the_text) : code(the_code), text(std::move(the_text)) { }

    ErrorCode code;
    std::string text;

    bool may_pass() const { return code == ErrorCode::Timeout || code == ErrorCode::Busy || code == ErrorCode::Unavailable; }
    bool operator==(Error const&) const = default;
};

template <class T> using Result = std::expected<T, Error>;

/// The failed side of any Result: `return failure(ErrorCode::Malformed, "no scheme");`
inline std::unexpected<Error> failure(ErrorCode code, std::string text)
{
    return std::unexpected<Error>(std::in_place, code, std::move(text));
}

}  // namespace backtalk

#define BACKTALK_JOIN_(a, b) a##b
#define BACKTALK_JOIN(a, b) BACKTALK_JOIN_(a, b)
#define BACKTALK_TRY(leave, temporary, declaration, ...)                                                                                   \
    auto temporary = (__VA_ARGS__);                                                                                                        \
    if (!temporary.has_value())                                                                                                            \
        leave std::unexpected<::backtalk::Error>(std::move(temporary).error());                                                            \
    declaration = *std::move(temporary)

/// TRY(Url source, Url::parse(field)); returns the error, or declares source.
#define TRY(declaration, ...) BACKTALK_TRY(return, BACKTALK_JOIN(try_, __COUNTER__), declaration, __VA_ARGS__)
/// The same inside a coroutine.
#define CO_TRY(declaration, ...) BACKTALK_TRY(co_return, BACKTALK_JOIN(try_, __COUNTER__), declaration, __VA_ARGS__)

#define BACKTALK_CHECK(leave, temporary, ...)                                                                                              \
    if (auto temporary = (__VA_ARGS__); !temporary.has_value())                                                                            \
    leave std::unexpected<::backtalk::Error>(std::move(temporary).error())

/// TRY_DONE(store.remove(id)); returns the error of a Result whose value is not wanted.
#define TRY_DONE(...) BACKTALK_CHECK(return, BACKTALK_JOIN(try_, __COUNTER__), __VA_ARGS__)
#define CO_TRY_DONE(...) BACKTALK_CHECK(co_return, BACKTALK_JOIN(try_, __COUNTER__), __VA_ARGS__)
