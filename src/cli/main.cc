#include "cli/command.h"
#include "cli/commands.h"

int main(int argc, char** argv) {
  using suture::cli::ExitCode;
  suture::cli::Program program({.name = "suture",
                                .description = "Live patches for stock Linux kernels: built, checked, proved.",
                                .exit_codes = "0 done, 1 failed, 2 wrong usage, 3 no change, 4 refused.",
                                .failed = static_cast<int>(ExitCode::failed),
                                .usage = static_cast<int>(ExitCode::usage)});
  suture::cli::add_kit_command(program);
  suture::cli::add_build_command(program);
  suture::cli::add_rebase_command(program);
  suture::cli::add_diff_command(program);
  suture::cli::add_match_command(program);
  suture::cli::add_check_command(program);
  suture::cli::add_inspect_command(program);
  suture::cli::add_prove_command(program);
  suture::cli::add_objects_command(program);
  suture::cli::add_keys_command(program);
  suture::cli::add_level_command(program);
  suture::cli::add_agent_command(program);
  suture::cli::add_draft_command(program);
  suture::cli::add_sign_command(program);
  suture::cli::add_publish_command(program);
  suture::cli::add_verify_command(program);
  suture::cli::add_bundle_command(program);
  suture::cli::add_login_command(program);
  suture::cli::add_hosts_command(program);
  suture::cli::add_catalogue_command(program);
  suture::cli::add_policy_command(program);
  suture::cli::add_rollout_command(program);
  suture::cli::add_approve_command(program);
  suture::cli::add_recall_command(program);
  suture::cli::add_audit_command(program);
  return program.main(argc, argv);
}
