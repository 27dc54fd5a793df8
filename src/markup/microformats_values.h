#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "markup/html_tree.h"
#include "markup/microformats.h"
#include "markup/microformats_classes.h"
#include "url/url.h"

namespace backtalk::markup {

/// How much may still be made of a page. Properties inside each other each repeat the text of the inner ones, and an item that
/// is the value of several properties is copied: without a bound a page of 100 KB could ask for gigabytes.
class MfBudget {
public:
    MfBudget(std::size_t page_bytes, std::size_t node_count) : bytes_(64 * 1024 + 16 * page_bytes), steps_(16 * 1024 + 32 * node_count) { }

    /// False where that is more than is left; nothing more is given then.
    bool take_bytes(std::size_t count) { return take(bytes_, count); }
    bool take_steps(std::size_t count) { return take(steps_, count); }
    std::size_t bytes_left() const { return bytes_; }

private:
    static bool take(std::size_t& left, std::size_t count)
    {
        bool const enough = count <= left;
        left = enough ? left - count : 0;
        return enough;
    }

    std::size_t bytes_;
    std::size_t steps_;
};

/// Reads what an element is worth as a property. Once the budget is used up, all values are empty.
///
/// Spec: https://microformats.org/wiki/microformats2-parsing, "parsing a p- property" and the following
class MfValueReader {
public:
    MfValueReader(Url base, MfBudget& budget) : base_(std::move(base)), budget_(budget) { }

    /// `roots`: of the classic item around, 0 in one of version 2. `date_before`: of the item's last date.
    MfValue read(HtmlNode const& element, MfPrefix prefix, ClassicRoots roots, std::string_view date_before);

    /// With image texts, trimmed: what p- and implied names are.
    std::string text_with_images(HtmlNode const& element, bool with_sources);
    /// The text as it stands.
    std::string raw_text(HtmlNode const& element);
    /// The reference against the base of the page. One that has a scheme, or that cannot be resolved, stays as written.
    std::string absolute(std::string_view reference);
    /// The image of an img element, with its alternative text.
    MfValue image(HtmlNode const& img);

private:
    enum class Images { Left, Alternative, AlternativeOrSource };

    void append_text(std::string& out, HtmlNode const& element, Images images);
    std::string trimmed_text(HtmlNode const& element, Images images);
    MfValue read_p(HtmlNode const& element, ClassicRoots roots);
    MfValue read_u(HtmlNode const& element, ClassicRoots roots);
    MfValue read_dt(HtmlNode const& element, ClassicRoots roots, std::string_view date_before);
    MfValue read_e(HtmlNode const& element);
    std::string inner_html(HtmlNode const& element);
    template <class Visit> void for_each_value_class(HtmlNode const& element, ClassicRoots roots, Visit&& visit);
    std::string value_class_text(HtmlNode const& element, bool with_datetime);
    std::optional<std::string> value_class(HtmlNode const& element, ClassicRoots roots);

    Url base_;
    MfBudget& budget_;
    std::string scratch_;  ///< Where texts grow before they are copied at their size.
};

}  // namespace backtalk::markup
