#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "sim/cli/options.h"
#include "sim/core/error.h"
#include "sim/results/response_distribution.h"
#include "sim/scenario/suggest.h"
#include "sim/trace/trace_reader.h"
#include "sim/world/make_device.h"
#include "sim/world/replay.h"
#include "viz/gnuplot.h"
#include "viz/response_figure.h"

namespace biotope::cli {
namespace {

std::optional<TraceFormat> FormatOf(const std::string& name) {
  if (name.empty()) return std::nullopt;
  const std::optional<TraceFormat> format = TraceFormatOf(name);
  if (!format) {
    throw Error(ExitCode::kUsage, "score: there is no trace format \"" + name + "\"" +
                                      DidYouMean(name, TraceFormatNames()));
  }
  return format;
}

void PrintRow(const char* name, const ResponseDistribution& distribution) {
  fmt::print("{:<10} mean {:.4f} ms   sd {:.4f} ms\n", name, distribution.mean_ms(),
             distribution.sd_ms());
}

}  // namespace

// One request at a time, with the recorded pauses, on the bare device.
int Score(const ScoreCommand& options) {
  const std::unique_ptr<DeviceModel> device =
      options.caches.empty() ? MakeDeviceByName(options.device)
                             : MakeDriveFromDirectory(options.device, options.caches == "on");
  const std::unique_ptr<TraceReader> trace = OpenTrace(options.trace, FormatOf(options.format));
  ResponseDistribution simulated;
  ResponseDistribution measured;
  ReplayClosed(*trace, *device, [&](const Replayed& replayed) {
    if (!replayed.request.response) {
      throw ScenarioError(options.trace +
                          ": the trace has no measured response times to compare with");
    }
    simulated.Add(replayed.response);
    measured.Add(*replayed.request.response);
  });
  if (simulated.count() == 0) throw ScenarioError(options.trace + ": the trace is empty");

  const double error = simulated.mean_ms() - measured.mean_ms();
  const double rms = RmsDistanceMs(simulated, measured);
  fmt::print("{} requests\n", simulated.count());
  PrintRow("simulated", simulated);
  PrintRow("measured", measured);
  fmt::print("RMS {:.6f} ms   {:.2f} % of the measured mean\n", rms,
             100 * rms / measured.mean_ms());
  fmt::print("error of the mean {:+.4f} ms   {:+.2f} %\n", error, 100 * error / measured.mean_ms());
  if (!options.output.empty()) {
    const std::string name = std::filesystem::path(options.device).filename().string();
    DrawWithGnuplot(MakeResponseFigure({.device = name.empty() ? options.device : name,
                                        .trace = options.trace,
                                        .rms_ms = rms,
                                        .simulated = &simulated,
                                        .measured = &measured}),
                    options.output);
  }
  return 0;
}

}  // namespace biotope::cli
