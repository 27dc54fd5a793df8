#include "markup/sanitizer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/text.h"
#include "markup/html_elements.h"
#include "markup/html_tokenizer.h"

namespace backtalk::markup {

namespace {

constexpr std::size_t depth_max = 32;
constexpr std::size_t mailto_bytes_max = 320;

constexpr std::array inline_elements = {std::string_view("abbr"), std::string_view("b"), std::string_view("cite"), std::string_view("code"),
    std::string_view("del"), std::string_view("em"), std::string_view("i"), std::string_view("ins"), std::string_view("kbd"),
    std::string_view("q"), std::string_view("s"), std::string_view("samp"), std::string_view("small"), std::string_view("strong"),
    std::string_view("sub"), std::string_view("sup"), std::string_view("u"), std::string_view("var")};
constexpr std::array container_elements = {std::string_view("blockquote"), std::string_view("ol"), std::string_view("ul"),
    std::string_view("li"), std::string_view("dl"), std::string_view("dt"), std::string_view("dd"), std::string_view("pre")};

/// The constant that equals `name`, so that it outlives the tokenizer's view; empty if there is none.
template <std::size_t N> std::string_view found_in(std::array<std::string_view, N> const& names, std::string_view name)
{
    auto const found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? std::string_view() : *found;
}

/// "mailto:" and an address that cannot end an attribute, or nothing.
std::optional<std::string> mail_link(std::string_view reference)
{
    std::string_view const address = trimmed(reference);
    if (!starts_with_ignoring_case(address, "mailto:") || address.size() > mailto_bytes_max)
        return std::nullopt;
    for (char c : address)
        if (!is_ascii_alnum(c) && std::string_view(".@+-_:%?=&;,/!~").find(c) == std::string_view::npos)
            return std::nullopt;
    return "mailto:" + std::string(address.substr(7));
}

class Sanitizer final : public HtmlSink {
public:
    Sanitizer(Url const* base, SanitizerRules rules) : base_(base), rules_(rules) { }

    void start_tag(HtmlStartTag const& tag) override
    {
        ElementTraits const traits = element_traits(tag.name);
        hidden_.start(traits);
        if (hidden_.now())
            return;
        if (tag.name == "a")
            start_link(tag);
        else if (auto const inline_name = found_in(inline_elements, tag.name); !inline_name.empty())
            start_inline(tag, inline_name);
        else if (rules_ == SanitizerRules::Line)
            out_ += traits.is_block ? " " : "";
        else if (tag.name == "br")
            start_break();
        else if (auto const container = found_in(container_elements, tag.name); !container.empty())
            start_container(container);
        else if (traits.is_block)
            end_paragraph();
    }

    void end_tag(std::string_view name) override
    {
        ElementTraits const traits = element_traits(name);
        hidden_.end(traits);
        if (hidden_.now())
            return;
        if (auto const open = std::find(open_.rbegin(), open_.rend(), name); open != open_.rend() && *open != "p")
            close_through(static_cast<std::size_t>(open_.rend() - open) - 1);
        else if (traits.is_block && rules_ == SanitizerRules::Line)
            out_ += ' ';
        else if (traits.is_block)
            end_paragraph();
    }

    void text(std::string_view with_controls) override
    {
        if (hidden_.now())
            return;
        std::string const text = without_controls(with_controls);
        auto const first_word = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_ascii_space) - text.begin());
        out_.append(text, 0, first_word);
        if (first_word == text.size())
            return;
        begin_words();
        append_escaped(out_, std::string_view(text).substr(first_word));
    }

    std::string take()
    {
        close_through(0);
        return std::move(out_);
    }

private:
    bool is_open(std::string_view name) const { return std::find(open_.begin(), open_.end(), name) != open_.end(); }

    void open(std::string_view name)
    {
        out_ += '<';
        out_ += name;
        out_ += '>';
        open_.push_back(name);
    }

