#include "http/negotiation.h"

#include <algorithm>

#include "base/text.h"

namespace backtalk::http {

namespace {

std::string_view take_until(std::string_view& rest, char separator)
{
    std::size_t const at = rest.find(separator);
    std::string_view const part = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
    return trimmed(part);
}

/// "0.375" as 375; nothing for what is no weight (RFC 9110, 12.4.2).
int parse_weight(std::string_view text)
{
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.'))
        return 0;
    int weight = (text[0] - '0') * 1000;
    int unit = 100;
    for (char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (!is_ascii_digit(c))
            return 0;
        weight += (c - '0') * unit;
        unit /= 10;
    }
    return std::min(weight, 1000);
}

int weight_of_parameters(std::string_view parameters)
{
    while (!parameters.empty()) {
        std::string_view parameter = take_until(parameters, ';');
        if (parameter.size() >= 2 && to_ascii_lower(parameter[0]) == 'q' && parameter[1] == '=')
            return parse_weight(parameter.substr(2));
    }
    return 1000;
}

}  // namespace

int quality_of(std::string_view list, std::string_view name)
{
    while (!list.empty()) {
        std::string_view item = take_until(list, ',');
        std::string_view const item_name = take_until(item, ';');
        if (equal_ignoring_case(item_name, name))
            return weight_of_parameters(item);
    }
    return -1;
}

Encoding best_encoding(std::string_view accept_encoding, bool has_gzip, bool has_brotli)
{
    if (accept_encoding.empty() || (!has_gzip && !has_brotli))
        return Encoding::Identity;
    int const rest = quality_of(accept_encoding, "*");
    auto const weight = [&](std::string_view name, bool there) {
        if (!there)
            return 0;
        int const quality = quality_of(accept_encoding, name);
        return quality >= 0 ? quality : std::max(rest, 0);
    };
    int const brotli = weight("br", has_brotli);
    int const gzip = std::max(weight("gzip", has_gzip), has_gzip ? quality_of(accept_encoding, "x-gzip") : 0);
    int const named_identity = quality_of(accept_encoding, "identity");
    // Identity is acceptable without being named, but what is named was asked for.
    int const identity = named_identity >= 0 ? named_identity : 0;
    if (brotli > 0 && brotli >= gzip && brotli >= identity)
        return Encoding::Brotli;
    if (gzip > 0 && gzip >= identity)
        return Encoding::Gzip;
    return Encoding::Identity;
}

MediaChoice best_media(std::string_view accept)
{
    auto const quality = [&](std::string_view name, std::string_view other, std::string_view range) {
        int best = std::max(quality_of(accept, name), quality_of(accept, other));
        if (best < 0)
            best = quality_of(accept, range);
        if (best < 0)
            best = quality_of(accept, "*/*");
        return best;
    };
    int const page = quality("text/html", "application/xhtml+xml", "text/*");
    int const json = quality("application/json", "application/jf2+json", "application/*");
    int const xml = quality("application/xml", "text/xml", "application/*");
    if (json > page && json >= xml)
        return MediaChoice::Json;
    if (xml > page)
        return MediaChoice::Xml;
    return MediaChoice::Html;
}

}  // namespace backtalk::http
