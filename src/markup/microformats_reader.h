#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "markup/html_tree.h"
#include "markup/microformats.h"
#include "markup/microformats_classes.h"
#include "markup/microformats_rels.h"
#include "markup/microformats_values.h"

namespace backtalk::markup {

/// Walks the tree of a page once, in document order, and builds its items.
///
/// Spec: https://microformats.org/wiki/microformats2-parsing, "parse a document for microformats"
class MfReader {
public:
    static constexpr std::size_t items_deep_max = 32;

    MfReader(HtmlTree const& tree, std::size_t page_bytes, Url const& url);
    Microformats read();

private:
    /// An item whose element is open.
    struct Frame {
        MfItem item;
        HtmlNode const* element = nullptr;
        ClassicRoots roots = 0;          ///< 0: of version 2.
        bool implies = true;             ///< Whether it has implied properties: not with a classic root class.
        std::vector<MfPropertyName> as;  ///< What it is to the item around it.
        bool has_p_or_e = false;
        bool has_u = false;
        bool has_nested = false;
        std::optional<std::string> p_name;                       ///< The first name by p-, or the implied one.
        std::optional<MfValue> u_url;                            ///< The first url by u-, or the implied one.
        std::string last_date;                                   ///< Of the last dt-: for a time that has none.
        std::size_t cost = 0;                                    ///< About the bytes of all its values.
        std::unordered_map<std::string, std::size_t> positions;  ///< Of its properties, once they are many.
    };
    /// What the classes of one element say.
    struct Classes {
        std::vector<std::string> types;
        std::vector<MfPropertyName> properties;
        ClassicRoots roots = 0;
        ClassicRoots becomes = 0;
    };

    void enter(HtmlNode const& element);
    void read_classes(HtmlNode const& element, Frame const* around);
    void read_classic_rels(HtmlNode const& element, Frame& around);
    void add_classic_property(MfPropertyName property);
    void open(HtmlNode const& element);
    void close();
    void imply(Frame& frame);
    MfValue value_of(Frame const& frame, MfPrefix prefix);
    void add(Frame& frame, MfPropertyName property, MfValue value, std::size_t nested_cost = 0);
    static MfProperty& property_of(Frame& frame, std::string_view name);

    HtmlTree const& tree_;
    MfBudget budget_;
    MfValueReader values_;
    MfRelCollector rels_;
    std::vector<Frame> frames_;
    Classes classes_;
    HtmlNode const* skipped_ = nullptr;  ///< An item too deep, while inside it.
    Microformats result_;
};

}  // namespace backtalk::markup
