# What almost every file includes is parsed once. Two sets, each for the targets that name it by
# suture_precompiled(TARGET SET): base, and test with GoogleTest. Every file still includes what it uses; the fuzz
# preset builds without this and finds one that does not.
option(SUTURE_PRECOMPILED "Parse common headers once" ON)
function(suture_precompiled target set)
  if(SUTURE_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM suture_precompiled_${set})
  endif()
endfunction()

function(suture_precompiled_set name)
  cmake_parse_arguments(arg "" "" "LINK;HEADERS" ${ARGN})
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled_${name}.cc CONTENT "")
  add_library(suture_precompiled_${name} OBJECT ${CMAKE_BINARY_DIR}/precompiled_${name}.cc)
  target_link_libraries(suture_precompiled_${name} PRIVATE suture_warnings ${arg_LINK})
  target_precompile_headers(suture_precompiled_${name} PRIVATE ${arg_HEADERS})
endfunction()

if(SUTURE_PRECOMPILED)
  set(headers <algorithm> <filesystem> <functional> <map> <memory> <optional> <set> <span> <sstream> <string>
    <string_view> <unordered_map> <vector> <fmt/format.h> <tl/expected.hpp>)
  suture_precompiled_set(base LINK fmt::fmt tl::expected HEADERS ${headers})
  suture_precompiled_set(test LINK fmt::fmt tl::expected GTest::gtest HEADERS ${headers} <gtest/gtest.h>)
endif()
