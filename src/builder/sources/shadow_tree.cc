#include "builder/sources/shadow_tree.h"

#include <algorithm>
#include <array>

namespace suture::builder {
namespace {

// GCC's options whose argument is a directory to search, joined or as the next argument.
constexpr std::array<std::string_view, 4> directory_options = {"-isystem", "-idirafter", "-iquote", "-I"};
constexpr std::array<std::string_view, 2> file_options = {"-include", "-imacros"};

std::string replace_all(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

}  // namespace

ShadowTree::ShadowTree(const fs::path& source, TempDir root)
    : source_(source.string() + "/"), root_(root.path().string() + "/"), directory_(std::move(root)) {}

Result<ShadowTree> ShadowTree::make(const fs::path& source, const std::vector<std::string>& files,
                                    const std::vector<PatchedFile>& fix, Linked linked) {
  ShadowTree tree(source, TRY(TempDir::make()));
  for (const auto& file : fix) {
    TRY(tree.make_parents(file.path));
    TRY(write_text(tree.root_ + file.path, file.patched, Sync::no));
  }
  const auto links = TRY(files_to_link(source, files, fix, linked));
  for (const auto& link : links) TRY(tree.add(link));
  return tree;
}

// The spelling may be "arch/x86/kvm/../../../virt/kvm/kvm_main.c": then it works here only if
// arch/x86/kvm exists too.
Status ShadowTree::make_parents(const fs::path& relative) const {
  std::error_code code;
  fs::path walked;
  for (const auto& part : relative.parent_path()) {
    walked = (walked / part).lexically_normal();
    if (!walked.empty() && *walked.begin() == "..") return fail("{}: leaves the kernel's source", relative.string());
    fs::create_directories(root_ / walked, code);
    if (code) return fail("{}{}: cannot create: {}", root_, walked.string(), code.message());
  }
  return {};
}

Status ShadowTree::add(std::string_view relative) {
  TRY(make_parents(relative));
  const auto path = fs::path(relative).lexically_normal().string();
  std::error_code code;
  fs::create_symlink(source_ + path, root_ + path, code);
  if (code && code != std::errc::file_exists) return fail("{}{}: cannot link: {}", root_, path, code.message());
  return {};
}

std::vector<std::string> ShadowTree::search_both(std::string_view option, std::string_view directory) const {
  // As kbuild writes it, or with the slash that ends it left out.
  const bool is_source = directory == std::string_view(source_).substr(0, source_.size() - 1);
  if (!is_source && !directory.starts_with(source_)) return {std::string(option), std::string(directory)};
  const auto rest = is_source ? std::string_view() : directory.substr(source_.size());
  return {std::string(option), fmt::format("{}{}", root_, rest), std::string(option), std::string(directory)};
}

std::vector<std::string> ShadowTree::redirect(const std::vector<std::string>& command) const {
  std::vector<std::string> result;
  const auto into_tree = [&](const std::string& argument) {
    if (!argument.starts_with(source_)) return argument;
    auto inside = root_ + argument.substr(source_.size());
    std::error_code code;
    return fs::exists(inside, code) ? inside : argument;
  };
  for (std::size_t i = 0; i < command.size(); ++i) {
    const auto& argument = command[i];
    const auto has_next = i + 1 < command.size();
    const auto* const option =
        std::ranges::find_if(directory_options, [&](std::string_view name) { return argument.starts_with(name); });
    if (option != directory_options.end()) {
      const bool joined = argument.size() > option->size();
      if (joined || has_next) {
        const auto directory = joined ? argument.substr(option->size()) : command[++i];
        for (auto& word : search_both(*option, directory)) result.push_back(std::move(word));
        continue;
      }
    }
    if (has_next && std::ranges::find(file_options, argument) != file_options.end()) {
      result.push_back(argument);
      result.push_back(into_tree(command[++i]));
      continue;
    }
    if (argument.find("-prefix-map=") != std::string::npos && argument.find(source_) != std::string::npos)
      result.push_back(replace_all(argument, source_, root_));
    result.push_back(into_tree(argument));
  }
  return result;
}

std::vector<std::string> ShadowTree::read_around(const std::vector<std::string>& files) const {
  std::vector<std::string> found;
  std::ranges::copy_if(files, std::back_inserter(found),
                       [&](const std::string& file) { return file.starts_with(source_); });
  return found;
}

std::optional<std::string> ShadowTree::path_in_kernel(std::string_view file) const {
  for (const auto& root : {source_, root_}) {
    if (file.starts_with(root)) return fs::path(file.substr(root.size())).lexically_normal().string();
  }
  return std::nullopt;
}

std::string ShadowTree::hide_root(std::string text) const { return replace_all(std::move(text), root_, ""); }

}  // namespace suture::builder
