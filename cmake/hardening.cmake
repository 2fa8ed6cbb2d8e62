# What Debian hardens its packages with (dpkg-buildflags, hardening=+all, and since trixie the last two): these programs
# read what strangers send, some of them as root. The sanitizers look for the same themselves.
if(NOT SUTURE_SANITIZE)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection
    $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
  add_link_options(-Wl,-z,relro -Wl,-z,now)
endif()
