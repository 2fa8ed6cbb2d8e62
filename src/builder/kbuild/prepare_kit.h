#pragma once

#include "kit/kit.h"

namespace suture::builder {

/// Makes what all builds for a kernel share, so that none has to wait for it: the unpacked kernel,
/// kbuild's variables, who includes whom, the compiled scaffold. Fails if the kit cannot be built
/// with: its vmlinuz is damaged, say, or another kernel's.
Status prepare_kit(const kit::Kit& kit);

}  // namespace suture::builder
