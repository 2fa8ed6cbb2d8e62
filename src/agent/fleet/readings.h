// How a host was between two reports, for the comparison of treated with untreated hosts that its server makes.
#pragma once

#include <map>
#include <string>

#include "host/health/reading.h"

namespace suture::agent {

/// Every metric but taint, which is no amount, by its name; what is unknown is left out.
std::map<std::string, double> readings_between(const host::Reading& earlier, const host::Reading& later);

}  // namespace suture::agent
