#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "markup/microformats_values.h"

namespace backtalk::markup {

/// Gathers the links of a page that have a rel.
///
/// Spec: https://microformats.org/wiki/microformats2-parsing, "parse a hyperlink element for rel microformats"
class MfRelCollector {
public:
    MfRelCollector(MfValueReader& values, MfBudget& budget) : values_(values), budget_(budget) { }

    /// An a, area or link element.
    void add(HtmlNode const& element);
    std::vector<MfRelUrl> take();

private:
    MfValueReader& values_;
    MfBudget& budget_;
    std::vector<MfRelUrl> links_;
    std::unordered_map<std::string, std::size_t> positions_;
};

}  // namespace backtalk::markup
