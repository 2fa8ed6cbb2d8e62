// Which parts of a source between #if and #endif a fix changes: whether they are compiled, its text does not tell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace suture::builder {

/// The lines that belong to one #if, #elif or #else, and to none within.
struct ConditionalGroup {
  std::size_t line = 0;   ///< the first of them in the patched text, counted from 1
  std::string directive;  ///< "#ifdef CONFIG_FAULT_INJECTION"
};

struct GroupChanges {
  std::vector<ConditionalGroup> groups;  ///< whose own lines differ, in the patched text's order
  bool elsewhere = false;                ///< other lines differ as well
};

/// Groups are told apart by their directives. One that only the original has counts as elsewhere.
GroupChanges changed_groups(std::string_view original, std::string_view patched);

}  // namespace suture::builder
