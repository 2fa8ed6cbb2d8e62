#include "lab/script.h"

#include "lab/shipped_modules.h"
#include "base/words.h"

namespace suture::lab {

Result<Script> read_script(const fs::path& path) {
  Script script{.text = TRY(read_text(path))};
  for (auto line : lines_of(script.text)) {
    const bool modules = line.starts_with("# modules:");
    if (!modules && !line.starts_with("# with:")) continue;
    take_until(line, ':');
    for (const auto word : words_of(line)) {
      if (modules) {
        script.modules.push_back(module_name(word));
        continue;
      }
      if (word.find('/') != std::string_view::npos || word == "..")
        return fail("{}: asks for '{}'; only files beside the script can be had", path.string(), word);
      script.files.emplace_back(word, TRY(read_file(path.parent_path() / word), "{}", path.string()));
    }
  }
  return script;
}

}  // namespace suture::lab
