// A repository at an address. The network is spoken to by another program, suture-fetch, which may run as
// another user: it is told names, and puts files into a spool directory; nothing that it says is believed
// before it was verified.
//
// The protocol, one line each way. To suture-fetch on its standard input:
//   GET MOST PATH      a path below the address; at most MOST + 1 bytes of it are wanted
// and back on its standard output:
//   OK NAME            the file NAME in the spool directory; whoever asked removes it
//   NOT-FOUND          the server says that there is no such file (HTTP 404 or 410)
//   ERROR REASON       anything else
#pragma once

#include <chrono>
#include <functional>

#include "repository/source.h"

namespace suture::repository {

struct FetchOptions {
  fs::path program = "suture-fetch";  ///< looked up in PATH if it has no '/'
  std::string user = {};              ///< who runs it; needs root. Ours if empty
  fs::path spool = {};                ///< where files are put meanwhile, in a directory of their own; $TMPDIR if empty
  std::string proxy = {};             ///< "http://proxy:3128"; that of the environment if empty
  std::string ca_file = {};           ///< authorities to trust, in PEM; the system's if empty
  /// For one file, beside its own limits, which are lower.
  std::chrono::seconds timeout{900};
  /// Called every few seconds while a file is waited for.
  std::function<void()> meanwhile = [] {};
};

/// "https://…" or "http://…": what is fetched is verified either way, but HTTP shows it to anybody.
bool is_url(const std::string& text);

/// Starts suture-fetch, which ends with the source.
Result<std::unique_ptr<Source>> url_source(const std::string& url, const FetchOptions& options = {});

/// A directory, the file of a bundle, or an address.
Result<std::unique_ptr<Source>> open_source(const std::string& where, const FetchOptions& options = {});

}  // namespace suture::repository
