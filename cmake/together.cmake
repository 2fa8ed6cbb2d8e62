# Many sources are compiled as one file, where the preset asks for it: most of the time goes into what every file
# instantiates anew, and what is optimised so is smaller. So names in unnamed namespaces differ within a library or
# program, and within a folder of tests and of the server. Daily work is quicker without: the dev preset compiles what has changed.
option(SUTURE_TOGETHER "Compile sources together (set by the presets release and asan)" OFF)

# All sources of a library or program as one.
function(suture_together target)
  if(SUTURE_TOGETHER)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE BATCH UNITY_BUILD_BATCH_SIZE 0)
  endif()
endfunction()

# Those of each folder as one: tests have the same small names for their fixtures.
function(suture_folders_together target)
  if(NOT SUTURE_TOGETHER)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  foreach(source ${ARGN})
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE group)
    string(MAKE_C_IDENTIFIER "in_${group}" group)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
  endforeach()
endfunction()
