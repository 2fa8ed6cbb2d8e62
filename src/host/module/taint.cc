#include "host/module/taint.h"

#include <array>
#include <string_view>

namespace suture::host {
namespace {

struct Flag {
  char letter;
  std::string_view meaning;
};

constexpr std::array<Flag, 19> flags{{
    {'P', "a proprietary module was loaded"},
    {'F', "a module was loaded by force"},
    {'S', "the processor or the kernel is used outside its specification"},
    {'R', "a module was unloaded by force"},
    {'M', "the processor reported a machine check"},
    {'B', "a bad page was found, or unexpected page flags"},
    {'U', "user space asked for the taint"},
    {'D', "the kernel died before: an oops or a BUG"},
    {'A', "an ACPI table was replaced"},
    {'W', "the kernel issued a warning"},
    {'C', "a staging driver was loaded"},
    {'I', "the kernel works around a severe firmware bug"},
    {'O', "an out-of-tree module was loaded"},
    {'E', "a module without a valid signature was loaded"},
    {'L', "a soft lockup occurred"},
    {'K', "the kernel was live patched"},
    {'X', "auxiliary taint, defined by the distribution"},
    {'T', "the kernel was built with structure layout randomisation"},
    {'N', "an in-kernel test was run"},
}};

}  // namespace

std::vector<TaintFlag> decode_taint(std::uint64_t mask) {
  std::vector<TaintFlag> set;
  for (unsigned bit = 0; bit < 64; ++bit) {
    if ((mask >> bit & 1) == 0) continue;
    TaintFlag flag;
    flag.bit = bit;
    flag.letter = bit < flags.size() ? std::string(1, flags[bit].letter) : "";
    flag.meaning = bit < flags.size() ? std::string(flags[bit].meaning) : "a flag that newer kernels have";
    set.push_back(std::move(flag));
  }
  return set;
}

std::string taint_letters(std::uint64_t mask) {
  std::string letters;
  for (const auto& flag : decode_taint(mask)) letters += flag.letter.empty() ? "?" : flag.letter;
  return letters;
}

Known<std::uint64_t> read_taint(const Root& root) {
  const auto mask = root.number("/proc/sys/kernel/tainted");
  if (!mask) return fail(mask.error());
  return static_cast<std::uint64_t>(*mask);
}

}  // namespace suture::host
