#include "agent/steps/steps.h"

namespace suture::agent {

Result<std::unique_ptr<Step>> make_step(const StepSpec& spec, const host::Root& root) {
  if (spec.kind == "livepatch") return make_livepatch_step(spec, root);
  if (spec.kind == "sysctl") return make_sysctl_step(spec, root);
  if (spec.kind == "module") return make_module_step(spec, root);
  if (spec.kind == "service") return make_service_step(spec);
  return fail(Error(fmt::format("there is no step '{}'", spec.kind))
                  .advise("the kinds are livepatch, sysctl, module and service; a newer agent may know more"));
}

}  // namespace suture::agent
