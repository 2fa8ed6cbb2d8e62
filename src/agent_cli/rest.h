#pragma once

namespace suture::agent_cli {

/// Gives back the memory that work took and rest does not need: what was freed, and the pages of programs and
/// libraries, which are read from their files again when they are run again.
void rest();

}  // namespace suture::agent_cli
