#include <gtest/gtest.h>

#include "base/words.h"
#include "host/testing/tree.h"

namespace suture::host::testing {
namespace {

// Test support may stop at once: what is wrong here is wrong in the test.
void require(const Status& status) {
  if (!status) throw std::runtime_error(status.error().describe());
}

void make(const Root& root, std::string_view head, std::string_view content) {
  const auto words = words_of(head);
  const auto kind = words.size() > 1 ? words[0] : std::string_view("file");
  const auto path = root.path(kind == "file" ? words.at(0) : words.at(1));
  require(make_directories(kind == "directory" ? path : path.parent_path()));
  if (kind == "directory") return;
  if (kind == "link") return fs::create_symlink(words.at(2), path);
  if (kind == "hex") {
    std::string digits;
    for (const auto word : lines_of(content)) digits += word;
    const auto bytes = from_hex(digits);
    if (!bytes) throw std::runtime_error(bytes.error().describe());
    return require(write_file(path, *bytes, Sync::no));
  }
  require(write_text(path, content, Sync::no));
}

}  // namespace

Tree Tree::of(std::string_view text) {
  auto directory = TempDir::make();
  if (!directory) throw std::runtime_error(directory.error().describe());
  Tree tree(std::move(*directory));
  while (!text.empty()) {
    const auto head = take_until(text, '\n');
    if (!head.starts_with("== ")) throw std::runtime_error(fmt::format("no head of a file: \"{}\"", head));
    const auto next = text.find("\n== ");
    const auto end = text.starts_with("== ") ? 0 : next == std::string_view::npos ? text.size() : next + 1;
    make(tree.root(), head.substr(3), text.substr(0, end));
    text.remove_prefix(end);
  }
  return tree;
}

Tree Tree::recorded(std::string_view name) {
  const auto text = read_text(fs::path(SUTURE_SOURCE_DIR "/src/host/testing/trees") / fmt::format("{}.txt", name));
  if (!text) throw std::runtime_error(text.error().describe());
  return of(*text);
}

Tree& Tree::set(std::string_view absolute, std::string_view content) {
  const auto path = root().path(absolute);
  require(make_directories(path.parent_path()));
  require(write_text(path, content, Sync::no));
  return *this;
}

Tree& Tree::remove(std::string_view absolute) {
  fs::remove_all(root().path(absolute));
  return *this;
}

namespace {

TEST(Tree, IsWhatItsTextSays) {
  auto tree = Tree::of("== /a/b\none\ntwo\n== hex /c\n00ff\n== directory /d\n== link /e a/b\n");
  const auto root = tree.root();
  EXPECT_EQ(root.text("/a/b").value(), "one\ntwo\n");
  EXPECT_EQ(root.text("/c").value(), std::string("\0\xff", 2));
  EXPECT_TRUE(root.names("/d").value().empty());
  EXPECT_EQ(root.link("/e").value(), "a/b");
  EXPECT_EQ(tree.set("/a/b", "new").root().line("/a/b").value(), "new");
  EXPECT_FALSE(tree.remove("/a").root().has("/a/b"));
}

}  // namespace
}  // namespace suture::host::testing
