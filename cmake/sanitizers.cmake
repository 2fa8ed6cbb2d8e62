# What sanitizers are to look at: every test and fuzzer, and the programs that scenarios call under them.
add_custom_target(checked)

set(SUTURE_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize= (set by the asan and fuzz presets)")
option(SUTURE_FUZZ "Build the libFuzzer targets too (set by the asan and fuzz presets)" OFF)
if(SUTURE_SANITIZE)
  set(flags -fsanitize=${SUTURE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(SUTURE_FUZZ)
    list(APPEND flags -fsanitize=fuzzer-no-link)
  endif()
  # At a fixed place: else each start moves a million addresses of the sanitizers' tables first, a third of a second.
  add_compile_options(${flags} -fno-pie)
  add_link_options(${flags} -no-pie -fuse-ld=lld)
endif()

# Of a program or test: where it has been is not recorded, which is a quarter of compiling it. Not of a library, though no
# fuzzer links it: tests/one-definition compares the lines of them all.
function(suture_not_fuzzed target)
  if(SUTURE_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize-coverage=0)
  endif()
endfunction()
