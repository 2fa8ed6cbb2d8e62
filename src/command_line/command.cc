#include "command_line/command.h"

#include <CLI/CLI.hpp>
#include <set>

namespace suture::command_line {

Option& Option::type_name(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Option& Option::required() {
  option_->required();
  return *this;
}

Option& Option::one_at_a_time() {
  option_->allow_extra_args(false);
  return *this;
}

Option& Option::show_default() {
  option_->capture_default_str();
  return *this;
}

Option& Option::excludes(const Option& other) {
  option_->excludes(other.option_);
  return *this;
}

Option& Option::check(const std::function<std::string(const std::string&)>& complain) {
  option_->check(complain);
  return *this;
}

Option& Option::one_of(const std::vector<std::string>& values) {
  option_->check(CLI::IsMember(std::set<std::string>(values.begin(), values.end())));
  return *this;
}

Option Command::add_option(const std::string& name, std::string& target, const std::string& description) {
  return Option(*app_->add_option(name, target, description));
}

Option Command::add_option(const std::string& name, std::vector<std::string>& target, const std::string& description) {
  return Option(*app_->add_option(name, target, description));
}

Option Command::add_option(const std::string& name, std::uint32_t& target, const std::string& description) {
  return Option(*app_->add_option(name, target, description));
}

Option Command::add_option(const std::string& name, std::size_t& target, const std::string& description) {
  return Option(*app_->add_option(name, target, description));
}

Option Command::add_flag(const std::string& name, bool& target, const std::string& description) {
  return Option(*app_->add_flag(name, target, description));
}

void Command::require(const std::string& what, const std::function<bool()>& holds) {
  app_->parse_complete_callback([what, holds] {
    if (!holds()) throw CLI::RequiredError(what);
  });
}

}  // namespace suture::command_line
