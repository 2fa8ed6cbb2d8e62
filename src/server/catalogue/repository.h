// The catalogue of one published repository, verified as any host verifies it, from a first root that an operator gave.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "server/domain/rollouts/catalogue.h"

namespace suture::server {

/// `source` is a directory, a bundle or an address; what is trusted is kept in `kept`. Each question is a visit.
/// Looks at the repository at once, so that hosts which enrol are told which versions there are; a failure is the
/// caller's to tell, and changes nothing.
std::unique_ptr<Catalogue> repository_catalogue(std::string source, std::filesystem::path first_root,
                                                std::filesystem::path kept, Status& looked);

}  // namespace suture::server
