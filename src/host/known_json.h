// A Known<T> in JSON: the value, or {"unknown": "why"}. Include this only in .cc files.
#pragma once

#include "base/json.h"
#include "host/known.h"

namespace suture::host {

template <typename T>
void tag_invoke(const boost::json::value_from_tag&, boost::json::value& json, const Known<T>& known) {
  if (known) {
    json = boost::json::value_from(*known);
  } else {
    json = boost::json::object{{"unknown", known.why()}};
  }
}

}  // namespace suture::host
