#include "builder/fix/fix.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/numbers.h"
#include "base/words.h"
#include "builder/text.h"

namespace suture::builder {
namespace {

constexpr std::string_view no_file = "/dev/null";

struct HunkSize {
  std::size_t old_lines = 1;
  std::size_t new_lines = 1;
};

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// "-12,7" or "-12": the count is 1 if it is not there.
std::optional<std::size_t> take_range(std::string_view& text, std::string_view sign) {
  if (!take(text, sign) || !take_number(text)) return std::nullopt;
  return take(text, ",") ? take_number(text) : 1;
}

// "@@ -12,7 +12,9 @@ some context"
std::optional<HunkSize> parse_hunk_header(std::string_view line) {
  if (!take(line, "@@ ")) return std::nullopt;
  const auto old_lines = take_range(line, "-");
  if (!old_lines || !take(line, " ")) return std::nullopt;
  const auto new_lines = take_range(line, "+");
  if (!new_lines || !take(line, " @@")) return std::nullopt;
  return HunkSize{*old_lines, *new_lines};
}

// The name on a "---" or "+++" line. diff(1) puts a time stamp after a tab.
std::string file_name(std::string_view line) {
  line.remove_prefix(4);
  line = trim(line.substr(0, line.find('\t')));
  return line == no_file ? std::string() : std::string(line);
}

void collect_cves(std::string_view line, std::set<std::string>& cves) {
  constexpr std::string_view prefix = "CVE-";
  const auto digits = [&](std::size_t from) {
    const auto end = std::min(line.find_first_not_of("0123456789", from), line.size());
    return end - std::min(from, end);
  };
  for (auto at = line.find(prefix); at != std::string_view::npos; at = line.find(prefix, at + 1)) {
    const auto year = at + prefix.size();
    if (digits(year) != 4 || year + 4 >= line.size() || line[year + 4] != '-') continue;
    const auto serial = digits(year + 5);
    if (serial >= 4) cves.emplace(line.substr(at, prefix.size() + 5 + serial));
  }
}

std::string without_tag(std::string_view subject) {
  subject = trim(subject);
  if (subject.starts_with('[')) subject.remove_prefix(std::min(subject.find(']'), subject.size() - 1) + 1);
  return std::string(trim(subject));
}

class Parser {
 public:
  Parser(std::string_view text, std::string_view name) : lines_(lines_of(text)) { fix_.name = name; }

  Result<Fix> parse() {
    while (at_ < lines_.size()) {
      if (begins_file()) {
        TRY(parse_file());
      } else {
        TRY(parse_other(lines_[at_++]));
      }
    }
    end_section();
    if (fix_.files.empty()) return fail(Error(fmt::format("{}: holds no unified diff", fix_.name)).advise(make_one));
    fix_.cves.assign(cves_.begin(), cves_.end());
    return std::move(fix_);
  }

 private:
  static constexpr const char* make_one = "Make the diff with \"git diff\", \"git format-patch\" or \"diff -u\".";

  template <typename... Args>
  tl::unexpected<Error> fail_at(std::size_t line, fmt::format_string<Args...> format, Args&&... args) const {
    return fail("{}:{}: {}", fix_.name, line + 1, fmt::format(format, std::forward<Args>(args)...));
  }

  // A message may quote a diff's header; only one with a hunk after it counts.
  bool begins_file() const {
    return at_ + 2 < lines_.size() && lines_[at_].starts_with("--- ") && lines_[at_ + 1].starts_with("+++ ") &&
           lines_[at_ + 2].starts_with("@@ ");
  }

  // Text around hunks: mail headers, messages, and git's extended headers.
  Status parse_other(std::string_view line) {
    line = without_cr(line);
    if (line.starts_with("***************")) {
      return fail(Error(fmt::format("{}:{}: is a context diff, not a unified one", fix_.name, at_)).advise(make_one));
    }
    if (auto rest = line; take(rest, "diff --git ")) {
      end_section();
      section_ = FileDiff{.line = at_};
      // Without hunks only this line names the files: "a/old b/new".
      const auto middle = rest.find(" b/");
      section_->old_name = rest.substr(0, middle);
      if (middle != std::string_view::npos) section_->new_name = rest.substr(middle + 1);
    } else if (section_ && (line.starts_with("rename from ") || line.starts_with("copy from "))) {
      section_->kind = FileDiff::Kind::rename;
    } else if (section_ && (line == "GIT binary patch" || line.starts_with("Binary files "))) {
      section_->kind = FileDiff::Kind::binary;
    } else if (auto from = line; fix_.author.empty() && take(from, "From: ")) {
      fix_.author = trim(from);
    } else if (auto subject = line; fix_.subject.empty() && take(subject, "Subject:")) {
      fix_.subject = without_tag(subject);
    }
    collect_cves(line, cves_);
    return {};
  }

