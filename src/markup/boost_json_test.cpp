// Boost.JSON itself, compiled here so that this room's tests can read JSON while the room does not link it.
// Other tests include <boost/json.hpp>.
#include <boost/json/src.hpp>
