// Who uses the functions of a program: runs into them, or keeps their address.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "patch/passes/program.h"

namespace suture::patch {

struct Use {
  PieceIndex user = no_piece;  ///< a function, never its `.cold` part; or the data that holds the address
  bool call = false;           ///< a call or jump; otherwise the address is taken, and where it goes is not known
  bool operator==(const Use&) const = default;
};

/// Sections that only describe functions (is_ignored(), only_describes()) are no users; nor is a function
/// of itself. What replaces an instruction (`.altinstr_replacement`) belongs to the function that it
/// is put into. A static call's trampoline keeps an address: what goes through it can be sent elsewhere.
class Uses {
 public:
  explicit Uses(const Program& program);

  /// Of a function that the program defines.
  const std::vector<Use>& of(PieceIndex function) const;
  /// Of a symbol that it does not define.
  const std::vector<Use>& of(std::string_view name) const;

 private:
  void note(PieceIndex holder, const Reference& reference, bool in_table);
  void find_hosts();
  std::vector<PieceIndex> hosts_of(PieceIndex piece) const;

  const Program& program_;
  std::map<PieceIndex, std::vector<PieceIndex>> hosts_;  // symbol-less code -> what leads to it
  std::map<PieceIndex, std::vector<Use>> inside_;
  std::map<std::string, std::vector<Use>, std::less<>> outside_;
};

}  // namespace suture::patch
