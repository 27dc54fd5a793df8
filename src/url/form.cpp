#include "url/form.h"

#include <algorithm>

#include "base/text.h"

namespace backtalk {
namespace {

std::string decoded_field(std::string_view text)
{
    // "+" first, so that "%2B" stays a plus.
    std::string with_blanks(text);
    std::replace(with_blanks.begin(), with_blanks.end(), '+', ' ');
    return percent_decoded(with_blanks);
}

void append_form_encoded(std::string& out, std::string_view text)
{
    for (char const c : text) {
        if (is_ascii_alnum(c) || c == '*' || c == '-' || c == '.' || c == '_')
            out.push_back(c);
        else if (c == ' ')
            out.push_back('+');
        else
            append_percent_encoded_byte(out, c);
    }
}

}  // namespace

FormFields parse_form(std::string_view text)
{
    FormFields fields;
    while (!text.empty() && fields.size() < form_fields_max) {
        std::string_view const field = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(field.size() + 1, text.size()));
        if (field.empty())
            continue;
        std::size_t const equals = field.find('=');
        fields.emplace_back(decoded_field(field.substr(0, equals)),
            equals == std::string_view::npos ? std::string() : decoded_field(field.substr(equals + 1)));
    }
    return fields;
}

std::string form_encoded(FormFields const& fields)
{
    std::string out;
    for (auto const& [name, value] : fields) {
        if (!out.empty())
            out.push_back('&');
        append_form_encoded(out, name);
        out.push_back('=');
        append_form_encoded(out, value);
    }
    return out;
}

}  // namespace backtalk
