#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "configs/schema/rule.pb.h"
#include "sim/core/error.h"
#include "sim/core/units.h"
#include "sim/scenario/linux_names.h"
#include "sim/scenario/quantity.h"
#include "sim/scenario/quote.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/suggest.h"
#include "sim/scenario/validate.h"

namespace biotope {
namespace {

std::optional<uint64_t> SizeOf(const std::string& text) {
  try {
    return ParseSize(text).value();
  } catch (const ScenarioError&) {
    return std::nullopt;
  }
}

bool IsAsynchronous(FioJob::IoEngine engine) {
  const auto* value = FioJob::IoEngine_descriptor()->FindValueByNumber(engine);
  return value != nullptr && value->options().GetExtension(schema::asynchronous);
}

// Whether the file system is mounted above `path`.
bool IsBelow(std::string_view path, std::string_view mount_point) {
  while (mount_point.ends_with('/')) mount_point.remove_suffix(1);
  return path.starts_with(mount_point) &&
         (path.size() == mount_point.size() || path[mount_point.size()] == '/');
}

class ProcessChecker {
 public:
  explicit ProcessChecker(const Scenario& scenario) : scenario_(scenario) {}

  std::vector<Problem> Run() {
    for (int i = 0; i < scenario_.process_size(); ++i) CheckProcess(i);
    if (tasks_ > kMostTasks) {
      Add("process",
          fmt::format("the scenario has {} tasks (numjobs of all processes together); at "
                      "most {} are possible",
                      tasks_, kMostTasks));
    }
    return std::move(problems_);
  }

 private:
  void Add(const std::string& field, std::string message, std::vector<std::string> notes = {}) {
    problems_.push_back({field, std::move(message), std::move(notes)});
  }

  void CheckProcess(int index) {
    const Process& process = scenario_.process(index);
    const std::string path = IndexPath("process", index);
    const auto [first, inserted] = names_.emplace(process.name(), index);
    if (!inserted && !process.name().empty()) {
      Add(JoinPath(path, "name"),
          fmt::format("{}.name: {} is the name of {} already", path, Quote(process.name()),
                      IndexPath("process", first->second)));
    }
    tasks_ += process.has_fio() ? process.fio().numjobs() : 1;
    if (process.has_fio()) CheckFio(process.fio(), JoinPath(path, "fio"));
    if (process.has_script()) CheckScript(process.script(), JoinPath(path, "script"));
  }

  void CheckPath(const std::string& path, const std::string& field) {
    const std::string& mount_point = scenario_.filesystem().mount_point();
    if (!path.starts_with('/') || mount_point.empty() || IsBelow(path, mount_point)) return;
    Add(field, fmt::format("{}: {} is not below the mount point {}", field, Quote(path),
                           Quote(mount_point)));
  }

  void CheckFio(const FioJob& fio, const std::string& path) {
    CheckPath(fio.filename(), JoinPath(path, "filename"));
    if (fio.iodepth() > 1 && !IsAsynchronous(fio.ioengine())) {
      Add(JoinPath(path, "iodepth"),
          fmt::format("{}.iodepth: {} I/Os in flight need an asynchronous ioengine; {} has one",
                      path, fio.iodepth(), FioJob::IoEngine_Name(fio.ioengine())));
    }
    if (fio.time_based() == 1 && !fio.has_runtime()) {
      Add(JoinPath(path, "time_based"),
          fmt::format("{0}.time_based needs {0}.runtime, or it would never end", path));
    }
    CheckWrite(fio, path);
    CheckSectors(fio, "bs", fio.bs(), path);
    CheckSectors(fio, "offset", fio.offset(), path);
    CheckNotBelowBs(fio, "size", fio.size(), path);
    CheckNotBelowBs(fio, "io_size", fio.io_size(), path);
  }

  // Writing is simulated past the page cache only.
  void CheckWrite(const FioJob& fio, const std::string& path) {
    if (fio.rw() != FioJob::WRITE && fio.rw() != FioJob::RANDWRITE) return;
    if (fio.direct() != 1) {
      Add(JoinPath(path, "direct"),
          fmt::format("{0}.direct: {0}.rw {1} needs direct: 1; writing through the page cache is "
                      "not simulated",
                      path, FioJob::Rw_Name(fio.rw())));
    }
    if (fio.ioengine() == FioJob::SYNC) {
      Add(JoinPath(path, "ioengine"), fmt::format("{0}.ioengine: {0}.rw {1} needs PSYNC or LIBAIO",
                                                  path, FioJob::Rw_Name(fio.rw())));
    }
  }

