#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "markup/charset.h"

namespace backtalk::importers {

/// The bytes of an exported file as UTF-8, piece by piece. Exports do not say their charset, and many hold two: the weblog's, and
/// that of pings and comments which came in unconverted.
///
/// With a named charset it is that charset and no other. Without, ASCII passes until other bytes come; the next 256 KiB decide whether the
/// file is UTF-8 or in a charset that is guessed; and from then on what is valid UTF-8 stays, and what is not is read in the guessed
/// charset (in a UTF-8 file: windows-1252, or for lines full of such bytes the East Asian charset they look like). Charsets of more
/// bytes are judged by lines, others by runs of bytes above 127.
///
/// Holds less than 2 MiB. The result is valid UTF-8 and the same for pieces of any size; a BOM of UTF-8 may stay in front.
/// NB: ISO-2022-JP looks like ASCII and must be named; so must UTF-16 without BOM.
class TextDecoder {
public:
    explicit TextDecoder(std::optional<markup::Charset> named = {});

    std::string feed(std::string_view bytes);
    /// The end of the bytes: the rest. Call once.
    std::string finish();

    /// The named or the guessed charset; UTF-8 as long as there was nothing but ASCII.
    markup::Charset charset() const { return charset_; }
    /// How many lines or runs were read in another charset than that.
    std::size_t read_otherwise() const { return read_otherwise_; }

private:
    void take(std::string_view bytes, std::string& out);
    void decide();
    void decode(std::string_view bytes, std::string& out);
    void keep(std::string_view part, std::string& out);
    bool decode_block(std::string_view block, std::string& out) const;
    void decode_line(std::string_view line, std::string& out);
    void decode_runs(std::string_view line, std::string& out);
    bool decode_east_asian(std::string_view line, std::string& out);
    bool set_single_bytes(markup::Charset charset);

    std::optional<markup::StreamDecoder> stream_;  ///< For a named charset, or UTF-16.
    markup::Charset charset_;
    std::array<std::string, 128> single_bytes_;  ///< Bytes above 127 that are not UTF-8, each as the text it stands for.
    std::optional<markup::Charset> east_asian_;  ///< What such a line was last read in.
    int guesses_left_ = 1000;                    ///< Guessing costs much more than decoding.
    bool decided_ = false;
    bool by_lines_ = false;  ///< charset_ has characters of more than a byte, and is not UTF-8.
    bool at_start_ = true;
    std::string kept_;  ///< The first 256 KiB, later the line under way; begins with a byte above 127.
    std::size_t read_otherwise_ = 0;
};

}  // namespace backtalk::importers
