# One policy for every target of ours; warnings are errors, everywhere.
add_library(suture_warnings INTERFACE)
target_compile_options(suture_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wnull-dereference -Wformat=2 -Wimplicit-fallthrough -Werror)
# Where several files are compiled as one, all of it would speak of what another of them calls so.
if(NOT SUTURE_TOGETHER)
  target_compile_options(suture_warnings INTERFACE -Wshadow)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(suture_warnings INTERFACE -Wshadow=local)
endif()
# GCC 12 reports null dereferences, overflows, dangling references and unset variables inside its own headers, and
# those of libraries, once they are inlined into ours (GCC bugs 105329, 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(suture_warnings INTERFACE -Wno-null-dereference -Wno-restrict
    $<$<CONFIG:Release>:-Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-free-nonheap-object
      -Wno-maybe-uninitialized>)
endif()
