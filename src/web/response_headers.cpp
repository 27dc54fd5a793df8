#include "web/response_headers.h"

#include <brotli/encode.h>
#include <fmt/format.h>
#include <libdeflate.h>

#include "base/text.h"
#include "http/negotiation.h"

namespace backtalk::web {

namespace {

constexpr std::size_t worth_compressing_bytes = 600;

std::optional<std::string> gzipped(std::string_view body)
{
    thread_local std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> const compressor(
        libdeflate_alloc_compressor(6), libdeflate_free_compressor);
    std::string out(libdeflate_gzip_compress_bound(compressor.get(), body.size()), '\0');
    out.resize(libdeflate_gzip_compress(compressor.get(), body.data(), body.size(), out.data(), out.size()));
    if (out.empty() || out.size() >= body.size())
        return std::nullopt;
    out.shrink_to_fit();
    return out;
}

std::optional<std::string> brotlied(std::string_view body)
{
    std::size_t size = BrotliEncoderMaxCompressedSize(body.size());
    std::string out(size, '\0');
    bool const done =
        BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, body.size(), reinterpret_cast<std::uint8_t const*>(body.data()),
            &size, reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_TRUE;
    if (!done || size >= body.size())
        return std::nullopt;
    out.resize(size);
    out.shrink_to_fit();
    return out;
}

}  // namespace

void add_page_headers(http::Headers& headers)
{
    // Old entries carry style attributes and embed pictures and players of other sites; scripts of theirs never run here.
    headers.set("Content-Security-Policy",
        "default-src 'none'; script-src 'none'; style-src 'self' 'unsafe-inline'; img-src http: https: data:; "
        "media-src http: https:; frame-src http: https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
}

std::shared_ptr<CachedPage const> make_cached(http::Response response, Instant now)
{
    int const status = response.status;
    http::Headers headers = response.headers;
    headers.set("Last-Modified", http_date(now));
    http::ReadyPageParts parts(std::move(response));
    if (parts.body.size() >= worth_compressing_bytes) {
        parts.gzip = gzipped(parts.body);
        parts.brotli = brotlied(parts.body);
    }
    parts.etag = fmt::format("{:016x}", stable_hash(parts.body));
    parts.last_modified = now;
    return std::make_shared<CachedPage const>(std::move(parts), status, std::move(headers));
}

http::Response answer_from(CachedPage const& page, http::Request const& request)
{
    auto const header = [&](std::string_view name) { return request.headers.get(name).value_or(std::string_view()); };
    auto const choice = page.ready.choose(header("Accept-Encoding"), header("If-None-Match"), header("If-Modified-Since"));
    http::Response answer;
    answer.status = choice.not_modified ? 304 : page.status;
    answer.headers = page.headers;
    answer.headers.set("ETag", choice.form->etag);
    answer.headers.set("Vary", "Accept-Encoding");
    if (choice.not_modified)
        return answer;
    if (choice.form != &page.ready.identity())
        answer.headers.set("Content-Encoding", choice.form->etag.ends_with("-br\"") ? "br" : "gzip");
    answer.body = choice.form->body;
    return answer;
}

http::Response answer_once(http::Response response, http::Request const& request)
{
    auto const header = [&](std::string_view name) { return request.headers.get(name).value_or(std::string_view()); };
    std::string const etag = fmt::format("\"{:016x}\"", stable_hash(response.body));
    response.headers.set("ETag", "W/" + etag);
    response.headers.set("Vary", "Accept-Encoding");
    if (http::matches_etag(header("If-None-Match"), etag)) {
        response.status = 304;
        response.headers.remove("Content-Type");
        response.body.clear();
        return response;
    }
    if (response.body.size() < worth_compressing_bytes)
        return response;
    http::Encoding const encoding = http::best_encoding(header("Accept-Encoding"), true, true);
    std::optional<std::string> encoded;
    if (encoding != http::Encoding::Identity)
        encoded = encoding == http::Encoding::Brotli ? brotlied(response.body) : gzipped(response.body);
    if (encoded) {
        response.headers.set("Content-Encoding", encoding == http::Encoding::Brotli ? "br" : "gzip");
        response.body = *std::move(encoded);
    }
    return response;
}

}  // namespace backtalk::web
