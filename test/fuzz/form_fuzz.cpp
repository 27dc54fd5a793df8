// Forms in both encodings. The first line of the input is the Content-Type.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/form.h"

using namespace backtalk;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const text(reinterpret_cast<char const*>(bytes), size);
    std::size_t const line_end = text.find('\n');
    std::string_view const type = text.substr(0, line_end);
    std::string const body(line_end == std::string_view::npos ? std::string_view() : text.substr(line_end + 1));
    auto const fields = http::read_form(type, body);
    if (!fields)
        return 0;
    std::size_t total = 0;
    for (auto const& [name, value] : *fields)
        total += name.size() + value.size();
    if (fields->size() > 1000 || total > body.size())
        std::abort();
    // What was read can be written and read again.
    if (parse_form(form_encoded(*fields)) != *fields)
        std::abort();
    return 0;
}
