// Workers, and what may happen to them: the bytes of a sweep must not depend on it.

#include "sim/sweep/worker_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string>

#include "sim/sweep/write_results.h"
#include "tests/sim/sweep/toy_sweep.h"

namespace biotope {
namespace {

using testing::HasSubstr;

constexpr uint32_t kPoints = 24;

PoolOutcome RunSweep(const std::string& path, uint32_t workers, const PointRunner& runner,
                     bool resume = false) {
  const SweepRun run = ToyRun();
  const SweepDirectory directory(path, run, resume);
  PoolOptions options;
  options.workers = workers;
  options.runner = runner;
  const PoolOutcome outcome = RunPool(directory, directory.Missing(kPoints, Shard()), options);
  if (!outcome.interrupted && outcome.refused.empty()) WriteResults(directory, run);
  return outcome;
}

size_t FinishedPoints(const std::string& path) {
  size_t count = 0;
  for (const auto& [name, contents] : Tree(path)) {
    count += name.starts_with("points/") && name.ends_with("/result.pb") &&
                     name.find(".tmp-") == std::string::npos
                 ? 1
                 : 0;
  }
  return count;
}

TEST(WorkerPoolTest, TheSameBytesForAnyNumberOfWorkers) {
  TemporaryDirectory temporary;
  EXPECT_EQ(RunSweep(temporary / "one", 1, ToyProduct).finished, kPoints);
  EXPECT_EQ(RunSweep(temporary / "two", 2, ToyProduct).finished, kPoints);
  EXPECT_EQ(RunSweep(temporary / "many", 40, ToyProduct).finished, kPoints);
  const auto tree = Tree(temporary / "one");
  EXPECT_EQ(tree, Tree(temporary / "two"));
  EXPECT_EQ(tree, Tree(temporary / "many"));
  EXPECT_EQ(tree.count("points/000023/result.pb"), 1u);
  EXPECT_EQ(tree.count("sweep.sqlite"), 1u);
}

// The whole sweep is killed again and again: parent first, or all at once.
TEST(WorkerPoolTest, KilledAndResumedEqualsUninterrupted) {
  TemporaryDirectory temporary;
  RunSweep(temporary / "whole", 2, ToyProduct);
  const std::string path = temporary / "killed";
  const PointRunner slow = [](uint32_t point) {
    usleep(20'000);
    return ToyProduct(point);
  };
  size_t before = 0;
  for (int i = 0; i < 3; ++i) {
    const pid_t sweep = fork();
    if (sweep == 0) {
      RunSweep(path, 2, slow, true);
      _exit(0);
    }
    while (!std::filesystem::exists(path + "/points") || FinishedPoints(path) < before + 4) {
      usleep(2'000);
    }
    kill(sweep, SIGKILL);
    waitpid(sweep, nullptr, 0);
    const size_t now = FinishedPoints(path);
    EXPECT_GE(now, before + 4);
    EXPECT_LT(now, kPoints);
    before = now;
  }
  const size_t kept = FinishedPoints(path);
  EXPECT_EQ(RunSweep(path, 2, ToyProduct, true).finished, kPoints - kept);
  EXPECT_EQ(Tree(temporary / "whole"), Tree(path));
}

TEST(WorkerPoolTest, AFailingPointIsKeptWithItsLog) {
  TemporaryDirectory temporary;
  const PointRunner runner = [](uint32_t point) -> PointProduct {
    if (point == 3) throw SimulationError("deadlock: nobody wakes the reader");
    if (point == 5) throw ScenarioError("s.textproto:1:1: error: no");
    PointProduct product = ToyProduct(point);
    if (point == 4) product.failures = {"pread: EIO", "read: EIO"};
    return product;
  };
  const std::string path = temporary / "sweep";
  const PoolOutcome outcome = RunSweep(path, 2, runner);
  EXPECT_EQ(outcome.failed, 3u);
  EXPECT_EQ(outcome.finished, kPoints - 3);
  EXPECT_EQ(Contents(path + "/failed/000003/log.txt"), "deadlock: nobody wakes the reader\n");
  EXPECT_EQ(Contents(path + "/failed/000004/log.txt"), "pread: EIO\nread: EIO\n");
  EXPECT_EQ(Contents(path + "/failed/000004/summary.txt"), "point 4\n");
  EXPECT_FALSE(std::filesystem::exists(path + "/points/000004"));
  // It is not tried again.
  EXPECT_EQ(RunSweep(path, 2, ToyProduct, true).finished, 0u);
}

TEST(WorkerPoolTest, ACrashTakesOnlyItsPoint) {
  TemporaryDirectory temporary;
  const PointRunner runner = [](uint32_t point) -> PointProduct {
    if (point == 6) {
      std::fputs("check failed: impossible\n", stderr);
      std::signal(SIGABRT, SIG_DFL);
      std::abort();
    }
    if (point == 7) _exit(9);
    return ToyProduct(point);
  };
  const std::string path = temporary / "sweep";
  const PoolOutcome outcome = RunSweep(path, 2, runner);
  EXPECT_EQ(outcome.failed, 2u);
  EXPECT_EQ(outcome.finished, kPoints - 2);
  EXPECT_THAT(Contents(path + "/failed/000006/log.txt"), HasSubstr("died of signal 6"));
  EXPECT_THAT(Contents(path + "/failed/000006/log.txt"), HasSubstr("check failed: impossible"));
  EXPECT_THAT(Contents(path + "/failed/000007/log.txt"), HasSubstr("ended with status 9"));
}

TEST(WorkerPoolTest, AWorkerThatIsKilledOnceLosesNothing) {
  TemporaryDirectory temporary;
  const std::string mark = temporary / "killed-once";
  const PointRunner runner = [&](uint32_t point) {
    if (point == 2 && !std::filesystem::exists(mark)) {
      std::ofstream(mark) << "x";
      raise(SIGKILL);
    }
    return ToyProduct(point);
  };
  RunSweep(temporary / "whole", 1, ToyProduct);
  EXPECT_EQ(RunSweep(temporary / "sweep", 2, runner).finished, kPoints);
  EXPECT_EQ(Tree(temporary / "whole"), Tree(temporary / "sweep"));
}

TEST(WorkerPoolTest, AWorkerThatIsKilledTwiceStopsTheSweep) {
  TemporaryDirectory temporary;
  const PointRunner runner = [&](uint32_t point) {
    if (point == 2) raise(SIGKILL);
    return ToyProduct(point);
  };
  const std::string path = temporary / "sweep";
  EXPECT_THAT(RunSweep(path, 1, runner).refused, HasSubstr("point 2: its process was killed"));
  EXPECT_FALSE(std::filesystem::exists(path + "/failed/000002"));
  EXPECT_EQ(RunSweep(path, 1, ToyProduct, true).finished, kPoints - 2);
}

// A limit on the size of files stands for a full disk.
TEST(WorkerPoolTest, AFullDiskStopsTheSweepAndKeepsWhatIsThere) {
  TemporaryDirectory temporary;
  const PointRunner runner = [](uint32_t point) {
    if (point == 9) {
      const rlimit small{4096, RLIM_INFINITY};
      setrlimit(RLIMIT_FSIZE, &small);
    }
    PointProduct product = ToyProduct(point);
    product.files.emplace_back("large", std::string(8192, 'x'));
    return product;
  };
  const std::string path = temporary / "sweep";
  const PoolOutcome outcome = RunSweep(path, 1, runner);
  EXPECT_THAT(outcome.refused, HasSubstr("point 9: "));
  EXPECT_THAT(outcome.refused, HasSubstr("File too large"));
  EXPECT_EQ(outcome.finished, 9u);
  EXPECT_EQ(FinishedPoints(path), 9u);
  for (const auto& [name, contents] : Tree(path)) {
    EXPECT_EQ(name.find(".tmp-"), std::string::npos) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(path + "/failed"));
  EXPECT_FALSE(std::filesystem::exists(path + "/sweep.csv"));
}

TEST(WorkerPoolTest, AnInterruptKeepsWhatIsFinished) {
  TemporaryDirectory temporary;
  const SweepRun run = ToyRun();
  const SweepDirectory directory(temporary / "sweep", run, false);
  std::atomic<bool> interrupted{false};
  uint32_t reports = 0;
  PoolOptions options;
  options.workers = 2;
  options.runner = [](uint32_t point) {
    if (point >= 10) usleep(10'000'000);
    return ToyProduct(point);
  };
  options.on_report = [&](const PointReport&) { interrupted = ++reports == 10; };
  options.interrupted = &interrupted;
  const PoolOutcome outcome = RunPool(directory, directory.Missing(kPoints, Shard()), options);
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_EQ(outcome.finished, 10u);
  EXPECT_EQ(FinishedPoints(directory.path()), 10u);
}

}  // namespace
}  // namespace biotope
