#include "importers/movable_type_record.h"

#include <string_view>

#include "base/text.h"

namespace backtalk::importers {

std::string title_of(MovableTypeRecord const& record)
{
    if (record.title)
        return *record.title;
    constexpr int words_max = 5;
    std::string title;
    int words = 0;
    bool in_word = false;
    std::string_view const body = record.body;
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i] == '<') {
            std::size_t const end = body.find('>', i);
            if (end == std::string_view::npos)
                break;
            i = end;
        } else if (is_ascii_space(body[i])) {
            in_word = false;
        } else {
            if (!in_word && ++words > words_max)
                break;
            if (!in_word && !title.empty())
                title += ' ';
            in_word = true;
            title += body[i];
        }
    }
    return title;
}

}  // namespace backtalk::importers
