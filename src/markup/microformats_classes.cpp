#include "markup/microformats_classes.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace backtalk::markup {

namespace {

constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

/// What stands behind the prefix: parts of letters with hyphens between; before them may stand one of letters and digits.
bool is_v2_name(std::string_view name)
{
    bool is_first_part = true;
    bool has_digit = false;
    std::size_t part_size = 0;
    for (char const c : name) {
        if (c == '-') {
            if (part_size == 0)
                return false;
            is_first_part = false;
            part_size = 0;
        } else if (is_lower(c) || (is_ascii_digit(c) && is_first_part)) {
            has_digit |= !is_lower(c);
            ++part_size;
        } else {
            return false;
        }
    }
    return part_size > 0 && !(is_first_part && has_digit);
}

using namespace classic;

struct Root {
    std::string_view class_name;
    ClassicRoots root;
    std::string_view type;
};

constexpr Root roots[] = {
    {"adr", Adr, "h-adr"},
    {"geo", Geo, "h-geo"},
    {"hentry", Hentry, "h-entry"},
    {"hfeed", Hfeed, "h-feed"},
    {"hproduct", Hproduct, "h-product"},
    {"hrecipe", Hrecipe, "h-recipe"},
    {"hresume", Hresume, "h-resume"},
    {"hreview", Hreview, "h-review"},
    {"hreview-aggregate", HreviewAggregate, "h-review-aggregate"},
    {"vcard", Vcard, "h-card"},
    {"vevent", Vevent, "h-event"},
    {"", Item, "h-item"},
};

constexpr MfPropertyName p(std::string_view name) { return {MfPrefix::P, name}; }
constexpr MfPropertyName u(std::string_view name) { return {MfPrefix::U, name}; }
constexpr MfPropertyName dt(std::string_view name) { return {MfPrefix::Dt, name}; }
constexpr MfPropertyName e(std::string_view name) { return {MfPrefix::E, name}; }

/// https://microformats.org/wiki/microformats2-parsing#note_backward_compatibility_details and the pages it leads to.
constexpr auto rules = [] {
    constexpr ClassicRoots reviews = Hreview | HreviewAggregate;
    constexpr ClassicRoots addresses = Adr | Vcard;
    constexpr ClassicRoots places = Geo | Vcard | Hentry;
    auto list = std::to_array<ClassicRule>({
        {"locality", addresses, p("locality"), 0},
        {"region", addresses, p("region"), 0},
        {"extended-address", addresses, p("extended-address"), 0},
        {"post-office-box", addresses, p("post-office-box"), 0},
        {"street-address", addresses, p("street-address"), 0},
        {"postal-code", addresses, p("postal-code"), 0},
        {"country-name", addresses, p("country-name"), 0},

        {"latitude", places, p("latitude"), 0},
        {"longitude", places, p("longitude"), 0},

        {"entry-title", Hentry, p("name"), 0},
        {"entry-content", Hentry, e("content"), 0},
        {"entry-summary", Hentry, p("summary"), 0},
        {"published", Hentry, dt("published"), 0},
        {"updated", Hentry, dt("updated"), 0},
        {"author", Hentry | Hrecipe, p("author"), Vcard},
        {"category", Hentry | Hfeed | Hproduct | Hrecipe | Vcard | Vevent, p("category"), 0},
        {"geo", Hentry | Vcard, p("geo"), Geo},
        {"geo", Vevent, p("location"), Geo},

        {"site-title", Hfeed, p("name"), 0},
        {"title", Hfeed, p("name"), 0},
        {"site-description", Hfeed, p("summary"), 0},
        {"description", Hfeed, p("summary"), 0},

        {"fn", Hproduct | Hrecipe | Vcard | Item, p("name"), 0},
        {"photo", Hproduct | Hrecipe | Vcard | Item | HreviewAggregate, u("photo"), 0},
        {"url", Hproduct | Vcard | Vevent | Item | HreviewAggregate, u("url"), 0},
        {"brand", Hproduct, p("brand"), 0},
        {"description", Hproduct | Vevent | Hreview | HreviewAggregate, p("description"), 0},
        {"identifier", Hproduct, u("identifier"), 0},
        {"price", Hproduct, p("price"), 0},
        {"review", Hproduct, p("review"), Hreview},

        {"ingredient", Hrecipe, p("ingredient"), 0},
        {"yield", Hrecipe, p("yield"), 0},
        {"instructions", Hrecipe, e("instructions"), 0},
        {"duration", Hrecipe | Vevent, dt("duration"), 0},
        {"nutrition", Hrecipe, p("nutrition"), 0},
        {"summary", Hrecipe | Hresume, p("summary"), 0},

        {"contact", Hresume, p("contact"), Vcard},
        {"education", Hresume, p("education"), Vevent},
        {"experience", Hresume, p("experience"), Vevent},
        {"skill", Hresume, p("skill"), 0},
        {"affiliation", Hresume, p("affiliation"), Vcard},

        {"item", reviews, p("item"), Item},
        {"fn", reviews, p("item"), Item},
        {"summary", reviews | Vevent, p("name"), 0},
        {"reviewer", reviews, p("author"), Vcard},
        {"dtreviewed", reviews, dt("reviewed"), 0},
        {"rating", reviews, p("rating"), 0},
        {"average", HreviewAggregate, p("average"), 0},
        {"best", reviews, p("best"), 0},
        {"worst", reviews, p("worst"), 0},
        {"count", HreviewAggregate, p("count"), 0},
        {"votes", HreviewAggregate, p("votes"), 0},

        {"additional-name", Vcard, p("additional-name"), 0},
        {"adr", Vcard, p("adr"), Adr},
        {"bday", Vcard, dt("bday"), 0},
        {"email", Vcard, u("email"), 0},
        {"family-name", Vcard, p("family-name"), 0},
        {"given-name", Vcard, p("given-name"), 0},
        {"honorific-prefix", Vcard, p("honorific-prefix"), 0},
        {"honorific-suffix", Vcard, p("honorific-suffix"), 0},
        {"key", Vcard, u("key"), 0},
        {"label", Vcard, p("label"), 0},
        {"logo", Vcard, u("logo"), 0},
        {"nickname", Vcard, p("nickname"), 0},
        {"note", Vcard, p("note"), 0},
        {"org", Vcard, p("org"), 0},
        {"organization-name", Vcard, p("organization-name"), 0},
        {"organization-unit", Vcard, p("organization-unit"), 0},
        {"role", Vcard, p("role"), 0},
        {"tel", Vcard, p("tel"), 0},
        {"title", Vcard, p("job-title"), 0},
        {"uid", Vcard, u("uid"), 0},

        {"attendee", Vevent, p("attendee"), 0},
        {"contact", Vevent, p("contact"), 0},
        {"dtend", Vevent, dt("end"), 0},
        {"dtstart", Vevent, dt("start"), 0},
        {"location", Vevent, p("location"), 0},
        {"organizer", Vevent, p("organizer"), 0},
    });
    std::ranges::sort(list, {}, &ClassicRule::class_name);
    return list;
}();

constexpr std::size_t slot_count = 512;

constexpr std::size_t slot_of(std::string_view name)
{
    auto const at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
    return (at(0) * 31 + at(name.size() / 2) * 7 + at(name.size() - 1) * 13 + name.size() * 61) % slot_count;
}

/// Index + 1 of the first rule of a class, 0 for an empty slot; collisions go to the next slot.
constexpr auto slots = [] {
    std::array<std::uint8_t, slot_count> table{};
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (i > 0 && rules[i].class_name == rules[i - 1].class_name)
            continue;
        std::size_t slot = slot_of(rules[i].class_name);
        while (table[slot] != 0)
            slot = (slot + 1) % slot_count;
        table[slot] = static_cast<std::uint8_t>(i + 1);
    }
    return table;
}();
static_assert(rules.size() < 255);

}  // namespace

