#include "base/text.h"
#include "markup/charset.h"
#include "weblog/author.h"

namespace backtalk {

Result<Author> read_author_page(std::string_view bytes, std::string_view content_type, Url const& asked, Url const& answered)
{
    std::string_view const type = trimmed(content_type.substr(0, content_type.find(';')));
    if (!type.empty() && !equal_ignoring_case(type, "text/html") && !equal_ignoring_case(type, "application/xhtml+xml"))
        return failure(ErrorCode::Refused, "the author page is not HTML");
    auto author = author_on(markup::read_microformats(markup::decoded_html(bytes, content_type), answered), asked, answered);
    if (!author)
        return failure(ErrorCode::NotFound, "the author page has no h-card that represents it");
    return *std::move(author);
}

}  // namespace backtalk
