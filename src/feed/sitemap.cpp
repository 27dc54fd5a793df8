#include "feed/sitemap.h"

#include <algorithm>

#include <fmt/format.h>

#include "feed/xml_writer.h"

namespace backtalk::feed {

namespace {

constexpr std::string_view sitemap_namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";

std::string write_urls(std::string_view root, std::string_view each, std::span<SitemapUrl const> urls)
{
    XmlWriter xml;
    xml.open(root, {{"xmlns", sitemap_namespace}});
    for (SitemapUrl const& url : urls.first(std::min(urls.size(), sitemap_urls_max))) {
        xml.open(each);
        xml.element("loc", url.url);
        if (url.modified)
            xml.element("lastmod", rfc3339(*url.modified));
        xml.close(each);
    }
    xml.close(root);
    return xml.take();
}

/// A line end in a value would be a rule of somebody else's.
std::string one_line(std::string_view text)
{
    std::string out(text);
    std::erase_if(out, [](char c) { return c == '\n' || c == '\r'; });
    return out;
}

}  // namespace

std::string sitemap_xml(std::span<SitemapUrl const> urls) { return write_urls("urlset", "url", urls); }

std::string sitemap_index(std::span<SitemapUrl const> sitemaps) { return write_urls("sitemapindex", "sitemap", sitemaps); }

std::string robots_txt(std::string_view sitemap_url, std::span<std::string const> disallowed)
{
    std::string out = "User-agent: *\n";
    if (disallowed.empty())
        out += "Disallow:\n";
    for (std::string const& path : disallowed)
        out += fmt::format("Disallow: {}\n", one_line(path));
    if (!sitemap_url.empty())
        out += fmt::format("\nSitemap: {}\n", one_line(sitemap_url));
    return out;
}

}  // namespace backtalk::feed
