#include "url/form.h"

#include <catch2/catch.hpp>

using namespace backtalk;

TEST_CASE("a form is read field by field", "[form]")
{
    CHECK(parse_form("url=http%3A%2F%2Fa.example%2F&title=The+harbour") ==
        FormFields{{"url", "http://a.example/"}, {"title", "The harbour"}});
    CHECK(parse_form("").empty());
    CHECK(parse_form("&&&").empty());
    CHECK(parse_form("a") == FormFields{{"a", ""}});
    CHECK(parse_form("a=") == FormFields{{"a", ""}});
    CHECK(parse_form("=b") == FormFields{{"", "b"}});
    CHECK(parse_form("=") == FormFields{{"", ""}});
    CHECK(parse_form("a=b=c") == FormFields{{"a", "b=c"}});
    CHECK(parse_form("a=1&a=2&") == FormFields{{"a", "1"}, {"a", "2"}});
    CHECK(parse_form("+a+=%2B+%20") == FormFields{{" a ", "+  "}});
    CHECK(parse_form("a%3Db=c%26d") == FormFields{{"a=b", "c&d"}});
    CHECK(parse_form("a;b=1") == FormFields{{"a;b", "1"}});
}

TEST_CASE("form bytes stay as they were sent, in whatever charset", "[form]")
{
    CHECK(parse_form("name=caf%E9&x=\xE9%00") == FormFields{{"name", "caf\xE9"}, {"x", std::string("\xE9\0", 2)}});
}

TEST_CASE("a percent sign without two hex digits is itself", "[form]")
{
    CHECK(percent_decoded("%") == "%");
    CHECK(percent_decoded("%4") == "%4");
    CHECK(percent_decoded("%4g%41") == "%4gA");
    CHECK(percent_decoded("%%41") == "%A");
    CHECK(percent_decoded("100%+x") == "100%+x");
    CHECK(percent_decoded("%e2%98%83") == "\xE2\x98\x83");
}

TEST_CASE("a form has at most 1000 fields", "[form]")
{
    std::string text;
    for (int i = 0; i < 1500; ++i)
        text += "a=1&";
    CHECK(parse_form(text).size() == form_fields_max);
}

TEST_CASE("fields are written so that they read back", "[form]")
{
    FormFields const fields = {{"url", "http://a.example/?a=b&c=d"}, {"excerpt", "caf\xC3\xA9 + 100%"}, {"", ""}, {"x*-._~", "\n"}};
    CHECK(form_encoded(fields) == "url=http%3A%2F%2Fa.example%2F%3Fa%3Db%26c%3Dd&excerpt=caf%C3%A9+%2B+100%25&=&x*-._%7E=%0A");
    CHECK(parse_form(form_encoded(fields)) == fields);
}

TEST_CASE("a segment or value is encoded but for unreserved characters", "[form]")
{
    CHECK(percent_encoded("a b/c?d#e%f&g+h~i-j.k_l") == "a%20b%2Fc%3Fd%23e%25f%26g%2Bh~i-j.k_l");
    CHECK(percent_decoded(percent_encoded("\xFF\x01 caf\xC3\xA9")) == "\xFF\x01 caf\xC3\xA9");
}

TEST_CASE("normalised percent-encoding decodes what need not be encoded and nothing else", "[form]")
{
    CHECK(percent_normalised("/%7euser/%41%2f%c3%a9") == "/~user/A%2F%C3%A9");
    CHECK(percent_normalised("a|b[c]") == "a%7Cb%5Bc%5D");
    CHECK(percent_normalised("%zz%") == "%25zz%25");
    // A "%" left alone would make an encoding of what is decoded behind it.
    CHECK(percent_normalised("%E%61") == "%25Ea");
    CHECK(percent_normalised("%25%34%31") == "%2541");
}
