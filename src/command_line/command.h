// One command of a program: its options and arguments. CLI11 does the work behind this header: each file that includes
// CLI11's own takes seconds more to compile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace suture::command_line {

/// An option or argument of a command. A handle: as long-lived as the program.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  /// What --help calls its value.
  Option& type_name(const std::string& name);
  Option& required();
  /// Each occurrence takes one value: `--kernel A --kernel B`, not `--kernel A B`.
  Option& one_at_a_time();
  /// --help shows the value that the target has now.
  Option& show_default();
  /// Wrong usage if both are given.
  Option& excludes(const Option& other);
  /// `complain` returns what is wrong with a value, or nothing.
  Option& check(const std::function<std::string(const std::string&)>& complain);
  Option& one_of(const std::vector<std::string>& values);

 private:
  CLI::Option* option_;
};

/// A handle, as Option.
class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}

  /// "NAME" is an argument, "--name" or "-n,--name" an option. `target` must live as long as the program parses
  /// and works.
  Option add_option(const std::string& name, std::string& target, const std::string& description);
  Option add_option(const std::string& name, std::vector<std::string>& target, const std::string& description);
  Option add_option(const std::string& name, std::uint32_t& target, const std::string& description);
  Option add_option(const std::string& name, std::size_t& target, const std::string& description);
  Option add_flag(const std::string& name, bool& target, const std::string& description);

  /// Asked once all is parsed: wrong usage, naming `what`, unless `holds`.
  void require(const std::string& what, const std::function<bool()>& holds);

 private:
  friend class Program;
  CLI::App* app_;
};

}  // namespace suture::command_line
