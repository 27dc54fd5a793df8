#include "webmention/hook_body.h"

#include <boost/json.hpp>

#include "webmention/jf2.h"

namespace backtalk::webmention {

namespace {

namespace json = boost::json;

json::object common(std::string_view secret, std::string_view source, std::string_view target)
{
    return json::object{{"secret", secret}, {"source", source}, {"target", target}, {"private", false}};
}

}  // namespace

std::string hook_body(std::string_view secret, StoredMention const& mention, std::string_view target)
{
    json::object post = jf2_object(mention, target);
    json::object body = common(secret, post.at("wm-source").as_string(), target);
    body["post"] = std::move(post);
    return script_safe_json(body);
}

std::string hook_body_of_deletion(std::string_view secret, std::string_view source, std::string_view target)
{
    json::object body = common(secret, source, target);
    body["deleted"] = true;
    return script_safe_json(body);
}

}  // namespace backtalk::webmention
