#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace backtalk::markup {

/// A character encoding we can read. A fixed list: the encodings of the standard which ICU has, so neither UTF-7 nor
/// what else a stranger may name.
///
/// Spec: https://encoding.spec.whatwg.org/#names-and-labels
/// NB:   iso-8859-16, x-user-defined and the "replacement" encodings are missing.
class Charset {
public:
    /// By any label of the standard, in any letter case, white space around it: "utf8", "Shift_JIS", "latin1" (which
    /// means windows-1252, as in browsers). Nothing for others.
    static std::optional<Charset> named(std::string_view label);
    static Charset utf8();
    static Charset windows_1252();

    std::string_view name() const;  ///< The standard's name in lower case: "utf-8", "windows-1252".
    bool operator==(Charset const&) const = default;

private:
    friend class StreamDecoder;
    explicit constexpr Charset(std::uint8_t index) : index_(index) { }
    std::uint8_t index_;
};

/// As UTF-8, without byte order mark. What is ill-formed becomes U+FFFD. Always valid UTF-8, in linear time, at most three
/// bytes for each byte.
std::string to_utf8(std::string_view bytes, Charset charset);

/// What bytes without a label most likely are: utf-8 where they are valid UTF-8, else what their frequencies say, else
/// windows-1252. A guess: an attacker decides what comes out, so nothing may depend on it but how the text reads.
Charset guessed_charset(std::string_view bytes);

/// Text in the charset its sender named, else guessed.
std::string decoded_text(std::string_view bytes, std::optional<Charset> named);

/// The charset parameter of a Content-Type, as it was written: `text/html; charset="utf-8"` gives utf-8.
/// Spec: https://mimesniff.spec.whatwg.org/#parsing-a-mime-type
std::optional<std::string> charset_of_content_type(std::string_view content_type);

/// An HTML (or XHTML) page as UTF-8: by its byte order mark, else the charset of its Content-Type (empty where there is
/// none), else what a meta element or XML declaration in the first 1024 bytes says, else guessed.
/// Spec: https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
std::string decoded_html(std::string_view bytes, std::string_view content_type);

/// to_utf8() for bytes that come in pieces, cut anywhere.
class StreamDecoder {
public:
    explicit StreamDecoder(Charset charset);
    ~StreamDecoder();
    StreamDecoder(StreamDecoder&&) noexcept;
    StreamDecoder& operator=(StreamDecoder&&) noexcept;

    /// What is certain so far, valid UTF-8 in itself.
    std::string feed(std::string_view bytes);
    /// The end of the bytes: the rest. Call once.
    std::string finish();

private:
    class Converter;
    std::string decoded(std::string_view bytes, bool last);

    std::unique_ptr<Converter> converter_;  ///< None for UTF-8.
    std::string kept_;                      ///< UTF-8: the first bytes of a character.
    bool at_start_ = true;
};

}  // namespace backtalk::markup
