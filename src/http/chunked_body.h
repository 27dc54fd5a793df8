#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace backtalk::http {

/// Joins the chunks of a body as they come. One object for each body.
///
/// Strict: sizes of one to eight hex digits and nothing beside them, CRLF everywhere; extensions are read over up to 1 KiB in a
/// body, trailers are checked and dropped up to 4 KiB (NB: never merged into the headers).
/// Spec: RFC 9112, 7.1.
class ChunkedBody {
public:
    enum class Outcome { NeedsMore, Complete, Malformed, TooLarge };

    explicit ChunkedBody(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) { }

    struct Fed {
        Outcome outcome;
        std::size_t consumed;  ///< All of `bytes`, unless the body ended before.
    };
    /// Appends what is body in `bytes` to `body`. Not again after an outcome other than NeedsMore.
    Fed feed(std::string_view bytes, std::string& body);

private:
    enum class State {
        Size,
        Extension,
        SizeLineFeed,
        Data,
        DataCr,
        DataLineFeed,
        TrailerStart,
        TrailerName,
        TrailerValue,
        TrailerLineFeed,
        LastLineFeed
    };

    Outcome step(char c);
    Outcome end_of_size(std::size_t body_bytes);

    std::size_t body_bytes_max_;
    State state_ = State::Size;
    std::uint64_t chunk_left_ = 0;
    int size_digits_ = 0;
    std::size_t extension_bytes_ = 0;
    std::size_t trailer_bytes_ = 0;
};

}  // namespace backtalk::http
