// Reads the lines of a C source one after the other, as far as directives go.
#pragma once

#include <string_view>
#include <vector>

namespace suture::builder {

/// What must be known of the C text so far to judge whether a directive may come next, and what #if it is in.
class SourceScanner {
 public:
  /// Whether a directive may be added between the lines read so far and the next one.
  ///
  /// Outside of parentheses, but after a name, a macro's arguments may still follow.
  bool allows_directive() const { return !in_comment_ && !continued_ && parentheses_ == 0 && !after_name_; }
  /// Whether the next line goes on with the last one, which ends in a backslash.
  bool is_continued() const { return continued_; }
  /// How many #if are open.
  std::size_t conditionals() const { return saved_.size(); }

  enum class Directive { none, opens, alternates, closes, line, other };

  Directive read(std::string_view line);

 private:
  void read_code(std::string_view line);
  void read_character(std::string_view line, std::size_t& i);

  bool in_comment_ = false;
  bool in_directive_ = false;
  bool continued_ = false;
  bool after_name_ = false;
  std::size_t parentheses_ = 0;
  std::vector<std::size_t> saved_;  ///< open parentheses at each open #if
};

}  // namespace suture::builder
