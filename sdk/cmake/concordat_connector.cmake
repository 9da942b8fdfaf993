# SPDX-License-Identifier: Apache-2.0
# concordat_connector(NAME acme SOURCES connector.cpp …): the loadable acme.so, and acme_objects that its tests link.
function(concordat_connector)
  cmake_parse_arguments(CONNECTOR "" "NAME" "SOURCES" ${ARGN})
  add_library(${CONNECTOR_NAME}_objects OBJECT ${CONNECTOR_SOURCES})
  set_target_properties(${CONNECTOR_NAME}_objects PROPERTIES
    POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden CXX_EXTENSIONS OFF)
  target_compile_options(${CONNECTOR_NAME}_objects PRIVATE
    -Wall -Wextra -Wconversion $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  target_link_libraries(${CONNECTOR_NAME}_objects PUBLIC concordat::concordat_sdk)
  add_library(${CONNECTOR_NAME} MODULE)
  target_link_libraries(${CONNECTOR_NAME} PRIVATE ${CONNECTOR_NAME}_objects)
  set_target_properties(${CONNECTOR_NAME} PROPERTIES PREFIX "")
  target_link_options(${CONNECTOR_NAME} PRIVATE
    -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/exports.map -Wl,-z,defs -Wl,-z,now)
endfunction()
