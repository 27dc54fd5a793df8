#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "pingback/message.h"
#include "pingback/reply.h"
#include "xmlrpc/introspection.h"
#include "xmlrpc/message.h"

using namespace backtalk;

/// The bytes as a call, as an answer, and as words in messages of our own.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size)
{
    std::string_view const input(reinterpret_cast<char const*>(bytes), size);

    if (auto const call = xmlrpc::read_call(input)) {
        auto const again = xmlrpc::read_call(xmlrpc::write_call(*call));
        // We always name the type, so what is barely not too deep becomes so.
        assert(again || again.error().code == ErrorCode::TooLarge);
        assert(!again || (again->method == call->method && again->params.size() == call->params.size()));
        // What XML cannot say was left out the first time.
        assert(!again || xmlrpc::write_call(*xmlrpc::read_call(xmlrpc::write_call(*again))) == xmlrpc::write_call(*again));

        static xmlrpc::MethodTable const table({pingback::ping_method()}, {pingback::capability()});
        if (auto const answer = table.answer(*call))
            assert(xmlrpc::read_response(xmlrpc::write(*answer)));
        if (auto const calls = xmlrpc::calls_of_multicall(*call))
            assert(calls->size() <= xmlrpc::multicall_calls_max);
        if (auto const claim = pingback::read_ping(*call))
            assert(!claim->source.has_credentials() && claim->source != claim->target);
    } else {
        assert(xmlrpc::read_response(xmlrpc::write(xmlrpc::fault_of(call.error()))));
    }

    if (auto const response = xmlrpc::read_response(input)) {
        auto const again = xmlrpc::read_response(xmlrpc::write(*response));
        assert(again || again.error().code == ErrorCode::TooLarge);
    }
    for (int const status : {200, 404, 500}) {
        auto const reply = pingback::read_reply(status, "text/xml", input);
        if (!reply)
            continue;
        assert(!reply->accepted || status != 500);
        assert(!(reply->accepted && reply->may_pass));
        assert(is_valid_utf8(reply->message) && code_point_count(reply->message) <= 255);
    }

    auto const words = xmlrpc::read_response(xmlrpc::write_response(input));
    assert(words && std::get<xmlrpc::Value>(*words).string() != nullptr);
    auto const fault = xmlrpc::read_response(xmlrpc::write_fault(17, input));
    assert(fault && std::get<xmlrpc::Fault>(*fault).code == 17);
    return 0;
}
