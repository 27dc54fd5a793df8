#include <array>
#include <charconv>

#include "base/text.h"
#include "web/template.h"
#include "web/template_place.h"

namespace backtalk::web {

namespace {

constexpr std::size_t depth_max = 34;  // The sections that the compiler allows, and the page itself.

void append_number(std::string& out, std::int64_t number)
{
    std::array<char, 24> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), end.ptr);
}

void append_percent_encoded(std::string& out, std::string_view text)
{
    constexpr char digits[] = "0123456789ABCDEF";
    for (char c : text) {
        if (is_ascii_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[static_cast<unsigned char>(c) & 15];
        }
    }
}

/// "</script>" and "<!--" end or change a script element wherever they stand; JSON has another spelling for <.
void append_json(std::string& out, std::string_view json)
{
    for (char c : json) {
        if (c == '<')
            out += "\\u003c";
        else
            out += c;
    }
}

struct Loop {
    std::span<View const> items;
    std::size_t next = 0;
};

}  // namespace

Result<std::string> Template::render(View const& view) const
{
    assert(&view.schema() == schema_);
    std::string out;
    out.reserve(literals_.size() * 2);
    std::array<View const*, depth_max> views{&view};
    std::array<Loop, depth_max> loops;
    std::size_t depth = 0;
    std::size_t const step_count = steps_.size();

    for (std::size_t at = 0; at < step_count;) {
        Step const& step = steps_[at++];
        if (step.code == Code::Literal) {
            out.append(literals_, step.at, step.size);
            continue;
        }
        if (step.code == Code::End) {
            Loop& loop = loops[depth];
            if (out.size() > output_bytes_max)
                break;
            if (loop.next < loop.items.size()) {
                views[depth] = &loop.items[loop.next++];
                at = step.at + 1;
            } else {
                --depth;
            }
            continue;
        }

        View const* owner = views[step.depth];
        for (std::size_t i = 0; i < step.path_size && owner; ++i) {
            auto const object = owner->list_at(paths_[step.path_at + i]);
            owner = object.empty() ? nullptr : &object.front();
        }
        switch (step.code) {
        case Code::If:
            if (!owner || !owner->truth_at(step.index))
                at = step.at;
            continue;
        case Code::Unless:
            if (owner && owner->truth_at(step.index))
                at = step.at;
            continue;
        case Code::Each: {
            std::span<View const> const items = owner ? owner->list_at(step.index) : std::span<View const>();
            if (items.empty()) {
                at = step.at;
            } else {
                ++depth;
                loops[depth] = {items, 1};
                views[depth] = &items.front();
            }
            continue;
        }
        default: break;
        }
        if (!owner)
            continue;
        switch (step.code) {
        case Code::Escaped: append_escaped(out, owner->text_at(step.index)); break;
        case Code::Raw: out += owner->text_at(step.index); break;
        case Code::WholeUrl: {
            std::string_view const url = owner->text_at(step.index);
            append_escaped(out, is_safe_reference(url) ? url : std::string_view("#"));
            break;
        }
        case Code::UrlPart: append_percent_encoded(out, owner->text_at(step.index)); break;
        case Code::Json: append_json(out, owner->text_at(step.index)); break;
        case Code::Number: append_number(out, owner->number_at(step.index)); break;
        default: break;
        }
        if (out.size() > output_bytes_max)
            break;
    }
    if (out.size() > output_bytes_max)
        return failure(ErrorCode::TooLarge, "the page is too large");
    return out;
}

}  // namespace backtalk::web