bool is_v2_root(std::string_view class_name) { return class_name.starts_with("h-") && is_v2_name(class_name.substr(2)); }

std::optional<MfPropertyName> v2_property(std::string_view class_name)
{
    if (class_name.size() < 3)
        return std::nullopt;
    MfPropertyName property{MfPrefix::P, class_name.substr(2)};
    if (class_name[1] == '-' && class_name[0] == 'p')
        property.prefix = MfPrefix::P;
    else if (class_name[1] == '-' && class_name[0] == 'u')
        property.prefix = MfPrefix::U;
    else if (class_name[1] == '-' && class_name[0] == 'e')
        property.prefix = MfPrefix::E;
    else if (class_name.starts_with("dt-"))
        property = {MfPrefix::Dt, class_name.substr(3)};
    else
        return std::nullopt;
    if (!is_v2_name(property.name))
        return std::nullopt;
    return property;
}

ClassicRoots classic_root(std::string_view class_name)
{
    // Of all the classes of a page hardly one begins like these.
    if (class_name.size() < 3 || (class_name[0] != 'h' && class_name[0] != 'v' && class_name[0] != 'a' && class_name[0] != 'g'))
        return 0;
    for (Root const& each : roots)
        if (each.class_name == class_name)
            return each.root;
    return 0;
}

std::string_view type_of(ClassicRoots one_root)
{
    for (Root const& each : roots)
        if (each.root == one_root)
            return each.type;
    return {};
}

std::span<ClassicRule const> classic_rules(std::string_view class_name)
{
    if (class_name.size() < 2)
        return {};
    std::size_t slot = slot_of(class_name);
    while (slots[slot] != 0 && rules[slots[slot] - 1].class_name != class_name)
        slot = (slot + 1) % slot_count;
    if (slots[slot] == 0)
        return {};
    std::size_t const first = slots[slot] - 1U;
    std::size_t end = first + 1;
    while (end < rules.size() && rules[end].class_name == class_name)
        ++end;
    return std::span(rules).subspan(first, end - first);
}

}  // namespace backtalk::markup
