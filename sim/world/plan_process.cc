#include "sim/world/plan_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "sim/core/error.h"
#include "sim/scenario/linux_names.h"
#include "sim/scenario/quantity.h"
#include "sim/world/find_file.h"
#include "sim/world/plan_aio.h"

namespace biotope {
namespace {

std::string SizeText(uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  while (bytes >= 1024 && bytes % 1024 == 0 && unit + 1 < std::size(kUnits)) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{}{}", bytes, kUnits[unit]);
}

FioParameters::Rw RwOf(const FioJob& job) {
  switch (job.rw()) {
    case FioJob::RANDREAD:
      return FioParameters::Rw::kRandRead;
    case FioJob::WRITE:
      return FioParameters::Rw::kWrite;
    case FioJob::RANDWRITE:
      return FioParameters::Rw::kRandWrite;
    default:
      return FioParameters::Rw::kRead;
  }
}

FioParameters::IoEngine IoEngineOf(const FioJob& job) {
  switch (job.ioengine()) {
    case FioJob::SYNC:
      return FioParameters::IoEngine::kSync;
    case FioJob::LIBAIO:
      return FioParameters::IoEngine::kLibaio;
    default:
      return FioParameters::IoEngine::kPsync;
  }
}

const char* RwName(FioParameters::Rw rw) {
  switch (rw) {
    case FioParameters::Rw::kRead:
      return "read";
    case FioParameters::Rw::kRandRead:
      return "randread";
    case FioParameters::Rw::kWrite:
      return "write";
    case FioParameters::Rw::kRandWrite:
      return "randwrite";
  }
  return "";
}

std::string HeadingOf(const FioJob& job, const FioParameters& parameters) {
  return fmt::format("rw={} bs={} iodepth={} numjobs={} | page cache {}", RwName(parameters.rw),
                     SizeText(parameters.bs), job.iodepth(), job.numjobs(),
                     parameters.direct ? "off (direct)" : "on");
}

// The region must lie in the file, because what lies behind its end cannot be read.
void PlanRegion(const FioJob& job, const std::string& field, uint64_t file_size, FioParameters* fio,
                std::vector<Problem>* problems) {
  const auto too_far = [&](const char* name, uint64_t end) {
    problems->push_back(
        {field + "." + name, fmt::format("{} reaches to byte {}, but {} has {} bytes", name, end,
                                         fio->filename, file_size)});
  };
  if (fio->offset >= file_size) return too_far("offset", fio->offset);
  fio->size = job.has_size() ? ParseSize(job.size()).value() : file_size - fio->offset;
  if (fio->size > file_size - fio->offset) return too_far("size", fio->offset + fio->size);
  if (fio->size < fio->bs) {
    problems->push_back({field + ".bs", fmt::format("bs is {} bytes, but the region has only {}",
                                                    fio->bs, fio->size)});
  }
  fio->io_size = job.has_io_size() ? ParseSize(job.io_size()).value() : fio->size;
}

void PlanFio(const FioJob& job, const std::string& field, const std::string& mount_point,
             Image* image, ProcessPlan* plan, std::vector<Problem>* problems) {
  FioParameters& fio = plan->fio;
  plan->is_fio = true;
  plan->numjobs = job.numjobs();
  plan->ramp_time = ParseTime(job.ramp_time());
  fio.filename = job.filename();
  fio.rw = RwOf(job);
  fio.ioengine = IoEngineOf(job);
  fio.iodepth = job.iodepth();
  fio.bs = ParseSize(job.bs()).value();
  fio.offset = ParseSize(job.offset()).value();
  fio.direct = job.direct() != 0;
  fio.norandommap = job.norandommap() != 0;
  fio.time_based = job.time_based() != 0;
  if (job.has_runtime()) fio.runtime = ParseTime(job.runtime());
  fio.thinktime = ParseTime(job.thinktime(), kMicrosecond);
  if (job.has_number_ios()) fio.number_ios = job.number_ios();
  plan->heading = HeadingOf(job, fio);

  const FoundFile found = FindFile(*image, mount_point, fio.filename);
  if (!found.problem.empty()) {
    problems->push_back({field + ".filename", found.problem});
  } else {
    PlanRegion(job, field, found.inode->size.value(), &fio, problems);
  }
}

int WhenceOf(const SysLseek& call) {
  if (call.whence() == SysLseek::CUR) return SEEK_CUR;
  return call.whence() == SysLseek::END ? SEEK_END : SEEK_SET;
}

int AdviceOf(const SysFadvise& call) {
  switch (call.advice()) {
    case SysFadvise::RANDOM:
      return POSIX_FADV_RANDOM;
    case SysFadvise::SEQUENTIAL:
      return POSIX_FADV_SEQUENTIAL;
    case SysFadvise::WILLNEED:
      return POSIX_FADV_WILLNEED;
    case SysFadvise::DONTNEED:
      return POSIX_FADV_DONTNEED;
    case SysFadvise::NOREUSE:
      return POSIX_FADV_NOREUSE;
    default:
      return POSIX_FADV_NORMAL;
  }
}

ScriptStep ReadStep(Op op, const std::string& fd, const std::string& count) {
  ScriptStep step;
  step.arguments.op = op;
  step.fd = fd;
  if (!count.empty()) step.arguments.count = ParseSize(count).value();
  return step;
}

ScriptStep PlanOpen(const SysOpen& call) {
  ScriptStep step = ReadStep(Op::kOpen, call.fd(), "");
  step.path = call.path();
  step.arguments.flags = static_cast<int>(ParseOpenFlags(call.flags()));
  return step;
}

ScriptStep PlanRead(const SysRead& call) {
  ScriptStep step = ReadStep(Op::kRead, call.fd(), call.count());
  step.repeat = call.repeat();
  step.arguments.buffer_misalignment = call.buffer_misalignment();
  return step;
}

ScriptStep PlanPread(const SysPread& call) {
  ScriptStep step = ReadStep(Op::kPread, call.fd(), call.count());
  step.arguments.offset = static_cast<int64_t>(ParseSize(call.offset()).value());
  step.arguments.buffer_misalignment = call.buffer_misalignment();
  return step;
}

ScriptStep PlanLseek(const SysLseek& call) {
  ScriptStep step = ReadStep(Op::kLseek, call.fd(), "");
  step.arguments.offset = ParseSignedSize(call.offset());
  step.arguments.whence = WhenceOf(call);
  return step;
}

ScriptStep PlanFadvise(const SysFadvise& call) {
  ScriptStep step = ReadStep(Op::kFadvise, call.fd(), call.len());
  step.arguments.offset = static_cast<int64_t>(ParseSize(call.offset()).value());
  step.arguments.advice = AdviceOf(call);
  return step;
}

ScriptStep PlanReadahead(const SysReadahead& call) {
  ScriptStep step = ReadStep(Op::kReadahead, call.fd(), call.count());
  step.arguments.offset = static_cast<int64_t>(ParseSize(call.offset()).value());
  return step;
}

ScriptStep PlanPwrite(const SysPwrite& call) {
  ScriptStep step = ReadStep(Op::kPwrite, call.fd(), call.count());
  step.arguments.offset = static_cast<int64_t>(ParseSize(call.offset()).value());
  step.arguments.buffer_misalignment = call.buffer_misalignment();
  return step;
}

ScriptStep PlanCompute(const std::string& time) {
  ScriptStep step;
  step.compute = ParseTime(time, kMicrosecond);
  return step;
}

ScriptStep PlanCall(const SystemCall& call) {
  switch (call.call_case()) {
    case SystemCall::kOpen:
      return PlanOpen(call.open());
    case SystemCall::kRead:
      return PlanRead(call.read());
    case SystemCall::kPread:
      return PlanPread(call.pread());
    case SystemCall::kLseek:
      return PlanLseek(call.lseek());
    case SystemCall::kClose:
      return ReadStep(Op::kClose, call.close().fd(), "");
    case SystemCall::kFadvise:
      return PlanFadvise(call.fadvise());
    case SystemCall::kReadahead:
      return PlanReadahead(call.readahead());
    case SystemCall::kCompute:
      return PlanCompute(call.compute());
    case SystemCall::kPwrite:
      return PlanPwrite(call.pwrite());
    case SystemCall::kIoSetup:
    case SystemCall::kIoDestroy:
    case SystemCall::kIoSubmit:
    case SystemCall::kIoGetevents:
    case SystemCall::kIoCancel:
      return PlanAioCall(call);
    case SystemCall::CALL_NOT_SET:
      break;
  }
  return {};
}

void PlanScript(const Script& script, ProcessPlan* plan) {
  plan->heading = fmt::format("script of {} calls", script.call_size());
  plan->script_repeat = script.repeat();
  for (int i = 0; i < script.call_size(); ++i) {
    ScriptStep step = PlanCall(script.call(i));
    step.text = fmt::format("script.call[{}]", i);
    if (script.call(i).has_expect()) step.expect = ParseExpectedResult(script.call(i).expect());
    plan->steps.push_back(std::move(step));
  }
}

}  // namespace

ProcessPlan PlanProcess(const Scenario& scenario, const Process& process, const std::string& field,
                        Image* image, std::vector<Problem>* problems) {
  ProcessPlan plan;
  plan.name = process.name();
  if (process.has_fio()) {
    PlanFio(process.fio(), field + ".fio", scenario.filesystem().mount_point(), image, &plan,
            problems);
  } else {
    PlanScript(process.script(), &plan);
  }
  return plan;
}

}  // namespace biotope
