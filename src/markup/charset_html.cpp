#include <algorithm>

#include "base/text.h"
#include "markup/charset.h"

namespace backtalk::markup {
namespace {

/// The value of a parameter up to its ";" or, quoted, up to its quote with backslashes taken off.
std::string parameter_value(std::string_view rest)
{
    if (!rest.starts_with('"'))
        return std::string(trimmed(rest.substr(0, rest.find(';'))));
    std::string out;
    for (std::size_t i = 1; i < rest.size() && rest[i] != '"'; ++i) {
        if (rest[i] == '\\' && i + 1 < rest.size())
            ++i;
        out += rest[i];
    }
    return out;
}

/// Behind the parameter at the start of `rest`, and its ";".
std::string_view behind_parameter(std::string_view rest)
{
    bool quoted = false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (quoted && rest[i] == '\\')
            ++i;
        else if (rest[i] == '"')
            quoted = !quoted;
        else if (rest[i] == ';' && !quoted)
            return rest.substr(i + 1);
    }
    return {};
}

/// Looks for a meta element in the first bytes, without a tokenizer as the encoding is not known yet.
/// https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding
class Prescan {
public:
    explicit Prescan(std::string_view bytes) : bytes_(bytes.substr(0, 1024)) { }

    std::optional<Charset> charset()
    {
        if (auto const declared = xml_declaration())
            return declared;
        for (; at_ < bytes_.size(); ++at_) {
            if (bytes_[at_] != '<')
                continue;
            std::string_view const rest = bytes_.substr(at_);
            if (rest.starts_with("<!--")) {
                std::size_t const end = rest.find("-->", 2);
                if (end == std::string_view::npos)
                    return std::nullopt;
                at_ += end + 2;
            } else if (starts_with_ignoring_case(rest, "<meta") && rest.size() > 5 && (is_ascii_space(rest[5]) || rest[5] == '/')) {
                at_ += 6;
                if (auto const named = meta())
                    return named;
            } else if (starts_tag(rest)) {
                at_ = std::min(bytes_.find_first_of("\t\n\f\r >", at_), bytes_.size());
                while (next_attribute()) { }
            } else if (rest.starts_with("<!") || rest.starts_with("</") || rest.starts_with("<?")) {
                at_ = std::min(bytes_.find('>', at_), bytes_.size());
            }
        }
        return std::nullopt;
    }

private:
    struct Attribute {
        std::string name;
        std::string value;
    };

    static bool starts_tag(std::string_view rest)
    {
        std::size_t const name = rest.starts_with("</") ? 2 : 1;
        return name < rest.size() && is_ascii_alpha(rest[name]);
    }

    /// UTF-16 cannot be read by its bytes as ASCII, so whoever says so here is wrong and means UTF-8.
    static std::optional<Charset> readable(std::string_view label)
    {
        auto const named = equal_ignoring_case(trimmed(label), "x-user-defined") ? Charset::windows_1252() : Charset::named(label);
        return named && named->name().starts_with("utf-16") ? Charset::utf8() : named;
    }

    /// XHTML: `<?xml version="1.0" encoding="…"?>`.
    std::optional<Charset> xml_declaration() const
    {
        if (!bytes_.starts_with("<?xml") || bytes_.size() < 6 || !is_ascii_space(bytes_[5]))
            return std::nullopt;
        std::string_view const declaration = bytes_.substr(0, bytes_.find('>'));
        std::size_t at = declaration.find("encoding");
        if (at == std::string_view::npos)
            return std::nullopt;
        std::string_view rest = trimmed(declaration.substr(at + 8));
        if (!rest.starts_with('='))
            return std::nullopt;
        rest = trimmed(rest.substr(1));
        if (rest.empty() || (rest[0] != '"' && rest[0] != '\''))
            return std::nullopt;
        std::size_t const end = rest.find(rest[0], 1);
        return end == std::string_view::npos ? std::nullopt : readable(rest.substr(1, end - 1));
    }

