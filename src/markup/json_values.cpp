#include "markup/json_values.h"

#include "markup/plain_text.h"

namespace backtalk::markup {

MfValue text_value(std::string_view text)
{
    MfValue value;
    value.text = text;
    return value;
}

MfValue html_value(std::string_view html)
{
    MfValue value;
    value.text = plain_text(html);
    value.html = html;
    return value;
}

}  // namespace backtalk::markup
