#include "host/inventory/boot.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/numbers.h"
#include "base/words.h"

namespace suture::host {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// deb-version(5): '~' before the end, letters before everything else.
int rank(std::string_view text, std::size_t at) {
  if (at >= text.size() || is_digit(text[at])) return 0;
  if (text[at] == '~') return -1;
  return is_letter(text[at]) ? text[at] : text[at] + 256;
}

// What follows the last number: "amd64" of "6.1.0-54-amd64", "cloud-amd64", "el9.x86_64".
std::string_view flavour(std::string_view release) {
  for (std::size_t at = 0; (at = release.find('-', at)) != std::string_view::npos; ++at) {
    if (at + 1 < release.size() && is_letter(release[at + 1])) return release.substr(at + 1);
  }
  return release.substr(std::min(release.find_last_of('.'), release.size()));
}

// Documentation/x86/boot.rst: "HdrS" at 0x202, and at 0x20e where the version stands, less 0x200. It reads
// "6.1.0-54-amd64 (who@where) #1 SMP …".
Result<std::string> version_of_image(const Root& root, const std::string& file) {
  constexpr std::size_t enough = 1 << 16;
  const auto head = TRY(root.head(file, enough));
  const Reader image(as_bytes(head), file);
  const auto magic = TRY(image.at<std::uint32_t>(0x202));
  const auto at = TRY(image.at<std::uint16_t>(0x20e));
  if (magic != 0x53726448 || at == 0) return fail("{}: says no version", file);
  const auto text = TRY(image.string(std::uint64_t{at} + 0x200));
  const auto number = text.find('#');
  if (number == std::string_view::npos) return fail("{}: says no version", file);
  return std::string(text.substr(number));
}

// struct utmp of glibc on x86-64: 384 bytes; the type, a short, at 0; the user, 32 bytes, at 44.
constexpr std::size_t record_size = 384;
constexpr short run_level = 1;
constexpr short boot_time = 2;

}  // namespace

Known<bool> secure_boot(const Root& root) {
  if (!root.has("/sys/firmware/efi")) return false;
  constexpr auto file = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
  const auto content = root.text(file, 64);
  if (!content) return fail(content.error());
  // Four bytes of attributes, then the value.
  if (content->size() != 5) return fail("{}: has {} bytes instead of 5", file, content->size());
  return content->back() == 1;
}

Known<RebootReason> last_reboot_of(std::string_view wtmp) {
  if (wtmp.size() % record_size != 0) return fail("/var/log/wtmp: is no series of records of {} bytes", record_size);
  bool in_this_boot = true;
  for (std::size_t end = wtmp.size(); end > 0; end -= record_size) {
    const auto record = wtmp.substr(end - record_size, record_size);
    const auto type = load_le<std::int16_t>(as_bytes(record), 0);
    auto user = record.substr(44, 32);
    user = user.substr(0, user.find('\0'));
    if (type == boot_time) {
      if (!in_this_boot) return RebootReason::unclean;
      in_this_boot = false;
    } else if (!in_this_boot && type == run_level && user == "shutdown") {
      return RebootReason::clean;
    }
  }
  return fail("/var/log/wtmp: does not go back to the boot before");
}

Known<RebootReason> last_reboot(const Root& root) {
  const auto wtmp = root.text("/var/log/wtmp", std::size_t{64} << 20);
  if (!wtmp) return fail(wtmp.error());
  return last_reboot_of(*wtmp);
}

int compare_versions(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    while ((i < a.size() && !is_digit(a[i])) || (j < b.size() && !is_digit(b[j]))) {
      const int left = rank(a, i);
      const int right = rank(b, j);
      if (left != right) return left - right;
      ++i;
      ++j;
    }
    const auto number = [](std::string_view text, std::size_t& at) {
      while (at < text.size() && text[at] == '0') ++at;
      const auto begin = at;
      while (at < text.size() && is_digit(text[at])) ++at;
      return text.substr(begin, at - begin);
    };
    const auto left = number(a, i);
    const auto right = number(b, j);
    if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
    if (left != right) return left < right ? -1 : 1;
  }
  return 0;
}

Known<std::vector<InstalledKernel>> installed_kernels(const Root& root) {
  const auto names = root.names("/boot");
  if (!names) return fail(names.error());
  constexpr std::string_view head = "vmlinuz-";
  std::vector<InstalledKernel> kernels;
  for (const auto& name : *names) {
    if (!name.starts_with(head) || name.find("rescue") != std::string::npos) continue;
    InstalledKernel kernel;
    kernel.release = name.substr(head.size());
    kernel.version = version_of_image(root, "/boot/" + name).value_or("");
    kernels.push_back(std::move(kernel));
  }
  std::sort(kernels.begin(), kernels.end(), [](const InstalledKernel& a, const InstalledKernel& b) {
    return compare_versions(a.release, b.release) < 0;
  });
  return kernels;
}

Known<InstalledKernel> pending_kernel(const Root& root) {
  const auto running = root.line("/proc/sys/kernel/osrelease");
  if (!running) return fail(running.error());
  const auto kernels = installed_kernels(root);
  if (!kernels) return fail("{}", kernels.why());
  for (auto kernel = kernels->rbegin(); kernel != kernels->rend(); ++kernel) {
    if (flavour(kernel->release) != flavour(*running)) continue;
    const int order = compare_versions(kernel->release, *running);
    if (order > 0) return *kernel;
    if (order < 0) return InstalledKernel();
    const auto version = root.line("/proc/sys/kernel/version");
    if (!version) return fail(version.error());
    if (kernel->version.empty()) return fail("/boot/vmlinuz-{}: says no version", kernel->release);
    return kernel->version == *version ? InstalledKernel() : *kernel;
  }
  return fail("/boot: has no kernel like the running one, {}", *running);
}

bool reboot_asked_for(const Root& root) {
  return root.has("/run/reboot-required") || root.has("/var/run/reboot-required");
}

}  // namespace suture::host
