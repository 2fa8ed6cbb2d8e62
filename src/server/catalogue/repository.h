// The catalogue of one published repository, verified as any host verifies it, from a first root that an operator gave.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "server/domain/catalogue.h"

namespace suture::server {

/// `source` is a directory, a bundle or an address; what is trusted is kept in `kept`. Each question is a visit.
std::unique_ptr<Catalogue> repository_catalogue(std::string source, std::filesystem::path first_root,
                                                std::filesystem::path kept);

}  // namespace suture::server
