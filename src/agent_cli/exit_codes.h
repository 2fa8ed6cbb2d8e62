#pragma once

#include <algorithm>

namespace suture::agent_cli {

/// How every command of `suture-agent` ends, in the manner of monitoring plug-ins. Scripts rely on these.
///
/// | code | name     | meaning                                                                         |
/// |------|----------|---------------------------------------------------------------------------------|
/// | 0    | ok       | done; nothing waits, is held or unfinished                                      |
/// | 1    | warning  | refused, held, undone or not over: nothing is broken                            |
/// | 2    | critical | stuck, or the kernel is damaged: a person must look                             |
/// | 3    | unknown  | bad input, wrong usage, or an error that left the question open                 |
enum class ExitCode { ok = 0, warning = 1, critical = 2, unknown = 3 };

}  // namespace suture::agent_cli
