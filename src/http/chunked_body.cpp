#include "http/chunked_body.h"

#include <algorithm>

#include "base/text.h"
#include "http/character_class.h"

namespace backtalk::http {

namespace {

constexpr int size_digits_max = 8;
constexpr std::size_t extension_bytes_max = 1024;
constexpr std::size_t trailer_bytes_max = 4096;

bool may_stand_in_line(char ch)
{
    auto const c = static_cast<unsigned char>(ch);
    return c == '\t' || (c >= 0x20 && c != 0x7F);
}

}  // namespace

ChunkedBody::Fed ChunkedBody::feed(std::string_view bytes, std::string& body)
{
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (state_ == State::Data) {
            std::size_t const part = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, bytes.size() - at));
            body.append(bytes, at, part);
            at += part;
            chunk_left_ -= part;
            if (chunk_left_ == 0)
                state_ = State::DataCr;
            continue;
        }
        Outcome outcome = step(bytes[at++]);
        if (state_ == State::Data || (state_ == State::TrailerStart && size_digits_ > 0))
            outcome = end_of_size(body.size());
        if (outcome != Outcome::NeedsMore)
            return Fed{outcome, at};
    }
    return Fed{Outcome::NeedsMore, at};
}

/// The line with the size of a chunk is complete.
ChunkedBody::Outcome ChunkedBody::end_of_size(std::size_t body_bytes)
{
    size_digits_ = 0;
    return chunk_left_ > body_bytes_max_ - std::min(body_bytes, body_bytes_max_) ? Outcome::TooLarge : Outcome::NeedsMore;
}

ChunkedBody::Outcome ChunkedBody::step(char c)
{
    auto const go = [this](State next) {
        state_ = next;
        return Outcome::NeedsMore;
    };
    auto const expect = [&](char wanted, State next) { return c == wanted ? go(next) : Outcome::Malformed; };
    switch (state_) {
    case State::Size:
        if (int const digit = hex_digit_value(c); digit >= 0) {
            chunk_left_ = (size_digits_ == 0 ? 0 : chunk_left_ << 4) | static_cast<unsigned>(digit);
            return ++size_digits_ > size_digits_max ? Outcome::Malformed : Outcome::NeedsMore;
        }
        if (size_digits_ == 0)
            return Outcome::Malformed;
        return c == ';' ? go(State::Extension) : expect('\r', State::SizeLineFeed);
    case State::Extension:
        if (c == '\r')
            return go(State::SizeLineFeed);
        return may_stand_in_line(c) && ++extension_bytes_ <= extension_bytes_max ? Outcome::NeedsMore : Outcome::Malformed;
    case State::SizeLineFeed: return expect('\n', chunk_left_ == 0 ? State::TrailerStart : State::Data);
    case State::Data: break;  // feed() takes these
    case State::DataCr: return expect('\r', State::DataLineFeed);
    case State::DataLineFeed: return expect('\n', State::Size);
    case State::TrailerStart:
        if (c == '\r')
            return go(State::LastLineFeed);
        return is_token_char(c) && ++trailer_bytes_ <= trailer_bytes_max ? go(State::TrailerName) : Outcome::Malformed;
    case State::TrailerName:
        if (++trailer_bytes_ > trailer_bytes_max)
            return Outcome::Malformed;
        return is_token_char(c) ? Outcome::NeedsMore : expect(':', State::TrailerValue);
    case State::TrailerValue:
        if (c == '\r')
            return go(State::TrailerLineFeed);
        return may_stand_in_line(c) && ++trailer_bytes_ <= trailer_bytes_max ? Outcome::NeedsMore : Outcome::Malformed;
    case State::TrailerLineFeed: return expect('\n', State::TrailerStart);
    case State::LastLineFeed: return c == '\n' ? Outcome::Complete : Outcome::Malformed;
    }
    return Outcome::Malformed;
}

}  // namespace backtalk::http