  // O_DIRECT moves whole sectors from whole sectors.
  void CheckSectors(const FioJob& fio, std::string_view name, const std::string& text,
                    const std::string& path) {
    const std::optional<uint64_t> bytes = SizeOf(text);
    if (fio.direct() != 1 || !bytes || *bytes % kSectorSize == 0) return;
    const std::string field = JoinPath(path, name);
    Add(field, fmt::format("{} must be a multiple of {} with direct: 1, got {}", field, kSectorSize,
                           text));
  }

  // A region, or an amount, of less than one block has nothing to read.
  void CheckNotBelowBs(const FioJob& fio, std::string_view name, const std::string& text,
                       const std::string& path) {
    const std::optional<uint64_t> bytes = SizeOf(text);
    const std::optional<uint64_t> bs = SizeOf(fio.bs());
    if (text.empty() || !bytes || !bs || *bytes == 0 || *bytes >= *bs) return;
    const std::string field = JoinPath(path, name);
    Add(field, fmt::format("{} ({}) is smaller than {}.bs ({})", field, text, path, fio.bs()));
  }

  void CheckScript(const Script& script, const std::string& path) {
    std::set<std::string> open;
    std::set<std::string> contexts;
    for (int i = 0; i < script.call_size(); ++i) {
      CheckCall(script.call(i), IndexPath(JoinPath(path, "call"), i), &open, &contexts);
    }
  }

  void CheckCall(const SystemCall& call, const std::string& path, std::set<std::string>* open,
                 std::set<std::string>* contexts) {
    if (call.has_expect()) CheckExpect(call, path);
    const google::protobuf::Reflection& reflection = *call.GetReflection();
    const auto* arm =
        reflection.GetOneofFieldDescriptor(call, call.GetDescriptor()->FindOneofByName("call"));
    if (arm == nullptr || !IsMessage(*arm)) return;
    const std::string arm_path = JoinPath(path, arm->name());
    if (call.has_open()) {
      CheckOpen(call.open(), arm_path);
      open->insert(call.open().fd());
    } else if (call.has_io_setup()) {
      contexts->insert(call.io_setup().ctx());
    } else {
      CheckName("fd", "opens", reflection.GetMessage(call, arm), arm_path, *open);
      CheckName("ctx", "sets up", reflection.GetMessage(call, arm), arm_path, *contexts);
    }
    for (int i = 0; i < call.io_submit().iocb_size(); ++i) {
      CheckName("fd", "opens", call.io_submit().iocb(i), IndexPath(JoinPath(arm_path, "iocb"), i),
                *open);
    }
    for (int i = 0; i < call.io_getevents().expect_res_size(); ++i) {
      CheckText(IndexPath(JoinPath(arm_path, "expect_res"), i),
                [&] { ParseExpectedResult(call.io_getevents().expect_res(i)); });
    }
  }

  void CheckExpect(const SystemCall& call, const std::string& path) {
    const std::string field = JoinPath(path, "expect");
    if (call.has_compute()) return Add(field, fmt::format("{}: compute has no result", field));
    CheckText(field, [&] { ParseExpectedResult(call.expect()); });
  }

  void CheckOpen(const SysOpen& call, const std::string& path) {
    CheckPath(call.path(), JoinPath(path, "path"));
    CheckText(JoinPath(path, "flags"), [&] { ParseOpenFlags(call.flags()); });
    const std::string& fd = call.fd();
    if (!fd.empty() && fd.front() >= '0' && fd.front() <= '9') {
      Add(JoinPath(path, "fd"),
          fmt::format("{}.fd: the name of a descriptor cannot begin with a digit, got {}", path,
                      Quote(fd)));
    }
  }

  template <class Parse>
  void CheckText(const std::string& field, Parse parse) {
    try {
      parse();
    } catch (const ScenarioError& error) {
      Add(field, fmt::format("{}: {}", field, error.what()));
    }
  }

  // A descriptor is a number, or a name that an earlier call has opened; and so is a context.
  void CheckName(const char* name, const char* verb, const google::protobuf::Message& call,
                 const std::string& path, const std::set<std::string>& open) {
    const auto* field = call.GetDescriptor()->FindFieldByName(name);
    if (field == nullptr) return;
    const std::string fd = ScalarText(call, *field);
    const bool number =
        std::all_of(fd.begin(), fd.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (number || open.count(fd) > 0) return;
    const std::vector<std::string> names(open.begin(), open.end());
    Add(JoinPath(path, name),
        fmt::format("{}.{}: no earlier call {} {}{}", path, name, verb, Quote(fd),
                    DidYouMean(fd, names)),
        names.empty() ? std::vector<std::string>{}
                      : std::vector<std::string>{fmt::format("open so far: {}", JoinWords(names))});
  }

  const Scenario& scenario_;
  std::map<std::string, int> names_;
  uint64_t tasks_ = 0;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> CheckProcesses(const Scenario& scenario) {
  return ProcessChecker(scenario).Run();
}

}  // namespace biotope
