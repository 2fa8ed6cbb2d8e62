#include "builder/sources/classify.h"
#include "base/words.h"

#include <algorithm>
#include <array>

namespace suture::builder {
namespace {

using patch::Refusal;

bool is_below(std::string_view path, std::string_view directory) { return path.starts_with(directory); }

template <std::size_t n>
bool is_below_any(std::string_view path, const std::array<std::string_view, n>& directories) {
  return std::ranges::any_of(directories, [&](std::string_view directory) { return is_below(path, directory); });
}

std::string_view extension(std::string_view path) {
  const auto name = base_name(path);
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

// What objtool and the build itself are made of. The rest of tools/ is for user space.
constexpr std::array<std::string_view, 8> build_tools = {
    "scripts/",    "tools/objtool/", "tools/build/",   "tools/include/",
    "tools/arch/", "tools/lib/",     "tools/scripts/", "tools/bpf/resolve_btfids/",
};

constexpr std::array<std::string_view, 5> no_kernel = {"Documentation/", "LICENSES/", "samples/", "tools/", "usr/"};

bool is_documentation(std::string_view path) {
  static constexpr std::array<std::string_view, 6> names = {"MAINTAINERS", "CREDITS", "COPYING",
                                                            "README",      "TODO",    ".mailmap"};
  static constexpr std::array<std::string_view, 5> extensions = {"rst", "txt", "md", "gitignore", "gitattributes"};
  return std::ranges::find(names, base_name(path)) != names.end() ||
         std::ranges::find(extensions, extension(path)) != extensions.end();
}

bool is_build_file(std::string_view path) {
  const auto name = base_name(path);
  return name.starts_with("Makefile") || name.starts_with("Kbuild") || name.starts_with("Kconfig") ||
         name.ends_with(".lds") || name.ends_with(".lds.S") || name.ends_with(".lds.h");
}

bool is_other_architecture(std::string_view path) {
  return is_below(path, "arch/") && path.find('/', 5) != std::string_view::npos && !is_below(path, "arch/x86/");
}

}  // namespace

OutsideText outside_text(std::string_view path) {
  static constexpr std::array<std::string_view, 2> boot = {"arch/x86/boot/", "drivers/firmware/efi/libstub/"};
  static constexpr std::array<std::string_view, 4> embedded = {"arch/x86/entry/vdso/", "lib/vdso/",
                                                               "arch/x86/realmode/rm/", "arch/x86/purgatory/"};
  if (is_below_any(path, boot)) return OutsideText::boot;
  if (is_below_any(path, embedded)) return OutsideText::embedded;
  return OutsideText::no;
}

Refusal embedded_code_refusal(const std::string& path) {
  if (is_below(path, "lib/vdso/") || is_below(path, "arch/x86/entry/vdso/")) {
    return {"vdso", path, "the vDSO runs in user space; processes have its old pages mapped",
            "this fix needs a new kernel and a reboot"};
  }
  return {"boot-code", path, "this code is an image of its own inside the kernel, set up once at boot",
          "this fix needs a new kernel and a reboot"};
}

std::variant<FileRole, Refusal> classify(const std::string& path) {
  if (is_documentation(path)) return FileRole::nothing;
  if (is_other_architecture(path)) return FileRole::foreign;
  if (is_below_any(path, build_tools) || (is_build_file(path) && !is_below_any(path, no_kernel))) {
    return Refusal{"build-file", path, "the fix changes how the kernel is built, not only its code",
                   "leave this file out of the fix if the code does not need it; else the fix needs a new kernel"};
  }
  if (is_below_any(path, no_kernel)) return FileRole::nothing;
  if (extension(path) == "S") {
    return Refusal{"assembly-file", path, "assembly cannot be compared function by function and replaced",
                   "put the change into a C caller of this code, or plan a new kernel and a reboot"};
  }
  if (outside_text(path) == OutsideText::boot) {
    return Refusal{"boot-code", path, "this code ran before the kernel did; it is no longer in memory",
                   "this fix needs a new kernel and a reboot"};
  }
  // Some files beside the vDSO's are the kernel's own (vma.c): kbuild tells them apart.
  if (outside_text(path) == OutsideText::embedded &&
      (!is_below(path, "arch/x86/entry/vdso/") || is_below(path, "arch/x86/entry/vdso/vdso32/"))) {
    return embedded_code_refusal(path);
  }
  const auto kind = extension(path);
  if (kind == "c" || kind == "h" || kind == "inc") return FileRole::code;
  return Refusal{"generated-code", path, "the file is not C; code is generated from it",
                 "leave this file out of the fix, or make the change in the C code that uses it"};
}

}  // namespace suture::builder
