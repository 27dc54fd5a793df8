#include "url/url.h"

#include "url/url_parser.h"

namespace backtalk {

Result<Url> Url::parse(std::string_view text) { return UrlParser::parse(text, nullptr); }

Result<Url> Url::resolve(std::string_view reference) const { return UrlParser::parse(reference, this); }

std::string_view Url::scheme() const { return std::string_view(text_).substr(0, text_[4] == 's' ? 5 : 4); }

std::string_view Url::host() const { return std::string_view(text_).substr(host_start_, host_end_ - host_start_); }

std::uint16_t Url::port() const { return port_; }

bool Url::has_default_port() const { return host_end_ == path_start_; }

std::string_view Url::authority() const { return std::string_view(text_).substr(host_start_, path_start_ - host_start_); }

std::string Url::host_and_port() const { return std::string(host()).append(":").append(std::to_string(port_)); }

std::string_view Url::origin() const
{
    return origin_.empty() ? std::string_view(text_).substr(0, path_start_) : std::string_view(origin_);
}

std::string_view Url::path() const { return std::string_view(text_).substr(path_start_, query_start_ - path_start_); }

std::optional<std::string_view> Url::query() const
{
    if (query_start_ == fragment_start_)
        return std::nullopt;
    return std::string_view(text_).substr(query_start_ + 1, fragment_start_ - query_start_ - 1);
}

std::optional<std::string_view> Url::fragment() const
{
    if (fragment_start_ == text_.size())
        return std::nullopt;
    return std::string_view(text_).substr(fragment_start_ + 1);
}

std::string_view Url::path_and_query() const { return std::string_view(text_).substr(path_start_, fragment_start_ - path_start_); }

bool Url::has_credentials() const { return !origin_.empty(); }

Url Url::without_fragment() const
{
    Url url = *this;
    url.text_.resize(fragment_start_);
    return url;
}

}  // namespace backtalk
