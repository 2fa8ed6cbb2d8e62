// Every command of `suture`, in the order of --help.
#pragma once

#include "command_line/program.h"

namespace suture::cli {

using command_line::Program;

void add_kit_command(Program& program);
void add_build_command(Program& program);
void add_rebase_command(Program& program);
void add_diff_command(Program& program);
void add_match_command(Program& program);
void add_check_command(Program& program);
void add_inspect_command(Program& program);
void add_prove_command(Program& program);
void add_objects_command(Program& program);
void add_keys_command(Program& program);
void add_level_command(Program& program);
void add_agent_command(Program& program);
void add_draft_command(Program& program);
void add_sign_command(Program& program);
void add_publish_command(Program& program);
void add_verify_command(Program& program);
void add_bundle_command(Program& program);
void add_login_command(Program& program);
void add_hosts_command(Program& program);
void add_catalogue_command(Program& program);
void add_policy_command(Program& program);
void add_rollout_command(Program& program);
void add_approve_command(Program& program);
void add_recall_command(Program& program);
void add_audit_command(Program& program);

}  // namespace suture::cli
