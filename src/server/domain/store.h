// Where records are kept. The domain knows no database; a store knows no rules.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/domain/outcome.h"
#include "server/domain/records.h"

namespace suture::server {

class Store {
 public:
  virtual ~Store() = default;

  /// Everything that `work` writes is on disk once this returns, or nothing of it is: if `work` refuses, and if
  /// the process dies within. Not nested.
  virtual Done transaction(const std::function<Done()>& work) = 0;

  virtual Status put_token(const EnrolmentToken& token) = 0;  ///< new, or changed
  virtual Result<std::optional<EnrolmentToken>> token(const std::string& digest) = 0;

  virtual Status put_host(const Host& host) = 0;
  virtual Result<std::optional<Host>> host(const std::string& id) = 0;
  virtual Result<bool> has_key(const std::string& key) = 0;
  virtual Result<std::vector<Host>> hosts() = 0;  ///< by name, then id

  virtual Status add_report(const HostReport& report) = 0;
  virtual Result<std::optional<HostReport>> last_report(const std::string& host) = 0;
};

}  // namespace suture::server
