# SPDX-License-Identifier: Apache-2.0
# The build's whole vocabulary: options every target shares, a room, a plugin, a test, a fuzz target.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CONCORDAT_CCACHE ccache)
if(CONCORDAT_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CONCORDAT_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CONCORDAT_CCACHE})
endif()
find_program(CONCORDAT_MOLD mold)

find_package(Threads REQUIRED)
# Debian 12's Poco names a target PostgreSQL::client that nobody makes; its packages must be found all the same.
find_package(PostgreSQL QUIET)
if(NOT TARGET PostgreSQL::client)
  add_library(PostgreSQL::client INTERFACE IMPORTED)
endif()
find_package(Poco REQUIRED COMPONENTS Foundation Net NetSSL Crypto Data DataSQLite Util JSON)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)

add_library(concordat_options INTERFACE)
target_compile_options(concordat_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough -Wformat=2
  $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>
  $<$<CONFIG:Debug>:-D_GLIBCXX_ASSERTIONS>
  $<$<CONFIG:RelWithDebInfo>:-D_FORTIFY_SOURCE=2 -fstack-protector-strong>)
target_compile_options(concordat_options INTERFACE $<$<COMPILE_LANGUAGE:C>:-Wno-non-virtual-dtor>)
target_link_options(concordat_options INTERFACE
  $<$<CONFIG:RelWithDebInfo>:-Wl,-z,relro,-z,now>
  $<$<BOOL:${CONCORDAT_MOLD}>:-fuse-ld=mold>)
if(CMAKE_UNITY_BUILD)
  # A private type of a file is no less private because another file includes that file.
  target_compile_options(concordat_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
if(CONCORDAT_SANITIZERS)
  target_compile_options(concordat_options INTERFACE
    -fsanitize=${CONCORDAT_SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(concordat_options INTERFACE -fsanitize=${CONCORDAT_SANITIZERS})
endif()
if(CONCORDAT_FUZZERS)
  # A fuzz target sees which way its input goes only in code that says so.
  target_compile_options(concordat_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# concordat_room(NAME store SOURCES a.cpp … USES consent … LIBRARIES Poco::Data …)
# One folder of hub/, one static library; only the rooms in USES can be included.
function(concordat_room)
  cmake_parse_arguments(ROOM "" "NAME" "SOURCES;USES;LIBRARIES" ${ARGN})
  set(target hub_${ROOM_NAME})
  add_library(${target} STATIC ${ROOM_SOURCES})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  list(TRANSFORM ROOM_USES PREPEND hub_)
  target_link_libraries(${target} PUBLIC concordat_options ${ROOM_USES} PRIVATE ${ROOM_LIBRARIES})
endfunction()

# concordat_plugin(NAME sellsy SOURCES connector.cpp requests.cpp replies.cpp)
# A loadable connector, and an OBJECT library of its parts that tests link.
function(concordat_plugin)
  cmake_parse_arguments(PLUGIN "" "NAME" "SOURCES" ${ARGN})
  add_library(plugin_${PLUGIN_NAME}_objects OBJECT ${PLUGIN_SOURCES})
  target_include_directories(plugin_${PLUGIN_NAME}_objects PUBLIC ${CMAKE_SOURCE_DIR})
  # The SDK's own options come last: clang lets -Wextra take back what stands before it.
  target_link_libraries(plugin_${PLUGIN_NAME}_objects PUBLIC concordat_options concordat_sdk)
  add_library(plugin_${PLUGIN_NAME} MODULE)
  target_link_libraries(plugin_${PLUGIN_NAME} PRIVATE plugin_${PLUGIN_NAME}_objects)
  set_target_properties(plugin_${PLUGIN_NAME} PROPERTIES
    PREFIX "" OUTPUT_NAME ${PLUGIN_NAME} LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  target_link_options(plugin_${PLUGIN_NAME} PRIVATE
    -Wl,--version-script=${CMAKE_SOURCE_DIR}/sdk/abi/exports.map)
  if(NOT (CONCORDAT_SANITIZERS AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang"))
    target_link_options(plugin_${PLUGIN_NAME} PRIVATE -Wl,-z,defs)
  endif()
endfunction()

# concordat_test(NAME store_test LABEL unit SOURCES … LIBRARIES …): one Catch2 program, one CTest entry.
function(concordat_test)
  cmake_parse_arguments(TEST "" "NAME;LABEL" "SOURCES;LIBRARIES;ARGS" ${ARGN})
  add_executable(${TEST_NAME} ${TEST_SOURCES})
  target_include_directories(${TEST_NAME} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${TEST_NAME} PRIVATE ${TEST_LIBRARIES} test_folders concordat_options Catch2::Catch2WithMain)
  add_test(NAME ${TEST_NAME} COMMAND ${TEST_NAME} ${TEST_ARGS} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${TEST_NAME} PROPERTIES LABELS ${TEST_LABEL} TIMEOUT 600)
endfunction()

# concordat_fuzz(NAME manifest SOURCES … LIBRARIES …): a libFuzzer target; its seeds lie in tests/fuzz/seeds/NAME.
function(concordat_fuzz)
  cmake_parse_arguments(FUZZ "" "NAME" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(fuzz_${FUZZ_NAME} ${FUZZ_SOURCES})
  target_include_directories(fuzz_${FUZZ_NAME} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_options(fuzz_${FUZZ_NAME} PRIVATE -fsanitize=fuzzer)
  target_link_options(fuzz_${FUZZ_NAME} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(fuzz_${FUZZ_NAME} PRIVATE concordat_options ${FUZZ_LIBRARIES})
endfunction()
