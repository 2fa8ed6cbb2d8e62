#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace suture::trust::tuf {

/// The one form in which a value is signed: the canonical JSON of OLPC (members sorted by code point, no
/// white space, only '"' and '\' escaped), as python-tuf, tuf-js and go-tuf sign it. Not always JSON:
/// control characters stand as they are. `value` is what json::parse_strict() gives: it has no fractions.
std::string canonical_json(const boost::json::value& value);

}  // namespace suture::trust::tuf
