#pragma once

#include <algorithm>

#include "net/connection.h"

namespace backtalk {

/// What a connection holds only while something is unfinished: part of a request, or of an answer.
struct Connection::Slow {
    std::string input;  ///< Received and not yet understood.
    std::size_t input_start = 0;
    http::ParseProgress progress;  ///< In unread().

    std::string head;  ///< Of the request whose body or answer is awaited.
    std::string body;
    std::optional<http::ChunkedBody> chunks;
    std::uint64_t body_left = 0;
    bool expects_continue = false;

    OutputBatch output;            ///< What the kernel did not take.
    std::uint64_t written = 0;     ///< Of it, during the present wait.
    std::int64_t progress_at = 0;  ///< When bytes of a body came or bytes of output went.

    std::string_view unread() const { return std::string_view(input).substr(input_start); }

    void keep_input(std::string_view bytes, http::ParseProgress const& the_progress)
    {
        input.assign(bytes);
        input_start = 0;
        progress = the_progress;
    }
    void drop_input(std::size_t bytes)
    {
        input_start += bytes;
        if (input_start == input.size()) {
            input.clear();
            input_start = 0;
        } else if (input_start >= input.size() / 2) {
            input.erase(0, input_start);
            input_start = 0;
        }
    }

    void begin_body(http::RequestHead const& request, std::string_view head_bytes, std::size_t body_bytes_max)
    {
        head.assign(head_bytes);
        body.clear();
        chunks.reset();
        body_left = request.content_length.value_or(0);
        if (request.chunked)
            chunks.emplace(body_bytes_max);
        else
            body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(body_left, 64 * 1024)));  // no memory for what is only announced
        expects_continue = request.expects_continue;
    }
    http::ChunkedBody::Fed feed_body(std::string_view bytes)
    {
        if (chunks)
            return chunks->feed(bytes, body);
        auto const part = static_cast<std::size_t>(std::min<std::uint64_t>(body_left, bytes.size()));
        body.append(bytes, 0, part);
        body_left -= part;
        return {body_left == 0 ? http::ChunkedBody::Outcome::Complete : http::ChunkedBody::Outcome::NeedsMore, part};
    }
};

}  // namespace backtalk
