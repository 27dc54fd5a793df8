#include "trackback/xml_reader.h"

#include <utility>

#include "base/text.h"
#include "markup/html_entities.h"

namespace backtalk::trackback {

XmlReader::XmlReader(std::string_view document) : document_(document)
{
    if (document_.starts_with("\xEF\xBB\xBF"))
        document_.remove_prefix(3);
    document_ = trimmed(document_);
}

XmlToken XmlReader::next()
{
    using enum XmlToken::Kind;
    if (!empty_element_.empty())
        return {End, std::exchange(empty_element_, {}), {}};
    while (position_ < document_.size()) {
        std::string_view const rest = document_.substr(position_);
        if (rest.front() != '<') {
            std::string_view const text = rest.substr(0, rest.find('<'));
            position_ += text.size();
            return {Text, {}, markup::decoded_references(text)};
        }
        if (rest.starts_with("<![CDATA[")) {
            std::size_t const start = position_ + 9;
            if (!skip_past("]]>"))
                return {Broken, {}, {}};
            return {Text, {}, std::string(document_.substr(start, position_ - 3 - start))};
        }
        if (rest.starts_with("<!--") ? !skip_past("-->") : rest.starts_with("<?") && !skip_past("?>"))
            return {Broken, {}, {}};
        if (rest.starts_with("<!--") || rest.starts_with("<?"))
            continue;
        if (!rest.starts_with("<!"))
            return tag();
        if (!skip_doctype())
            return {Broken, {}, {}};
    }
    return {Finish, {}, {}};
}

bool XmlReader::skip_past(std::string_view end)
{
    std::size_t const found = document_.find(end, position_ + 2);
    if (found == std::string_view::npos)
        return false;
    position_ = found + end.size();
    return true;
}

bool XmlReader::skip_doctype()
{
    bool in_subset = false;
    char quote = 0;
    for (; position_ < document_.size(); ++position_) {
        char const c = document_[position_];
        if (quote != 0)
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '[')
            in_subset = true;
        else if (c == ']')
            in_subset = false;
        else if (c == '>' && !in_subset) {
            ++position_;
            return true;
        }
    }
    return false;
}

std::string_view XmlReader::read_name()
{
    std::size_t const start = position_;
    while (position_ < document_.size()) {
        char const c = document_[position_];
        if (!is_ascii_alnum(c) && c != ':' && c != '-' && c != '_' && c != '.' && static_cast<unsigned char>(c) < 0x80)
            break;
        ++position_;
    }
    return document_.substr(start, position_ - start);
}

XmlToken XmlReader::tag()
{
    using enum XmlToken::Kind;
    ++position_;
    bool const is_end = position_ < document_.size() && document_[position_] == '/';
    position_ += is_end ? 1 : 0;
    std::string_view const name = read_name();
    char quote = 0;
    for (; position_ < document_.size() && !name.empty(); ++position_) {
        char const c = document_[position_];
        if (quote != 0) {
            quote = c == quote ? '\0' : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '<') {
            break;
        } else if (c == '>') {
            if (!is_end && document_[position_ - 1] == '/')
                empty_element_ = name;
            ++position_;
            return {is_end ? End : Start, name, {}};
        }
    }
    position_ = document_.size();
    return {Broken, {}, {}};
}

}  // namespace backtalk::trackback
