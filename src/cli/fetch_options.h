#pragma once

#include "cli/command.h"
#include "repository/update.h"
#include "repository/url_source.h"

namespace suture::cli {

/// --proxy and --ca-file; suture-fetch is taken from beside this program, if it is there.
void add_fetch_options(Command command, repository::FetchOptions& options);

/// Whether people should be told that metadata ends: a fortnight before, of the timestamp half a day.
bool is_soon(const repository::Expiry& expiry, trust::tuf::Time now);

}  // namespace suture::cli
