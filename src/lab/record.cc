#include "lab/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/words.h"

namespace suture::lab {
namespace {

constexpr std::string_view separator = "\x1e";
constexpr std::size_t longest_header = 64;

template <typename T>
bool read_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool is_kind(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// Takes one record off the front; says why it cannot.
std::string take_record(std::string_view& rest, Record& record) {
  if (!rest.starts_with(separator)) return "a record does not begin with its separator";
  const auto line_end = rest.substr(0, longest_header).find('\n');
  if (line_end == std::string_view::npos) return "a record's header does not end";
  auto header = rest.substr(1, line_end - 1);
  const auto kind = take_until(header, ' ');
  const auto patch = take_until(header, ' ');
  std::size_t length = 0;
  if (!is_kind(kind) || !read_number(patch, record.patch) || !read_number(header, length))
    return "a record's header is not KIND PATCH LENGTH";
  const auto after = rest.substr(line_end + 1);
  if (length >= after.size()) return fmt::format("a record of {} bytes is cut off", length);
  if (after[length] != '\n') return "a record does not end where its length says";
  record.kind = kind;
  record.payload = after.substr(0, length);
  rest = after.substr(length + 1);
  return {};
}

bool read_step(std::string_view payload, Step& step) {
  step.name = take_until(payload, '\n');
  auto numbers = take_until(payload, '\n');
  step.said = payload;
  const auto status = take_until(numbers, ' ');
  const auto begin = take_until(numbers, ' ');
  return read_number(status, step.status) && read_number(begin, step.begin) && read_number(numbers, step.end);
}

std::vector<ObjectSeen> read_objects(std::string_view payload) {
  std::vector<ObjectSeen> objects;
  while (!payload.empty()) {
    auto line = take_until(payload, '\n');
    const auto name = take_until(line, ' ');
    const auto patched = take_until(line, ' ');
    if (!name.empty()) objects.push_back({std::string(name), patched == "1", line == "1"});
  }
  return objects;
}

std::string_view without_newline(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

// Adds a record to the run that it belongs to; says what is wrong with it.
std::string add(const Record& record, PatchRun& run) {
  auto payload = without_newline(record.payload);
  if (record.kind == "start") {
    run.in_flight = payload;
  } else if (record.kind == "step") {
    run.in_flight.clear();
    if (!read_step(record.payload, run.steps.emplace_back())) return "a step does not say how it went";
  } else if (record.kind == "objects") {
    run.objects = read_objects(record.payload);
  } else if (record.kind == "blocking") {
    run.blocking += record.payload;
  } else if (record.kind == "log") {
    run.log += record.payload;
  } else if (record.kind == "end") {
    run.ended = true;
    run.clean = take_until(payload, ' ') == "clean";
    if (!read_number(payload, run.taint_after)) return "the taint is not a number";
  } else {
    return fmt::format("a record of unknown kind '{}'", record.kind);
  }
  return {};
}

}  // namespace

Records read_records(ByteView bytes) {
  Records read;
  auto rest = as_text(bytes);
  while (!rest.empty()) {
    Record record;
    const auto offset = bytes.size() - rest.size();
    if (const auto reason = take_record(rest, record); !reason.empty()) {
      read.damage = fmt::format("at byte {}: {}", offset, reason);
      break;
    }
    read.records.push_back(std::move(record));
  }
  return read;
}

GuestStory tell(const Records& records) {
  GuestStory story;
  story.damage = records.damage;
  for (const auto& record : records.records) {
    const bool inside = !story.runs.empty() && !story.runs.back().ended;
    std::string wrong;
    if (record.kind == "boot") {
      story.booted = true;
    } else if (record.kind == "done") {
      story.finished = true;
    } else if (record.kind == "begin" && !inside) {
      auto& run = story.runs.emplace_back();
      run.patch = record.patch;
      if (!read_number(without_newline(record.payload), run.taint_before)) wrong = "the taint is not a number";
    } else if (inside && record.patch == story.runs.back().patch) {
      wrong = add(record, story.runs.back());
    } else if (record.kind == "log") {
      story.boot_log += record.payload;
    } else {
      wrong = fmt::format("a record '{}' of live patch {} where none belongs", record.kind, record.patch);
    }
    if (!wrong.empty()) {
      story.damage = wrong;
      break;
    }
  }
  return story;
}

}  // namespace suture::lab
