#include "importers/movable_type.h"
TEST_CASE("x") {}
