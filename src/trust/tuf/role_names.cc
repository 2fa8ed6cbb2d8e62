#include "trust/tuf/role_names.h"

#include <fmt/format.h>

namespace suture::trust::tuf {

std::string file_name(std::string_view role) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  std::string name;
  for (const char each : role) {
    if (plain.find(each) != std::string_view::npos) {
      name += each;
    } else {
      name += fmt::format("%{:02X}", static_cast<unsigned char>(each));
    }
  }
  return name + ".json";
}

std::string file_name(std::string_view role, std::int64_t version) {
  return fmt::format("{}.{}", version, file_name(role));
}

std::string target_file_name(std::string_view target_path, std::string_view hash) {
  const auto slash = target_path.rfind('/');
  const auto start = slash == std::string_view::npos ? 0 : slash + 1;
  return fmt::format("{}{}.{}", target_path.substr(0, start), hash, target_path.substr(start));
}

}  // namespace suture::trust::tuf
