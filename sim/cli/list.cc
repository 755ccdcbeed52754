#include <cstdio>
#include <string>
#include <vector>

#include "configs/schema/io_scheduler.pb.h"
#include "sim/cli/options.h"
#include "sim/core/error.h"
#include "sim/core/layer.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/scenario/suggest.h"

namespace biotope::cli {
namespace {

int ListProfilesOf(const std::string& folder) {
  const ShippedProfiles shipped;
  for (const ProfileFile& profile : ListProfiles(shipped)) {
    if (profile.folder == folder) std::printf("%s\n", profile.name.c_str());
  }
  return 0;
}

// The arms of the oneof are the schedulers, so a new one is listed by itself.
int ListSchedulers() {
  const google::protobuf::OneofDescriptor& schedulers =
      *schema::IoScheduler::descriptor()->oneof_decl(0);
  for (int i = 0; i < schedulers.field_count(); ++i) {
    std::printf("%s\n", schedulers.field(i)->name().c_str());
  }
  return 0;
}

int ListLayers() {
  for (const std::string_view layer : kLayerNames) {
    std::printf("%.*s\n", static_cast<int>(layer.size()), layer.data());
  }
  return 0;
}

}  // namespace

int List(const ListCommand& options) {
  const std::string& what = options.what;
  if (what == "kernels" || what == "cpus" || what == "devices") return ListProfilesOf(what);
  if (what == "io-schedulers") return ListSchedulers();
  if (what == "layers") return ListLayers();
  if (what == "entries") return ListEntries();
  if (what == "plots") {
    std::puts("percentiles");
    return 0;
  }
  const std::vector<std::string> known = {"kernels", "cpus",    "devices", "io-schedulers",
                                          "layers",  "entries", "plots"};
  throw Error(ExitCode::kUsage,
              "list: cannot list \"" + what + "\"" + DidYouMean(what, known) +
                  " (kernels, cpus, devices, io-schedulers, layers, entries or plots)");
}

}  // namespace biotope::cli
