#include "store/listing_details.h"

#include <boost/json.hpp>

#include "store/rows.h"

namespace backtalk::store {

namespace json = boost::json;

namespace {

void put(json::object& object, std::string_view name, std::string const& value)
{
    if (!value.empty())
        object[name] = value;
}

void put(json::object& object, std::string_view name, std::vector<std::string> const& values)
{
    if (!values.empty())
        object[name] = json::array(values.begin(), values.end());
}

std::string text(json::object const& object, std::string_view name)
{
    json::value const* const value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number(json::object const& object, std::string_view name)
{
    json::value const* const value = object.if_contains(name);
    return value && value->is_int64() ? value->get_int64() : 0;
}

std::vector<std::string> texts(json::object const& object, std::string_view name)
{
    std::vector<std::string> all;
    if (json::value const* const value = object.if_contains(name); value && value->is_array())
        for (json::value const& each : value->get_array())
            if (each.is_string())
                all.emplace_back(each.get_string());
    return all;
}

void take_link(Listing& listing, json::array const& link)
{
    std::uint64_t const position = link[0].is_int64() ? static_cast<std::uint64_t>(link[0].get_int64()) : SIZE_MAX;
    std::uint64_t const bytes = link[1].is_int64() ? static_cast<std::uint64_t>(link[1].get_int64()) : SIZE_MAX;
    if (position > listing.excerpt.size() || bytes > listing.excerpt.size() - position)
        return;
    listing.link_position = position;
    listing.link_bytes = bytes;
}

json::object object_of(NestedResponse const& response)
{
    json::object object;
    object["type"] = to_word(response.type);
    put(object, "url", response.url);
    put(object, "author_name", response.author_name);
    put(object, "author_url", response.author_url);
    put(object, "author_photo", response.author_photo);
    put(object, "text", response.text);
    if (response.published) {
        object["published"] = seconds(*response.published);
        object["published_offset"] = std::int64_t(response.published_offset.count());
    }
    return object;
}

Result<NestedResponse> response_of(json::object const& object)
{
    NestedResponse response;
    TRY(response.type, known(mention_type_named(text(object, "type")), "type of a response"));
    response.url = text(object, "url");
    response.author_name = text(object, "author_name");
    response.author_url = text(object, "author_url");
    response.author_photo = text(object, "author_photo");
    response.text = text(object, "text");
    if (object.contains("published")) {
        response.published = instant(number(object, "published"));
        response.published_offset = std::chrono::minutes(number(object, "published_offset"));
    }
    return response;
}

}  // namespace

std::string details_of(Listing const& listing)
{
    json::object object;
    put(object, "author_photo", listing.author_photo);
    put(object, "content_html", listing.content_html);
    put(object, "content_text", listing.content_text);
    put(object, "summary", listing.summary);
    put(object, "rsvp", listing.rsvp);
    if (listing.link_bytes > 0)
        object["link"] = {listing.link_position, listing.link_bytes};
    put(object, "syndication", listing.syndication);
    put(object, "photos", listing.photos);
    put(object, "videos", listing.videos);
    put(object, "audios", listing.audios);
    if (!listing.responses.empty()) {
        json::array responses;
        for (NestedResponse const& response : listing.responses)
            responses.push_back(object_of(response));
        object["responses"] = std::move(responses);
    }
    return object.empty() ? std::string() : json::serialize(object);
}

Result<void> read_details(std::string_view details, Listing& listing)
{
    if (details.empty())
        return {};
    boost::system::error_code error;
    json::value const parsed = json::parse(details, error);
    if (error || !parsed.is_object())
        return failure(ErrorCode::Internal, "the store holds details of a mention that cannot be read: run backtalk doctor");
    json::object const& object = parsed.get_object();
    listing.author_photo = text(object, "author_photo");
    listing.content_html = text(object, "content_html");
    listing.content_text = text(object, "content_text");
    listing.summary = text(object, "summary");
    listing.rsvp = text(object, "rsvp");
    if (json::value const* const link = object.if_contains("link"); link && link->is_array() && link->get_array().size() == 2)
        take_link(listing, link->get_array());
    listing.syndication = texts(object, "syndication");
    listing.photos = texts(object, "photos");
    listing.videos = texts(object, "videos");
    listing.audios = texts(object, "audios");
    if (json::value const* const responses = object.if_contains("responses"); responses && responses->is_array())
        for (json::value const& each : responses->get_array())
            if (each.is_object()) {
                TRY(NestedResponse response, response_of(each.get_object()));
                listing.responses.push_back(std::move(response));
            }
    return {};
}

}  // namespace backtalk::store
