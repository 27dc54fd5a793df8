#include <catch2/catch.hpp>

#include "http/form.h"

using namespace backtalk;

namespace {

std::string const multipart = "multipart/form-data; boundary=\"--harbour x\"";

std::string part(std::string const& disposition, std::string const& value)
{
    return "----harbour x\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + value + "\r\n";
}

}  // namespace

TEST_CASE("a form is read in either encoding", "[http]")
{
    FormFields const expected = {{"title", "Lights out"}, {"url", "http://a.example/?a=1&b=2"}};
    CHECK(http::read_form("application/x-www-form-urlencoded; charset=UTF-8", "title=Lights+out&url=http://a.example/?a=1%26b=2") ==
        expected);
    CHECK(http::read_form("", "title=Lights+out&url=http://a.example/?a=1%26b=2") == expected);
    std::string const body = part("name=\"title\"", "Lights out") + part("name=url", "http://a.example/?a=1&b=2") + "----harbour x--\r\n";
    CHECK(http::read_form(multipart, body) == expected);
    CHECK(http::read_form(multipart, "a preamble\r\n" + body + "an epilogue") == expected);
    CHECK(http::read_form("text/plain", body).error().code == ErrorCode::Refused);
}

TEST_CASE("a file is a part with its name and type, and no field", "[http]")
{
    std::string const body = "----harbour x\r\ncontent-type: image/png\r\nCONTENT-DISPOSITION: form-data; name=\"file\"; "
                             "filename=\"C:\\\\a \\\"b\\\".png\"\r\n\r\n"
                             "\x89PNG\r\n\r\n----harbour\r\n" +
        std::string("\r\n----harbour x--");
    auto const parts = http::read_multipart("--harbour x", body);
    REQUIRE(parts);
    REQUIRE(parts->size() == 1);
    CHECK(parts->front().name == "file");
    CHECK(parts->front().is_file);
    CHECK(parts->front().file_name == "C:\\a \"b\".png");
    CHECK(parts->front().content_type == "image/png");
    CHECK(parts->front().value == "\x89PNG\r\n\r\n----harbour\r\n");
    CHECK(http::read_form(multipart, body)->empty());
}

TEST_CASE("an empty value and a boundary followed by blanks are read", "[http]")
{
    auto const fields =
        http::read_form("multipart/form-data; boundary=b", "--b \t\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--b--");
    REQUIRE(fields);
    CHECK(*fields == FormFields{{"a", ""}});
}

TEST_CASE("a broken multipart body is an error", "[http]")
{
    auto const broken = [](std::string const& body) {
        auto const fields = http::read_form("multipart/form-data; boundary=b", body);
        return !fields && fields.error().code == ErrorCode::Malformed;
    };
    CHECK(broken(""));
    CHECK(broken("--b"));
    CHECK(broken("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end"));
    CHECK(broken("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n"));
    CHECK(broken("--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"));
    CHECK(broken("--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--b--"));
    CHECK(broken("--b\r\nnonsense\r\n\r\nx\r\n--b--"));
    CHECK(broken("--b\r\nX: " + std::string(9000, 'a') + "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--"));
    CHECK(http::read_form("multipart/form-data", "x").error().code == ErrorCode::Malformed);
    CHECK(http::read_form("multipart/form-data; boundary=" + std::string(71, 'b'), "x").error().code == ErrorCode::Malformed);
    std::string many;
    for (int i = 0; i < 1001; ++i)
        many += "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n";
    CHECK(http::read_form("multipart/form-data; boundary=b", many + "--b--").error().code == ErrorCode::TooLarge);
}

TEST_CASE("a media type comes with charset and boundary", "[http]")
{
    auto const type = http::parse_content_type("Text/HTML ; Charset=\"ISO-8859-1\";x; boundary=b");
    CHECK(type.media_type == "text/html");
    CHECK(type.charset == "iso-8859-1");
    CHECK(http::parse_content_type("").media_type.empty());
}
