#include "trackback/link_header.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace backtalk::trackback {

namespace {

constexpr std::size_t links_max = 100;

class LinkHeader {
public:
    explicit LinkHeader(std::string_view text) : text_(text) { }

    /// The next link whose relations include trackback.
    std::optional<std::string> next()
    {
        while (skip(","), position_ < text_.size()) {
            if (text_[position_] != '<')
                return std::nullopt;
            std::size_t const end = text_.find('>', position_);
            if (end == std::string_view::npos)
                return std::nullopt;
            std::string_view const reference = text_.substr(position_ + 1, end - position_ - 1);
            position_ = end + 1;
            if (read_parameters())
                return std::string(reference);
        }
        return std::nullopt;
    }

private:
    void skip(std::string_view more)
    {
        while (position_ < text_.size() && (is_ascii_space(text_[position_]) || more.find(text_[position_]) != std::string_view::npos))
            ++position_;
    }

    /// Up to the comma that ends the link; whether its first rel has the token.
    bool read_parameters()
    {
        std::optional<bool> found;
        for (;;) {
            skip("");
            if (position_ >= text_.size() || text_[position_] != ';')
                return found.value_or(false);
            skip(";");
            std::size_t const start = position_;
            while (position_ < text_.size() && std::string_view("=;,").find(text_[position_]) == std::string_view::npos)
                ++position_;
            std::string_view const name = trimmed(text_.substr(start, position_ - start));
            std::string value;
            if (position_ < text_.size() && text_[position_] == '=') {
                ++position_;
                value = parameter_value();
            }
            if (equal_ignoring_case(name, "rel") && !found) {
                auto const tokens = split(value, ' ');
                found = std::any_of(
                    tokens.begin(), tokens.end(), [](std::string_view token) { return equal_ignoring_case(token, "trackback"); });
            }
        }
    }

    std::string parameter_value()
    {
        skip("");
        std::string value;
        if (position_ >= text_.size() || text_[position_] != '"') {
            while (position_ < text_.size() && text_[position_] != ';' && text_[position_] != ',')
                value += text_[position_++];
            return std::string(trimmed(value));
        }
        for (++position_; position_ < text_.size() && text_[position_] != '"'; ++position_) {
            if (text_[position_] == '\\' && position_ + 1 < text_.size())
                ++position_;
            value += text_[position_];
        }
        position_ += position_ < text_.size() ? 1 : 0;
        return value;
    }

    std::string_view text_;
    std::size_t position_ = 0;
};

}  // namespace

std::vector<std::string> trackback_links(std::vector<std::string> const& link_headers)
{
    std::vector<std::string> references;
    for (std::string const& value : link_headers) {
        LinkHeader header(value);
        while (references.size() < links_max) {
            auto reference = header.next();
            if (!reference)
                break;
            references.push_back(*std::move(reference));
        }
    }
    return references;
}

}  // namespace backtalk::trackback
