# suture_module(NAME [LINK lib...] [TOGETHER BY_FOLDER])
#
# A folder below src/ is one static library, suture_NAME, made of every .cc in it. Files named
# x_test.cc become one test program of the folder, NAME_test. What a module may link is what it
# names in LINK; tests/architecture.py holds those edges against ARCHITECTURE.md.
function(suture_module name)
  cmake_parse_arguments(arg "" "TOGETHER" "LINK;TEST_LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")

  add_library(suture_${name} STATIC ${sources})
  target_include_directories(suture_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_compile_features(suture_${name} PUBLIC cxx_std_20)
  target_link_libraries(suture_${name} PUBLIC ${arg_LINK} PRIVATE suture_warnings)
  suture_precompiled(suture_${name} base)
  if(arg_TOGETHER STREQUAL BY_FOLDER)
    suture_folders_together(suture_${name} ${sources})
  else()
    suture_together(suture_${name})
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE suture_${name} suture_warnings ${arg_TEST_LINK} GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE SUTURE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    suture_precompiled(${name}_test test)
    suture_folders_together(${name}_test ${tests})
    suture_not_fuzzed(${name}_test)
    add_dependencies(checked ${name}_test)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60)
  endif()
endfunction()