  // A section of git's without hunks matters if it renames or is binary; a changed mode does not.
  void end_section() {
    if (section_ && section_->kind != FileDiff::Kind::change) fix_.files.push_back(std::move(*section_));
    section_.reset();
  }

  Status parse_file() {
    FileDiff file = section_.value_or(FileDiff{.line = at_ + 1});
    section_.reset();
    crlf_ = lines_[at_].ends_with('\r');
    file.old_name = file_name(without_cr(lines_[at_]));
    file.new_name = file_name(without_cr(lines_[at_ + 1]));
    if (file.old_name.empty() && file.new_name.empty()) return fail_at(at_, "names no file");
    if (file.kind == FileDiff::Kind::change && file.old_name.empty()) file.kind = FileDiff::Kind::create;
    if (file.kind == FileDiff::Kind::change && file.new_name.empty()) file.kind = FileDiff::Kind::remove;
    at_ += 2;
    while (at_ < lines_.size() && lines_[at_].starts_with("@@ ")) TRY(parse_hunk(file));
    fix_.files.push_back(std::move(file));
    return {};
  }

  Status parse_hunk(FileDiff& file) {
    const auto begin = at_;
    const auto header = parse_hunk_header(lines_[at_]);
    if (!header) return fail_at(at_, "is not a hunk's header: \"{}\"", lines_[at_]);
    auto left = *header;
    append(file, lines_[at_++]);
    while (left.old_lines > 0 || left.new_lines > 0) {
      if (at_ == lines_.size()) return fail_at(begin, "the diff ends within this hunk");
      // Mailers drop the space of an empty context line.
      const auto line = without_cr(lines_[at_]);
      const char kind = line.empty() ? ' ' : line.front();
      const bool in_old = kind == ' ' || kind == '-';
      const bool in_new = kind == ' ' || kind == '+';
      if (kind != '\\' && ((!in_old && !in_new) || (in_old && left.old_lines == 0) || (in_new && left.new_lines == 0)))
        return fail_at(at_, "does not fit the hunk that begins in line {}", begin + 1);
      left.old_lines -= in_old ? 1 : 0;
      left.new_lines -= in_new ? 1 : 0;
      append(file, lines_[at_++]);
    }
    if (at_ < lines_.size() && lines_[at_].starts_with('\\')) append(file, lines_[at_++]);
    return {};
  }

  void append(FileDiff& file, std::string_view line) const {
    file.hunks += crlf_ ? without_cr(line) : line;
    file.hunks += '\n';
  }

  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
  bool crlf_ = false;
  std::optional<FileDiff> section_;
  std::set<std::string> cves_;
  Fix fix_;
};

// "a/b/c" without its first `count` parts; nothing if it has no more than that.
std::optional<std::string> strip_parts(std::string_view name, std::size_t count) {
  for (; count > 0; --count) {
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    name.remove_prefix(slash + 1);
  }
  return name.empty() ? std::nullopt : std::optional(std::string(name));
}

bool has_git_prefixes(const FileDiff& file) {
  return (file.old_name.empty() || file.old_name.starts_with("a/")) &&
         (file.new_name.empty() || file.new_name.starts_with("b/"));
}

bool stays_inside(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) return false;
  while (true) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

Result<Fix> parse_fix(std::string_view text, std::string_view name) { return Parser(text, name).parse(); }

Status resolve_paths(Fix& fix, const std::function<bool(const std::string&)>& exists) {
  constexpr std::size_t most_parts = 16;
  // The path with `strip` leading parts dropped; where old and new name differ, the one that exists.
  const auto path_of = [&](const FileDiff& file, std::size_t strip) -> std::optional<std::string> {
    auto from_new = strip_parts(file.new_name, strip);
    if (from_new && (file.old_name.empty() || exists(*from_new))) return from_new;
    auto from_old = strip_parts(file.old_name, strip);
    return from_old && (!from_new || exists(*from_old)) ? from_old : from_new;
  };

  std::size_t best = std::ranges::all_of(fix.files, has_git_prefixes) ? 1 : 0;
  if (best == 0) {
    std::size_t most = 0;
    for (std::size_t strip = 0; strip < most_parts; ++strip) {
      const auto found = static_cast<std::size_t>(std::ranges::count_if(fix.files, [&](const FileDiff& file) {
        const auto path = path_of(file, strip);
        return path && stays_inside(*path) && exists(*path);
      }));
      if (found > most) {
        most = found;
        best = strip;
      }
    }
  }
  for (auto& file : fix.files) {
    const auto path = path_of(file, best);
    if (!path || !stays_inside(*path)) {
      return fail("{}:{}: \"{}\" is not a path inside the kernel's source", fix.name, file.line,
                  file.new_name.empty() ? file.old_name : file.new_name);
    }
    file.path = *path;
  }
  return {};
}

}  // namespace suture::builder
