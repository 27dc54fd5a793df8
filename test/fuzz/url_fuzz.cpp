// The first line is a URL or the base of the second; the whole is a form.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "url/address.h"
#include "url/form.h"
#include "url/site_base.h"
#include "url/url.h"

using namespace backtalk;

namespace {

void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

void require_inside(std::string_view part, std::string const& whole)
{
    require(std::greater_equal<>()(part.data(), whole.data()));
    require(std::less_equal<>()(part.data() + part.size(), whole.data() + whole.size()));
}

void check_parts(Url const& url)
{
    for (std::string_view const part : {url.scheme(), url.host(), url.authority(), url.path(), url.path_and_query(),
             url.query().value_or(url.path()), url.fragment().value_or(url.path())})
        require_inside(part, url.str());
    if (!url.has_credentials())
        require_inside(url.origin(), url.str());
    require(url.scheme() == "http" || url.scheme() == "https");
    require(!url.host().empty());
    require(url.path().starts_with('/'));
    require(url.str().size() <= 8192);
    require(url.origin() == std::string(url.scheme()) + "://" + std::string(url.authority()));
    require(url.without_fragment().str() + (url.fragment() ? "#" + std::string(*url.fragment()) : "") == url.str());
    // What is in a log, a header or a database after this must not be able to end its line.
    for (char const c : url.str())
        require(c > 0x20 && c < 0x7F);
}

void check_comparison_key(Url const& url)
{
    std::string const key = comparison_key(url);
    require(comparison_key(url.without_fragment()) == key);
    // Characters that RFC 3986 does not know are encoded in the key, so it can be too long to be read back.
    if (Result<Url> const again = Url::parse(std::string(url.scheme()) + "://" + key))
        require(comparison_key(*again) == key);
    else
        require(key.size() + 8 > 8192);
}

void check(Url const& url)
{
    check_parts(url);
    Result<Url> const again = Url::parse(url.str());
    require(again && *again == url && again->host() == url.host() && again->port() == url.port() && again->path() == url.path() &&
        again->query() == url.query() && again->origin() == url.origin());
    require(*url.resolve("") == url.without_fragment());
    require(*url.resolve(url.path_and_query()) == url.without_fragment() || url.path().starts_with("//"));
    check_comparison_key(url);
    SiteBase const site(url);
    require(site.contains(site.url()));
    require(SiteBase(site.url()) == site);
    require(site.contains(site.at(url.path_and_query())));
    if (std::optional<Address> const address = Address::parse(url.host()))
        require(url.host() == (address->is_v4() ? address->str() : "[" + address->str() + "]"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    auto const copy = std::make_unique<char[]>(size);
    std::copy(bytes, bytes + size, copy.get());
    std::string_view const text(copy.get(), size);

    std::string_view const first = text.substr(0, text.find('\n'));
    std::string_view const second = text.substr(std::min(first.size() + 1, size));
    Result<Url> const base = Url::parse(first);
    if (base) {
        check(*base);
        if (Result<Url> const resolved = base->resolve(second))
            check(*resolved);
    }
    if (Result<Url> const whole = Url::parse(text))
        check(*whole);

    if (std::optional<Address> const address = Address::parse(text)) {
        require(Address::parse(address->str()) == address);
        require(!address->subscriber().empty() && !address->network().empty());
        require(!(address->is_public() && address->is_loopback()));
    }
    if (std::optional<AddressPort> const pair = AddressPort::parse(text))
        require(AddressPort::parse(pair->str()) == pair);

    FormFields const fields = parse_form(text);
    require(fields.size() <= form_fields_max);
    require(parse_form(form_encoded(fields)) == fields);
    require(percent_decoded(percent_encoded(text)) == text);
    std::string const normalised = percent_normalised(text);
    require(percent_normalised(normalised) == normalised);
    return 0;
}
