#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace backtalk::cli {

/// The words of one command line, parsed. Which of them mean something depends on the command.
struct Options {
    std::string command;  ///< "entry add"
    std::string home = ".";
    bool json = false;
    bool quiet = false;

    std::vector<std::string> words;  ///< FILE…, ID…, URL: what stands without an option.
    std::vector<std::int64_t> ids;
    std::vector<std::string> listen;
    std::string site;
    std::string url;
    std::string protocol;  ///< "webmention", "pingback", "trackback"; empty: the best.
    std::optional<std::string> title;
    std::optional<std::string> author;
    std::optional<std::string> description;
    std::optional<std::string> language;
    std::optional<std::string> time_zone;
    std::optional<std::string> permalink;
    std::optional<std::string> feed;
    std::optional<int> feed_minutes;
    std::optional<std::string> api_token;
    std::optional<std::string> hook_url;
    std::optional<std::string> hook_secret;
    std::string state;
    std::optional<std::int64_t> entry;
    std::optional<std::uint64_t> limit;
    std::string charset;
    std::string map;
    bool external = false;
    bool draft = false;
    bool dry_run = false;
    std::string role;    ///< "owner", "author", "moderator"; empty: not given.
    std::string scopes;  ///< "read moderate"
    bool password_stdin = false;
    bool remove_tokens = false;
    std::string strictness = "balanced";
    bool no_link_check = false;
    bool held_back = false;
    std::optional<std::uint64_t> decisions;
    std::string train;
};

/// What a command line came to.
struct Parsed {
    std::optional<Options> options;  ///< Nothing: `text` is all there is to say, and `status` to return.
    std::string text;
    int status = 0;
};

Parsed parse_arguments(std::vector<std::string> const& arguments);

}  // namespace backtalk::cli
