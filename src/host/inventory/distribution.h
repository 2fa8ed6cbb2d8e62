// Which distribution, and which packages its kernels come from.
#pragma once

#include <boost/describe/class.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "host/known.h"
#include "host/root.h"

namespace suture::host {

/// os-release(5).
struct Distribution {
  std::string id;       ///< "debian"
  std::string version;  ///< VERSION_ID: "12"; "" for a rolling one
  std::string name;     ///< PRETTY_NAME
  std::string like;     ///< ID_LIKE: "rhel fedora"
};
BOOST_DESCRIBE_STRUCT(Distribution, (), (id, version, name, like))

Known<Distribution> read_distribution(const Root& root);

struct KernelPackage {
  std::string name;     ///< "linux-image-6.1.0-54-amd64"
  std::string version;  ///< "6.1.190-1"
  std::string source;   ///< source package, "linux-signed-amd64"
};
BOOST_DESCRIBE_STRUCT(KernelPackage, (), (name, version, source))

/// Installed packages "linux-image-…", "linux-headers-…", "linux-modules-…" of dpkg's status file. On hosts
/// with an RPM database it is unknown: that database is not read.
Known<std::vector<KernelPackage>> kernel_packages(const Root& root);

}  // namespace suture::host
