#include "http/form.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace backtalk::http {

namespace {

constexpr std::size_t parts_max = 1000;
constexpr std::size_t part_head_bytes_max = 8 * 1024;
constexpr std::size_t boundary_bytes_max = 70;  // RFC 2046, 5.1.1

/// "; name=value" and `; name="quoted \"value\""`, one after the other.
class Parameters {
public:
    explicit Parameters(std::string_view text) : rest_(text) { }

    /// False at the end, or where the text is no parameter.
    bool next()
    {
        skip_blanks();
        while (take(';'))
            skip_blanks();
        std::size_t length = 0;
        while (length < rest_.size() && rest_[length] != '=' && rest_[length] != ';')
            ++length;
        if (length == rest_.size() || rest_[length] != '=')
            return false;
        name_ = ascii_lower(trimmed(rest_.substr(0, length)));
        rest_.remove_prefix(length + 1);
        skip_blanks();
        return take('"') ? read_quoted() : read_plain();
    }
    std::string const& name() const { return name_; }
    std::string const& value() const { return value_; }

private:
    bool take(char c)
    {
        if (!rest_.starts_with(c))
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    void skip_blanks()
    {
        while (take(' ') || take('\t')) { }
    }
    bool read_plain()
    {
        std::size_t const end = std::min(rest_.find(';'), rest_.size());
        value_ = trimmed(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return true;
    }
    bool read_quoted()
    {
        value_.clear();
        while (!rest_.empty() && rest_.front() != '"') {
            // NB: browsers write %22 for a quote, and a backslash as itself ("C:\photo.jpg" of old); only \" and \\ are escapes.
            if (rest_.front() == '\\' && rest_.size() > 1 && (rest_[1] == '"' || rest_[1] == '\\'))
                rest_.remove_prefix(1);
            value_ += rest_.front();
            rest_.remove_prefix(1);
        }
        return take('"');
    }

    std::string_view rest_;
    std::string name_;
    std::string value_;
};

/// The header lines of a part, up to and with the empty line, which leave `rest`.
Result<FormPart> take_part_head(std::string_view& rest)
{
    FormPart part;
    bool named = false;
    std::size_t const head_start = rest.size();
    for (;;) {
        std::size_t const end = rest.find("\r\n");
        if (end == std::string_view::npos || head_start - rest.size() + end > part_head_bytes_max)
            return failure(ErrorCode::Malformed, "multipart: header of a part without end");
        std::string_view const line = rest.substr(0, end);
        rest.remove_prefix(end + 2);
        if (line.empty())
            break;
        std::size_t const colon = line.find(':');
        if (colon == std::string_view::npos)
            return failure(ErrorCode::Malformed, "multipart: header line without a colon");
        std::string_view const value = trimmed(line.substr(colon + 1));
        if (equal_ignoring_case(line.substr(0, colon), "content-type"))
            part.content_type = value;
        if (!equal_ignoring_case(line.substr(0, colon), "content-disposition"))
            continue;
        std::size_t const type_end = std::min(value.find(';'), value.size());
        if (!equal_ignoring_case(trimmed(value.substr(0, type_end)), "form-data"))
            return failure(ErrorCode::Malformed, "multipart: part is no form-data");
        for (Parameters parameters(value.substr(type_end)); parameters.next();) {
            if (parameters.name() == "name") {
                part.name = parameters.value();
                named = true;
            } else if (parameters.name() == "filename") {
                part.file_name = parameters.value();
                part.is_file = true;
            }
        }
    }
    if (!named)
        return failure(ErrorCode::Malformed, "multipart: part without a name");
    return part;
}

enum class After { AnotherPart, End, NoBoundary };

/// What follows a boundary: blanks and a line end, or "--".
After take_boundary_end(std::string_view& rest)
{
    if (rest.starts_with("--"))
        return After::End;
    std::size_t const blanks = std::min(rest.find_first_not_of(" \t"), rest.size());
    if (!rest.substr(blanks).starts_with("\r\n"))
        return After::NoBoundary;
    rest.remove_prefix(blanks + 2);
    return After::AnotherPart;
}

/// Moves `rest` behind the next "\r\n--boundary" that is one, and gives what stood before. Nothing without one.
std::optional<std::string_view> take_until_boundary(std::string_view& rest, std::string_view delimiter, After& after)
{
    for (std::size_t from = 0;;) {
        std::size_t const at = rest.find(delimiter, from);
        if (at == std::string_view::npos)
            return std::nullopt;
        std::string_view behind = rest.substr(at + delimiter.size());
        after = take_boundary_end(behind);
        if (after != After::NoBoundary) {
            std::string_view const before = rest.substr(0, at);
            rest = behind;
            return before;
        }
        from = at + 1;
    }
}

}  // namespace

ContentType parse_content_type(std::string_view value)
{
    ContentType type;
    std::size_t const end = std::min(value.find(';'), value.size());
    type.media_type = ascii_lower(trimmed(value.substr(0, end)));
    for (Parameters parameters(value.substr(end)); parameters.next();) {
        if (parameters.name() == "charset" && type.charset.empty())
            type.charset = ascii_lower(parameters.value());
        else if (parameters.name() == "boundary" && type.boundary.empty())
            type.boundary = parameters.value();
    }
    return type;
}

Result<std::vector<FormPart>> read_multipart(std::string_view boundary, std::string_view body)
{
    if (boundary.empty() || boundary.size() > boundary_bytes_max || boundary.find_first_of("\r\n") != std::string_view::npos)
        return failure(ErrorCode::Malformed, "multipart: no usable boundary");
    std::string const delimiter = "\r\n--" + std::string(boundary);
    std::vector<FormPart> parts;
    std::string_view rest = body;
    After after = After::NoBoundary;
    // The first boundary has no line end before it unless there is a preamble.
    if (body.starts_with(std::string_view(delimiter).substr(2))) {
        rest.remove_prefix(delimiter.size() - 2);
        after = take_boundary_end(rest);
    }
    if (after == After::NoBoundary && !take_until_boundary(rest, delimiter, after))
        return failure(ErrorCode::Malformed, "multipart: boundary not found");
    while (after == After::AnotherPart) {
        if (parts.size() == parts_max)
            return failure(ErrorCode::TooLarge, "multipart: too many parts");
        TRY(FormPart part, take_part_head(rest));
        auto value = take_until_boundary(rest, delimiter, after);
        if (!value)
            return failure(ErrorCode::Malformed, "multipart: part without end");
        part.value = *value;
        parts.push_back(std::move(part));
    }
    return parts;
}

Result<FormFields> read_form(std::string_view content_type, std::string_view body)
{
    ContentType const type = parse_content_type(content_type);
    if (type.media_type.empty() || type.media_type == "application/x-www-form-urlencoded")
        return parse_form(body);
    if (type.media_type != "multipart/form-data")
        return failure(ErrorCode::Refused, "no form: " + type.media_type);
    TRY(std::vector<FormPart> parts, read_multipart(type.boundary, body));
    FormFields fields;
    for (FormPart& part : parts)
        if (!part.is_file)
            fields.emplace_back(std::move(part.name), std::move(part.value));
    return fields;
}

}  // namespace backtalk::http
