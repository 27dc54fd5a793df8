#include "markup/json_ld.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"

namespace backtalk::markup {

namespace {

constexpr std::size_t json_bytes_max = 64 * 1024;
constexpr std::size_t depth_max = 24;
constexpr std::size_t value_bytes_max = 1000;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

struct Node {
    std::string headline, name, url, published, author_name, author_url, publisher_name;
    bool is_posting = false;
    bool is_site = false;
};

/// An open object or array.
struct Frame {
    Frame(bool object, std::string the_role) : is_object(object), role(std::move(the_role)) { }

    bool is_object;
    std::string role;  ///< The key under which it stands, also through arrays.
    std::string key;   ///< Of the value that comes next; objects only.
    bool expects_key = true;
    Node node;
};

class JsonLdReader {
public:
    JsonLdReader(std::string_view json, JsonLdFacts& facts) : json_(json.substr(0, json_bytes_max)), facts_(facts) { }

    void read()
    {
        // Scripts of XHTML days begin with "//<![CDATA[".
        std::size_t const wrapper = json_.find("<![CDATA[");
        position_ = json_.find_first_of("{[", wrapper == std::string_view::npos ? 0 : wrapper + 9);
        while (position_ < json_.size())
            if (!step())
                return;
    }

private:
    bool step()
    {
        char const c = json_[position_++];
        if (is_ascii_space(c))
            return true;
        switch (c) {
        case '{':
        case '[': return open(c == '{');
        case '}':
        case ']': return close(c == '}');
        case ':':
            if (!stack_.empty())
                stack_.back().expects_key = false;
            return true;
        case ',':
            if (!stack_.empty())
                stack_.back().expects_key = true;
            return true;
        case '"': return string();
        default: return !stack_.empty();  // Numbers and words say nothing here.
        }
    }

    bool open(bool is_object)
    {
        if (stack_.size() >= depth_max)
            return false;
        std::string role;
        if (!stack_.empty())
            role = stack_.back().is_object ? stack_.back().key : stack_.back().role;
        stack_.emplace_back(is_object, std::move(role));
        return true;
    }

    bool close(bool is_object)
    {
        if (stack_.empty() || stack_.back().is_object != is_object)
            return false;
        Frame const frame = std::move(stack_.back());
        stack_.pop_back();
        if (is_object)
            finish(frame);
        return true;
    }

    bool string()
    {
        std::optional<std::string> value = string_value();
        if (!value || stack_.empty())
            return false;
        Frame& frame = stack_.back();
        if (frame.is_object && frame.expects_key)
            frame.key = *std::move(value);
        else if (Node* const node = innermost_node())
            set(*node, frame.is_object ? frame.key : frame.role, *std::move(value));
        return true;
    }

    Node* innermost_node()
    {
        auto const found = std::find_if(stack_.rbegin(), stack_.rend(), [](Frame const& frame) { return frame.is_object; });
        return found == stack_.rend() ? nullptr : &found->node;
    }

    static void set_once(std::string& field, std::string value)
    {
        if (field.empty())
            field = std::move(value);
    }

    static void set(Node& node, std::string_view key, std::string value)
    {
        if (key == "@type") {
            node.is_posting |= is_one_of(value, {"BlogPosting", "Article", "NewsArticle", "SocialMediaPosting", "TechArticle", "Report"});
            node.is_site |= is_one_of(value, {"WebSite", "Blog"});
        } else if (key == "headline") {
            set_once(node.headline, std::move(value));
        } else if (key == "name") {
            set_once(node.name, std::move(value));
        } else if (key == "url") {
            set_once(node.url, std::move(value));
        } else if (key == "datePublished") {
            set_once(node.published, std::move(value));
        } else if (key == "author") {
            set_once(node.author_name, std::move(value));
        } else if (key == "publisher") {
            set_once(node.publisher_name, std::move(value));
        }
    }

    void finish(Frame const& frame)
    {
        Node const& node = frame.node;
        if (Node* const around = innermost_node()) {
            if (frame.role == "author" && around->author_name.empty()) {
                around->author_name = node.name;
                around->author_url = node.url;
            } else if (frame.role == "publisher") {
                set_once(around->publisher_name, node.name);
            }
        }
        if (node.is_site)
            set_once(facts_.site_name, node.name);
        // An article that this page only mentions or lists is not the page.
        if (node.is_posting && facts_.headline.empty() && is_one_of(frame.role, {"", "@graph", "mainEntity"})) {
            facts_.headline = node.headline.empty() ? node.name : node.headline;
            facts_.published = node.published;
            facts_.author_name = node.author_name;
            facts_.author_url = node.author_url;
            facts_.publisher_name = node.publisher_name;
        }
    }

    /// Behind the opening quote; nothing if the text ends first.
    std::optional<std::string> string_value()
    {
        std::string value;
        while (position_ < json_.size()) {
            char const c = json_[position_++];
            if (c == '"') {
                if (value.size() > value_bytes_max)
                    cut(value);
                return value;
            }
            if (value.size() > value_bytes_max) {
                position_ += c == '\\' ? 1 : 0;
                continue;
            }
            if (c == '\\')
                append_escape(value);
            else
                value += c;
        }
        return std::nullopt;
    }

    static void cut(std::string& value)
    {
        std::size_t end = value_bytes_max;
        while (end > 0 && (value[end] & '\xC0') == '\x80')
            --end;
        value.resize(end);
    }

    void append_escape(std::string& value)
    {
        if (position_ >= json_.size())
            return;
        char const c = json_[position_++];
        switch (c) {
        case 'n':
        case 'r':
        case 't':
        case 'b':
        case 'f': value += ' '; return;
        case 'u': append_utf8(value, escaped_code_point()); return;
        default: value += c; return;
        }
    }

    std::optional<char32_t> four_digits()
    {
        if (json_.size() - position_ < 4)
            return std::nullopt;
        char32_t unit = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            int const digit = hex_digit_value(json_[position_ + i]);
            if (digit < 0)
                return std::nullopt;
            unit = unit * 16 + static_cast<char32_t>(digit);
        }
        position_ += 4;
        return unit;
    }

    /// Behind "\u"; a pair of surrogates is one code point, half a pair U+FFFD.
    char32_t escaped_code_point()
    {
        constexpr char32_t replacement = 0xFFFD;
        auto const high = four_digits();
        if (!high)
            return replacement;
        if (*high < 0xD800 || *high > 0xDFFF)
            return *high;
        if (*high > 0xDBFF || json_.substr(position_, 2) != "\\u")
            return replacement;
        std::size_t const before = position_;
        position_ += 2;
        auto const low = four_digits();
        if (low && *low >= 0xDC00 && *low <= 0xDFFF)
            return 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00);
        position_ = before;
        return replacement;
    }

    std::string_view json_;
    JsonLdFacts& facts_;
    std::size_t position_ = 0;
    std::vector<Frame> stack_;
};

}  // namespace

void read_json_ld(std::string_view json, JsonLdFacts& facts) { JsonLdReader(json, facts).read(); }

}  // namespace backtalk::markup
