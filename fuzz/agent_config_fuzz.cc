// Reads any text as the agent's configuration.
#include "agent/config/config.h"
#include "agent/steps/steps.h"
#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace suture;
  static const host::Root root("/nowhere");
  static_cast<void>(agent::read_config(as_text({data, size}), "input", [](const agent::StepSpec& spec) {
    return agent::make_step(spec, root);
  }));
  return 0;
}
