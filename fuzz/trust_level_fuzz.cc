// Reads damaged levels and indexes. What can be read is written as it was read.
#include "fuzz/fuzz.h"
#include "trust/agent/agent_index.h"
#include "trust/level/kernel_index.h"
#include "trust/level/testing/manifests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace suture;
  using namespace suture::trust;
  static const auto level = testing::level_file(3);
  static const auto index = [] {
    KernelIndex made{.release = "6.1.0-53-amd64", .build_id = testing::build_id};
    for (std::uint32_t i = 1; i <= 3; ++i) static_cast<void>(add_level(made, testing::manifest_of(i)));
    return write_kernel_index(made).value();
  }();
  static const auto agent = [] {
    AgentIndex made;
    for (std::uint32_t i = 1; i <= 3; ++i) {
      const std::vector<AgentPackage> packages{{"suture-agent", "amd64", std::string(64, 'a')},
                                               {"suture-fetch", "amd64", std::string(64, 'b')}};
      static_cast<void>(add_release(made, {i, fmt::format("0.{}.0", i), packages}));
    }
    made.floor = 2;
    return write_agent_index(made).value();
  }();
  ByteView input(data, size);
  switch (fuzz::take_byte(input) % 4) {
    case 0: {
      const auto file = fuzz::damage(level, input);
      const auto read = read_level(file, "input");
      if (!read) return 0;
      fuzz::require(write_level(read->manifest, read->files).has_value());
      return 0;
    }
    case 1: {
      const auto text = fuzz::damage(Bytes(index.begin(), index.end()), input);
      const auto read = read_kernel_index(as_text(text), "input");
      if (read) fuzz::require(write_kernel_index(*read).has_value());
      return 0;
    }
    case 2: {
      const auto text = fuzz::damage(Bytes(agent.begin(), agent.end()), input);
      const auto read = read_agent_index(as_text(text), "input");
      if (!read) return 0;
      const auto written = write_agent_index(*read);
      fuzz::require(written && read_agent_index(*written, "output").value() == *read);
      for (const auto& release : read->releases) {
        for (const auto& package : release.packages) fuzz::require(is_clean_name(package_path(release, package)));
      }
      return 0;
    }
    default: {
      // A manifest that was damaged before it was put into a level, so that no digest gives it away.
      auto members = read_archive(level, "level").value();
      const auto text = fuzz::damage(Bytes(members[0].content.begin(), members[0].content.end()), input);
      members[0].content = text;
      const auto file = write_archive(members).value();
      const auto read = read_level(file, "input");
      if (read) fuzz::require(read_archive(*write_level(read->manifest, read->files), "output").has_value());
      return 0;
    }
  }
}
