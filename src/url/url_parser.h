#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "url/url.h"

namespace backtalk {

/// The basic URL parser, for http and https and bases of these schemes. Each state of the specification is a function here;
/// those that only look for the next delimiter are one search.
///
/// Spec: https://url.spec.whatwg.org/#url-parsing
class UrlParser {
public:
    static constexpr std::size_t url_bytes_max = 8192;

    /// `base` may be null.
    static Result<Url> parse(std::string_view text, Url const* base);

private:
    explicit UrlParser(Url const* base) : base_(base) { }

    Result<Url> run(std::string_view input);
    Result<Url> relative(std::string_view rest);
    Result<Url> relative_slash(std::string_view rest);
    Result<Url> special_authority(std::string_view rest);
    void credentials(std::string_view text);
    Result<std::string> host_and_port(std::string_view text);
    Result<Url> path_start(std::string_view rest);
    void path(std::string_view text);
    Result<Url> after_path(std::string_view rest);
    void copy_authority_of_base();
    Result<Url> serialised() const;

    Url const* base_;
    std::string scheme_;
    std::string username_;
    std::string password_;
    std::string host_;
    std::optional<std::uint16_t> port_;  ///< Empty for the scheme's own.
    std::string path_;                   ///< Each segment with its slash before it.
    std::optional<std::string> query_;
    std::optional<std::string> fragment_;
};

}  // namespace backtalk
