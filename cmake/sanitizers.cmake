# What sanitizers are to look at: every test and fuzzer, and the programs that scenarios call under them.
add_custom_target(checked)

set(SUTURE_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize= (set by the asan and fuzz presets)")
option(SUTURE_FUZZ "Build the libFuzzer targets too (set by the asan and fuzz presets)" OFF)
if(SUTURE_SANITIZE)
  set(flags -fsanitize=${SUTURE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(SUTURE_FUZZ)
    list(APPEND flags -fsanitize=fuzzer-no-link)
  endif()
  add_compile_options(${flags})
  add_link_options(${flags})
endif()
