#include "sim/sweep/run_point.h"

#include <fmt/format.h>

#include <new>

#include "sim/core/error.h"
#include "sim/results/run_directory.h"

namespace biotope {
namespace {

void WriteFiles(const RunDirectory& directory, const PointProduct& product) {
  for (const auto& [name, contents] : product.files) directory.Write(name, contents);
}

PointReport Failed(const SweepDirectory& directory, uint32_t point, const std::string& log,
                   const PointProduct& product) {
  KeepFailed(directory, point, log, product);
  return {point, PointReport::Outcome::kFailed, log};
}

PointReport RunAndWrite(const SweepDirectory& directory, uint32_t point,
                        const PointRunner& runner) {
  PointProduct product;
  try {
    product = runner(point);
  } catch (const Error& error) {
    if (error.code() == ExitCode::kEnvironment) throw;
    return Failed(directory, point, error.what(), {});
  }
  if (!product.failures.empty()) {
    return Failed(directory, point, fmt::format("{}", fmt::join(product.failures, "\n")), product);
  }
  RunDirectory whole(directory.PointPath(point));
  WriteFiles(whole, product);
  whole.Commit();
  return {point, PointReport::Outcome::kFinished, ""};
}

}  // namespace

void KeepFailed(const SweepDirectory& directory, uint32_t point, const std::string& log,
                const PointProduct& product) {
  RunDirectory failed(directory.FailedPath(point));
  WriteFiles(failed, product);
  failed.Write(kLogFile, log + "\n");
  failed.Commit();
}

PointReport RunPoint(const SweepDirectory& directory, uint32_t point, const PointRunner& runner) {
  try {
    return RunAndWrite(directory, point, runner);
  } catch (const Error& error) {
    return {point, PointReport::Outcome::kRefused, error.what()};
  } catch (const std::bad_alloc&) {
    return {point, PointReport::Outcome::kRefused, "out of memory"};
  }
}

}  // namespace biotope
