// Nothing: the source that the precompiled header of the tests is made with, since catch_main.cpp must not use it.
