#include <filesystem>
#include <string>
#include <vector>

#include "sim/cli/options.h"
#include "sim/core/error.h"
#include "sim/results/run_directory.h"
#include "sim/scenario/suggest.h"
#include "viz/gnuplot.h"
#include "viz/percentiles.h"

namespace biotope::cli {

int Plot(const PlotCommand& options) {
  if (options.kind != "percentiles") {
    throw Error(ExitCode::kUsage, "plot: there is no figure \"" + options.kind + "\"" +
                                      DidYouMean(options.kind, {"percentiles"}) + " (percentiles)");
  }
  std::vector<NamedResult> results;
  for (const std::string& dir : options.run_dirs) {
    std::filesystem::path path(dir);
    if (!path.has_filename()) path = path.parent_path();  // "runs/first/"
    results.push_back({path.filename().string(), ReadResult(dir)});
  }
  DrawWithGnuplot(MakePercentiles(results), options.output);
  return 0;
}

}  // namespace biotope::cli
