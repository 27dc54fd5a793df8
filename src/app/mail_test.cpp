#include "app/mail.h"

#include <catch2/catch.hpp>

#include "base/text.h"

namespace backtalk {

namespace {

Mail mail_with(std::string subject, std::string text)
{
    Mail mail(*MailAddress::parse("backtalk@blog.example"), *MailAddress::parse("ada@harbour.example"));
    mail.subject = std::move(subject);
    mail.text = std::move(text);
    mail.id = "0123abcd";
    return mail;
}

std::string head_of(std::string const& message) { return message.substr(0, message.find("\r\n\r\n") + 2); }
std::string body_of(std::string const& message) { return message.substr(message.find("\r\n\r\n") + 4); }

}  // namespace

TEST_CASE("a mail address is a dotted name at a host", "[mail]")
{
    for (std::string_view const good : {"ada@harbour.example", "a.b+c@x-y.example", "o'neil@localhost", "1@1"})
        CHECK(MailAddress::parse(good));
    for (std::string_view const bad : {"", "@", "ada", "ada@", "@harbour.example", ".ada@b.example", "a..b@c.example", "a b@c.example",
             "<a@b.example>", "a@b.example\r\nBcc: c@d.example", "a\n@b.example", "a@b.example>", "\"a\"@b.example", "a,b@c.example",
             "a@b_c.example", "a@-b.example", "a@b..example", "a@[127.0.0.1]", "ad\xC3\xA4@b.example", "a@b@c.example"})
        CHECK_FALSE(MailAddress::parse(bad));
    CHECK_FALSE(MailAddress::parse(std::string(65, 'a') + "@b.example"));
    CHECK_FALSE(MailAddress::parse("a@" + std::string(64, 'b') + ".example"));
}

TEST_CASE("nothing in a subject begins another header", "[mail]")
{
    for (std::string_view const subject : {"Lamps\r\nBcc: c@d.example", "Lamps\nBcc: x", "Lamps\r\n\r\nbody", "\xE2\x80\xAELamps",
             "=?utf-8?Q?=0D=0ABcc:_x?=", "L\xC3\xA4mps\r\nX: y"}) {
        std::string const head = head_of(mail_message(mail_with(std::string(subject), "x")));
        std::size_t headers = 0;
        for (std::string_view const line : split(std::string_view(head).substr(0, head.size() - 2), '\n'))
            headers += line.starts_with(' ') ? 0 : 1;
        CHECK(headers == 9);
        CHECK(head.find("\nBcc") == std::string::npos);
        CHECK(head.find("\nX:") == std::string::npos);
    }
    CHECK(head_of(mail_message(mail_with("A plain one", "x"))).find("\r\nSubject: A plain one\r\n") != std::string::npos);
    CHECK(head_of(mail_message(mail_with("H\xC3\xA4"
                                         "fen",
                      "x")))
              .find("\r\nSubject: =?utf-8?Q?H=C3=A4fen?=\r\n") != std::string::npos);
}

TEST_CASE("every line of a mail is short, ASCII and ended by CRLF", "[mail]")
{
    std::string long_text;
    for (int i = 0; i < 200; ++i)
        long_text += "H\xC3\xA4"
                     "fen und Lampen ";
    std::string const message = mail_message(mail_with(long_text, long_text + "\n.\n..\nFrom me \n" + long_text));
    std::size_t begin = 0;
    while (begin < message.size()) {
        std::size_t const end = message.find("\r\n", begin);
        REQUIRE(end != std::string::npos);
        CHECK(end - begin <= 78);
        CHECK(message.substr(begin, end - begin).find_first_of("\r\n") == std::string::npos);
        begin = end + 2;
    }
    CHECK(std::all_of(message.begin(), message.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
    CHECK(message.find("\r\n.") == std::string::npos);
    CHECK(body_of(mail_message(mail_with("x", "a = b \n.\n"))) == "a =3D b=20\r\n=2E\r\n\r\n");
}

}  // namespace backtalk
