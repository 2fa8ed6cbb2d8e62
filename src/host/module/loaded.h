// The modules that are loaded: /proc/modules and /sys/module.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/known.h"
#include "host/root.h"

namespace suture::host {

struct LoadedModule {
  std::string name;
  std::uint64_t size = 0;  ///< bytes of memory
  std::string state;       ///< "Live", "Loading", "Unloading"
  std::int64_t users = 0;  ///< references; -1 if it cannot be unloaded
  std::vector<std::string> used_by;
  std::string taint;                  ///< the letters that it brought: "OE"
  Known<std::string> version;         ///< "" if it says none
  Known<std::string> source_version;  ///< srcversion, a digest of its source; "" if it has none
  Known<std::string> build_id;
  Known<bool> signature_valid;  ///< as the kernel checked it when it loaded the module
};
BOOST_DESCRIBE_STRUCT(LoadedModule, (),
                      (name, size, state, users, used_by, taint, version, source_version, build_id, signature_valid))

/// What /proc/modules alone says of each, sorted by name: cheap. Versions, build-id and signature are unknown.
/// Fails if it cannot be read: CONFIG_MODULES is off, or /proc is not there.
Result<std::vector<LoadedModule>> listed_modules(const Root& root);
/// The same with all that /sys/module says: some files for each module.
Result<std::vector<LoadedModule>> loaded_modules(const Root& root);
/// Who brought taint, and which: "demo (OE)".
std::vector<std::string> tainting(const std::vector<LoadedModule>& modules);
/// Whether it is loaded and its init function has ended. Cheap.
bool is_loaded(const Root& root, std::string_view name);

}  // namespace suture::host
