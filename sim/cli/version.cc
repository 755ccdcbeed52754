#include "sim/version/version.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/cli/options.h"

namespace biotope::cli {

int Version(const VersionCommand& options) {
  if (options.json) {
    const nlohmann::ordered_json json = {{"version", biotope::Version()},
                                         {"commit", biotope::Commit()},
                                         {"dirty", biotope::Dirty()},
                                         {"build_mode", biotope::BuildMode()}};
    std::printf("%s\n", json.dump(2).c_str());
  } else {
    std::printf("biotope %s (%.12s%s, %s)\n", std::string(biotope::Version()).c_str(),
                std::string(biotope::Commit()).c_str(), biotope::Dirty() ? ", modified" : "",
                std::string(biotope::BuildMode()).c_str());
  }
  return 0;
}

}  // namespace biotope::cli