    /// Closes the open element number `index` and all inside it. Words after a block are another paragraph.
    void close_through(std::size_t index)
    {
        while (open_.size() > index) {
            paragraph_due_ |= open_.back() == "p" || !found_in(container_elements, open_.back()).empty();
            out_ += "</";
            out_ += open_.back();
            out_ += '>';
            open_.pop_back();
        }
    }

    /// Closes the innermost element of that name unless one of `borders` is nearer.
    void close_in_scope(std::string_view name, std::initializer_list<std::string_view> borders)
    {
        for (std::size_t i = open_.size(); i-- > 0;) {
            if (open_[i] == name) {
                close_through(i);
                return;
            }
            if (std::find(borders.begin(), borders.end(), open_[i]) != borders.end())
                return;
        }
    }

    /// The next words belong to another paragraph. Its tag is written when they come, so that there are no empty ones.
    void end_paragraph()
    {
        close_in_scope("p", {"blockquote", "li", "dt", "dd", "pre"});
        paragraph_due_ = true;
    }

    void begin_words()
    {
        if (!paragraph_due_)
            return;
        paragraph_due_ = false;
        bool const allowed = open_.empty() || open_.back() == "blockquote" || open_.back() == "li" || open_.back() == "dd";
        if (allowed && open_.size() < depth_max)
            open("p");
        else if (!out_.empty() && !is_ascii_space(out_.back()))
            out_ += '\n';
    }

    void start_break()
    {
        begin_words();
        out_ += "<br>";
    }

    void start_container(std::string_view name)
    {
        // As the tree builder of a browser would do, or our end tags would not fit its tree.
        close_in_scope("p", {"blockquote", "li", "dt", "dd", "pre"});
        if (name == "li") {
            close_in_scope("li", {"ul", "ol"});
            if (open_.empty() || (open_.back() != "ul" && open_.back() != "ol"))
                return end_paragraph();
        } else if (name == "dt" || name == "dd") {
            close_in_scope("dt", {"dl"});
            close_in_scope("dd", {"dl"});
            if (open_.empty() || open_.back() != "dl")
                return end_paragraph();
        }
        if (open_.size() >= depth_max)
            return;
        paragraph_due_ = false;
        open(name);
    }

    void start_inline(HtmlStartTag const& tag, std::string_view name)
    {
        if (open_.size() + 1 >= depth_max)
            return;
        begin_words();
        std::string_view const title = tag.attribute("title");
        if (name != "abbr" || title.empty())
            return open(name);
        out_ += "<abbr title=\"";
        append_escaped(out_, without_controls(title));
        out_ += "\">";
        open_.push_back(name);
    }

    void start_link(HtmlStartTag const& tag)
    {
        close_in_scope("a", {});
        std::string const address = link_address(tag.attribute("href"));
        if (address.empty() || open_.size() + 1 >= depth_max)
            return;
        begin_words();
        out_ += "<a href=\"";
        append_escaped(out_, address);
        out_ += "\" rel=\"nofollow ugc\">";
        open_.push_back("a");
    }

    /// Empty if it may not be linked.
    std::string link_address(std::string_view reference) const
    {
        if (reference.data() == nullptr)
            return {};
        if (auto mail = mail_link(reference))
            return *std::move(mail);
        auto const url = base_ == nullptr ? Url::parse(reference) : base_->resolve(reference);
        // A name and password before the host make one site look like another.
        return url && !url->has_credentials() ? url->str() : std::string();
    }

    Url const* base_;
    SanitizerRules rules_;
    std::string out_;
    std::vector<std::string_view> open_;  ///< Names are constants of this file.
    HiddenContent hidden_;
    bool paragraph_due_ = false;
};

}  // namespace

std::string sanitized(std::string_view html, Url const* base, SanitizerRules rules)
{
    Sanitizer sink(base, rules);
    tokenize_html(is_valid_utf8(html) ? html : repaired_utf8(html), sink);
    return sink.take();
}

}  // namespace backtalk::markup
