#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "trackback/message.h"
#include "trackback/reply.h"
#include "url/form.h"

using namespace backtalk;

/// The bytes as another server's reply, as a ping's form, and as words that we quote in a reply of our own.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const input(reinterpret_cast<char const*>(bytes), size);
    for (int const status : {200, 429, 500}) {
        auto const reply = trackback::read_reply(status, "text/xml", input);
        if (!reply)
            continue;
        assert(!reply->accepted || status == 200);
        assert(is_valid_utf8(reply->message) && code_point_count(reply->message) <= 255);
    }

    auto const fields = trackback::read_ping_fields(parse_form(input), "application/x-www-form-urlencoded");
    for (std::string const* text : {&fields.title, &fields.excerpt, &fields.blog_name})
        assert(is_valid_utf8(*text) && code_point_count(*text) <= 255 && without_controls(*text) == *text);
    assert(is_valid_utf8(trackback::title_or_substitute(fields)));
    if (auto const url = trackback::repaired_source(fields.url))
        assert(!url->has_credentials() && url->str().starts_with("http"));

    auto const own = trackback::read_reply(200, "text/xml", trackback::error_xml(input));
    assert(own && !own->accepted);
    return 0;
}
