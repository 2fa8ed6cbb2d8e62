#pragma once

namespace suture::cli {

/// How every command of `suture` ends. Scripts rely on these.
///
/// | code | name      | meaning                                                        |
/// |------|-----------|----------------------------------------------------------------|
/// | 0    | success   | done; built; the check or proof passed                         |
/// | 1    | failed    | bad input, a failed proof, a system or program error           |
/// | 2    | usage     | the command line was not understood                            |
/// | 3    | no_change | the fix changes no code of this kernel                         |
/// | 4    | refused   | the fix cannot be made into a live patch safely, or the check  |
/// |      |           | of a finished one has findings                                 |
enum class ExitCode { success = 0, failed = 1, usage = 2, no_change = 3, refused = 4 };

}  // namespace suture::cli
