# room(NAME ROOMS r... LIBRARIES l...): the library room_NAME from src/NAME/*.cpp and the test program NAME_test from
# src/NAME/*_test.cpp. A room with no source file yet is an interface library.
add_library(backtalk_pch INTERFACE)
target_include_directories(backtalk_pch INTERFACE ${CMAKE_SOURCE_DIR}/src)

function(room name)
  cmake_parse_arguments(ROOM "" "" "ROOMS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(TRANSFORM ROOM_ROOMS PREPEND room_)
  if(sources)
    add_library(room_${name} STATIC ${sources})
    target_include_directories(room_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(room_${name} PUBLIC ${ROOM_ROOMS} ${ROOM_LIBRARIES})
    if(name STREQUAL "base")
      target_precompile_headers(room_base PRIVATE ${CMAKE_SOURCE_DIR}/cmake/std.h)
    else()
      target_precompile_headers(room_${name} REUSE_FROM room_base)
    endif()
  else()
    add_library(room_${name} INTERFACE)
    target_include_directories(room_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(room_${name} INTERFACE ${ROOM_ROOMS} ${ROOM_LIBRARIES})
  endif()
  if(BACKTALK_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE room_${name} catch_main)
    target_precompile_headers(${name}_test REUSE_FROM catch_main)
    target_compile_definitions(${name}_test PRIVATE
      TEST_DATA="${CMAKE_SOURCE_DIR}/test/data" SHARED_FIXTURES="${CMAKE_SOURCE_DIR}/../shared/fixtures")
    catch_discover_tests(${name}_test TEST_PREFIX "${name}: " PROPERTIES TIMEOUT 120 DISCOVERY_MODE PRE_TEST)
  endif()
endfunction()

# embed_folder(ROOM FOLDER NAME): the files of FOLDER as a table of (name, bytes) in the room, see web/embedded.h.
function(embed_folder room folder name)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*)
  set(out ${CMAKE_BINARY_DIR}/generated/${name}.cpp)
  add_custom_command(OUTPUT ${out}
    COMMAND python3 ${CMAKE_SOURCE_DIR}/scripts/embed.py ${name} ${out} ${files}
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/scripts/embed.py)
  get_target_property(type room_${room} TYPE)
  if(NOT type STREQUAL "INTERFACE_LIBRARY")
    target_sources(room_${room} PRIVATE ${out})
  endif()
endfunction()

# embed_file(FILE MACRO SOURCE): SOURCE takes FILE in by .incbin; its name is in MACRO.
function(embed_file file macro source)
  set_source_files_properties(${CMAKE_SOURCE_DIR}/${source} PROPERTIES
    COMPILE_DEFINITIONS "${macro}=\"${file}\"" OBJECT_DEPENDS ${file} SKIP_PRECOMPILE_HEADERS ON)
endfunction()
