#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <boost/json.hpp>

#include "web/mention_query.h"
#include "webmention/jf2.h"

using namespace backtalk;

// Whatever is asked, the page has a size, the callback is a name, and what is told about such words stays data.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const text(reinterpret_cast<char const*>(bytes), size);
    if (auto const query = web::read_mention_query(text)) {
        assert(query->feed.limit >= 1 && query->feed.limit <= web::feed_mentions_max);
        assert(query->feed.offset % query->feed.limit == 0);
        assert(query->callback.find_first_of("()<>;/\\'\"= \n") == std::string::npos);
        for (std::string const& target : query->targets)
            assert(!target.empty() && !target.starts_with("//"));
    } else {
        assert(query.error().code == ErrorCode::Malformed);
    }
    std::string const json = webmention::script_safe_json(boost::json::array{boost::json::string(text.data(), text.size())});
    assert(json.find_first_of("<>&\n\r") == std::string::npos);
    assert(json.find("\u2028") == std::string::npos && json.find("\u2029") == std::string::npos);
    boost::system::error_code error;
    boost::json::parse(json, error);
    assert(!error);
    return 0;
}