    std::optional<Charset> meta()
    {
        bool has_pragma = false;
        bool has_charset = false;
        bool from_content = false;
        std::vector<std::string> seen;
        std::optional<Charset> charset;
        while (auto const attribute = next_attribute()) {
            if (std::find(seen.begin(), seen.end(), attribute->name) != seen.end())
                continue;
            seen.push_back(attribute->name);
            if (attribute->name == "http-equiv") {
                has_pragma = attribute->value == "content-type";
            } else if (attribute->name == "content" && !has_charset) {
                if (auto const named = charset_in_content(attribute->value)) {
                    charset = named;
                    has_charset = from_content = true;
                }
            } else if (attribute->name == "charset") {
                charset = readable(attribute->value);
                has_charset = true;
                from_content = false;
            }
        }
        return from_content && !has_pragma ? std::nullopt : charset;
    }

    /// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#extracting-character-encodings-from-meta-elements
    static std::optional<Charset> charset_in_content(std::string_view content)
    {
        for (;;) {
            std::size_t const at = content.find("charset");
            if (at == std::string_view::npos)
                return std::nullopt;
            content = trimmed(content.substr(at + 7));
            if (content.starts_with('='))
                break;
        }
        content = trimmed(content.substr(1));
        if (content.empty())
            return std::nullopt;
        if (content[0] != '"' && content[0] != '\'')
            return readable(content.substr(0, content.find_first_of("\t\n\f\r ;")));
        std::size_t const end = content.find(content[0], 1);
        return end == std::string_view::npos ? std::nullopt : readable(content.substr(1, end - 1));
    }

    void skip(std::string_view what) { at_ = std::min(bytes_.find_first_not_of(what, at_), bytes_.size()); }

    std::string lower_until(std::string_view stop)
    {
        std::size_t const end = std::min(bytes_.find_first_of(stop, at_), bytes_.size());
        std::string out = ascii_lower(bytes_.substr(at_, end - at_));
        at_ = end;
        return out;
    }

    /// Name and value in lower case, as all that is compared with them is. Nothing at ">", and at the end of the bytes.
    /// https://html.spec.whatwg.org/multipage/parsing.html#concept-get-attributes-when-sniffing
    std::optional<Attribute> next_attribute()
    {
        skip("\t\n\f\r /");
        if (at_ == bytes_.size() || bytes_[at_] == '>')
            return std::nullopt;
        Attribute attribute;
        if (bytes_[at_] == '=') {
            attribute.name = "=";
            ++at_;
        }
        attribute.name += lower_until("\t\n\f\r />=");
        std::size_t const name_end = at_;
        skip("\t\n\f\r ");
        if (at_ == bytes_.size() || bytes_[at_] != '=') {
            at_ = name_end;
            return attribute;
        }
        ++at_;
        skip("\t\n\f\r ");
        if (at_ == bytes_.size())
            return std::nullopt;
        if (char const quote = bytes_[at_]; quote == '"' || quote == '\'') {
            ++at_;
            attribute.value = lower_until({&quote, 1});
            if (at_ == bytes_.size())
                return std::nullopt;
            ++at_;
        } else {
            attribute.value = lower_until("\t\n\f\r >");
        }
        return attribute;
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
};

std::optional<Charset> charset_of_byte_order_mark(std::string_view bytes)
{
    if (bytes.starts_with("\xEF\xBB\xBF"))
        return Charset::utf8();
    if (bytes.starts_with("\xFE\xFF"))
        return Charset::named("utf-16be");
    return bytes.starts_with("\xFF\xFE") ? Charset::named("utf-16le") : std::nullopt;
}

}  // namespace

std::optional<std::string> charset_of_content_type(std::string_view content_type)
{
    // The first part is the type itself.
    for (std::string_view rest = behind_parameter(content_type); !rest.empty(); rest = behind_parameter(rest)) {
        std::size_t const equals = rest.find_first_of("=;");
        if (equals == std::string_view::npos)
            return std::nullopt;
        if (rest[equals] != '=' || !equal_ignoring_case(trimmed(rest.substr(0, equals)), "charset"))
            continue;
        std::string value = parameter_value(trimmed(rest.substr(equals + 1)));
        if (!value.empty())
            return value;
    }
    return std::nullopt;
}

std::string decoded_html(std::string_view bytes, std::string_view content_type)
{
    std::optional<Charset> charset = charset_of_byte_order_mark(bytes);
    if (!charset) {
        if (auto const label = charset_of_content_type(content_type))
            charset = Charset::named(*label);
    }
    if (!charset)
        charset = Prescan(bytes).charset();
    return decoded_text(bytes, charset);
}

}  // namespace backtalk::markup
