#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backtalk::http {

/// A token of RFC 9110, 5.6.2: what a method or a header name may be.
bool is_token(std::string_view text);

struct Header {
    Header(std::string the_name, std::string the_value) : name(std::move(the_name)), value(std::move(the_value)) { }

    std::string name;
    std::string value;
};

/// Header lines in the order they came or will be sent. Names compare without letter case.
///
/// A message can not be split by what is put in here: CR, LF and NUL in a value become blanks (RFC 9110, 5.5), and a line whose
/// name is no token is left out.
class Headers {
public:
    Headers() = default;

    /// The first value of that name. Valid until the headers change.
    std::optional<std::string_view> get(std::string_view name) const;
    std::vector<std::string_view> all(std::string_view name) const;
    bool contains(std::string_view name) const { return get(name).has_value(); }

    void add(std::string_view name, std::string_view value);
    /// Replaces every line of that name.
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);

    auto begin() const { return lines_.begin(); }
    auto end() const { return lines_.end(); }
    std::size_t size() const { return lines_.size(); }
    bool empty() const { return lines_.empty(); }

    /// "Name: value\r\n" for each line.
    void append_to(std::string& out) const;

private:
    std::vector<Header> lines_;
};

}  // namespace backtalk::http
