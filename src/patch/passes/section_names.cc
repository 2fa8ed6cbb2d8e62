#include "patch/passes/section_names.h"
#include "base/words.h"

#include <algorithm>
#include <initializer_list>

namespace suture::patch {
namespace {}  // namespace

bool is_init(std::string_view section) {
  return starts_with_any(section, {".init.", ".meminit.", ".cpuinit.", ".devinit.", ".head.text"});
}

bool is_exit(std::string_view section) {
  return starts_with_any(section, {".exit.", ".memexit.", ".cpuexit.", ".devexit."});
}

bool is_noinstr(std::string_view section) { return starts_with_any(section, {".noinstr.text", ".entry.text"}); }

bool only_describes(std::string_view section) {
  return starts_with_any(section, {"_kprobe_blacklist", "_error_injection"});
}

}  // namespace suture::patch
