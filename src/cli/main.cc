#include "cli/command.h"
#include "cli/commands.h"

int main(int argc, char** argv) {
  suture::cli::Program program;
  suture::cli::add_kit_command(program);
  suture::cli::add_build_command(program);
  suture::cli::add_rebase_command(program);
  suture::cli::add_diff_command(program);
  suture::cli::add_match_command(program);
  suture::cli::add_check_command(program);
  suture::cli::add_inspect_command(program);
  suture::cli::add_prove_command(program);
  suture::cli::add_objects_command(program);
  return static_cast<int>(program.main(argc, argv));
}
