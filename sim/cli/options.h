#ifndef BIOTOPE_SIM_CLI_OPTIONS_H_
#define BIOTOPE_SIM_CLI_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the command line says, one structure per command. main.cc fills them; the commands know
// nothing about how arguments are parsed.

namespace biotope::cli {

struct GlobalOptions {
  int verbosity = 0;  // -q: -1, -v: 1, -vv: 2
  std::string color = "auto";
};

struct RunCommand {
  std::string scenario;
  std::vector<std::string> sets;
  std::string output_dir;
  std::optional<uint64_t> seed;
  std::string output_format = "text";
  std::string events = "all";
  std::string engine;
};

struct SweepCommand {
  std::string sweep;
  std::string output_dir;
  uint32_t jobs = 0;  // 0: one per processor
  bool resume = false;
  std::string shard;  // "": all points
  std::string executor = "local";
};

struct MergeCommand {
  std::vector<std::string> shards;
  std::string output_dir;
};

struct ValidateCommand {
  std::vector<std::string> scenarios;
  std::vector<std::string> sets;
};

struct DescribeCommand {
  std::string field;
};

struct ListCommand {
  std::string what;
};

struct TraceCommand {
  std::string run_dir;
  std::string format;
  std::string output;
};

struct PlotCommand {
  std::string kind;
  std::vector<std::string> run_dirs;
  std::string output;
};

struct ScoreCommand {
  std::string trace;
  std::string device;
  std::string format;  // "": as the trace looks
  std::string caches;  // "on", "off", or "": as the device is
  std::string output;
};

struct VerifyCommand {
  std::vector<std::string> cases;
  std::string images;
};

struct VersionCommand {
  bool json = false;
};

struct EntryCommand {
  std::vector<std::string> cpus;         // profiles; empty: all that can price the program
  std::vector<std::string> kernels;      // versions or profiles
  std::vector<std::string> mechanisms;   // "syscall", "int80", ...; empty: all
  std::vector<std::string> mitigations;  // each "a,b,c" or "none": one column
  std::string architecture;
  std::string handler;
  std::string state = "hot";
  bool json = false;
};

struct MeasureCommand {
  std::string like;  // the profile to start from; empty: by the processor's maker
};

// Each returns the exit code of the process, or throws Error.
int Run(const RunCommand& options, const GlobalOptions& global);
int Sweep(const SweepCommand& options, const GlobalOptions& global);
int Merge(const MergeCommand& options);
int Validate(const ValidateCommand& options);
int Describe(const DescribeCommand& options);
int List(const ListCommand& options);
int Trace(const TraceCommand& options);
int Plot(const PlotCommand& options);
int Score(const ScoreCommand& options);
int Verify(const VerifyCommand& options, const GlobalOptions& global);
int Version(const VersionCommand& options);
int Entry(const EntryCommand& options);
int ListEntries();
int Measure(const MeasureCommand& options);

}  // namespace biotope::cli

#endif  // BIOTOPE_SIM_CLI_OPTIONS_H_
