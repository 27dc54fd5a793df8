#include "app/mail.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "url/host.h"

namespace backtalk {

namespace {

constexpr std::size_t address_bytes_max = 254;
constexpr std::size_t local_part_bytes_max = 64;
constexpr std::size_t line_characters_max = 76;
constexpr std::size_t encoded_word_max = 63;  ///< Of the 75 that RFC 2047 allows, without what is around it.

bool is_atom_character(char c) { return is_ascii_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos; }

std::string escaped_byte(char byte) { return fmt::format("={:02X}", static_cast<unsigned char>(byte)); }

/// As encoded words, each of whole characters, so that no decoder sees half a one.
std::string encoded_subject(std::string_view text)
{
    std::string words;
    std::string word;
    auto const end_word = [&] {
        words += fmt::format("{}=?utf-8?Q?{}?=", words.empty() ? "" : "\r\n ", word);
        word.clear();
    };
    for (std::size_t position = 0; position < text.size();) {
        std::size_t const begin = position;
        next_code_point(text, position);
        std::string character;
        for (char const byte : text.substr(begin, position - begin))
            character += is_ascii_alnum(byte) ? std::string(1, byte) : byte == ' ' ? "_" : escaped_byte(byte);
        std::size_t const room = words.empty() ? encoded_word_max - std::string_view("Subject: ").size() : encoded_word_max;
        if (word.size() + character.size() > room)
            end_word();
        word += character;
    }
    end_word();
    return words;
}

std::string header_text(std::string_view text)
{
    std::string const line = folded_space(without_controls(repaired_utf8(text)));
    bool const is_plain = line.size() <= line_characters_max - 10 && line.find("=?") == std::string::npos &&
        std::ranges::all_of(line, [](char c) { return c >= ' ' && c < 0x7f; });
    return is_plain ? line : encoded_subject(line);
}

/// RFC 2045, 6.7.
void append_quoted_printable(std::string& out, std::string_view line)
{
    std::size_t column = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        char const c = line[i];
        // A dot that begins a line ends a mail, and "From " is changed by some: neither is left to those on the way.
        bool const is_first = column == 0 && (c == '.' || c == 'F');
        bool const is_last_blank = c == ' ' && i + 1 == line.size();
        bool const is_literal = c >= ' ' && c < 0x7f && c != '=' && !is_first && !is_last_blank;
        std::string const piece = is_literal ? std::string(1, c) : escaped_byte(c);
        if (column + piece.size() >= line_characters_max) {
            out += "=\r\n";
            column = 0;
        }
        out += piece;
        column += piece.size();
    }
    out += "\r\n";
}

}  // namespace

Result<MailAddress> MailAddress::parse(std::string_view text)
{
    Error const malformed(ErrorCode::Malformed, "that is no mail address such as ada@harbour.example");
    std::size_t const at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at > local_part_bytes_max || text.size() > address_bytes_max)
        return std::unexpected(malformed);
    for (std::string_view const atom : split(text.substr(0, at), '.'))
        if (atom.empty() || !std::ranges::all_of(atom, is_atom_character))
            return std::unexpected(malformed);
    for (std::string_view const label : split(text.substr(at + 1), '.'))
        if (!is_host_label(label))
            return std::unexpected(malformed);
    return MailAddress(std::string(text));
}

std::string mail_message(Mail const& mail)
{
    std::string out = fmt::format("Date: {}\r\nFrom: Backtalk <{}>\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}@{}>\r\n",
        rfc822_date(mail.date), mail.sender.str(), mail.receiver.str(), header_text(mail.subject), mail.id, mail.sender.domain());
    out += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
           "Auto-Submitted: auto-generated\r\n\r\n";
    std::string const text = repaired_utf8(mail.text);
    for (std::string_view line : split(text, '\n'))
        append_quoted_printable(out, line);
    return out;
}

}  // namespace backtalk
