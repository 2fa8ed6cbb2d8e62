#pragma once

#include <map>
#include <string>

namespace suture::server {

/// "ring": "canary". Rings are made of hosts by them.
using Labels = std::map<std::string, std::string>;

/// Whether a host has all of these labels. Nothing asked for is nobody.
bool matches(const Labels& host, const Labels& where);

}  // namespace suture::server
