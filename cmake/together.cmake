# The sources of one folder are compiled as one file, where the preset asks for it: most of the time goes into what
# every file instantiates anew, and what is optimised so is smaller. So names in unnamed namespaces differ within a
# folder. Daily work is quicker without: the dev preset compiles what has changed.
option(SUTURE_TOGETHER "Compile each folder's sources as one file (set by the presets release and asan)" OFF)
function(suture_together target)
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
