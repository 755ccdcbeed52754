#include "sim/trace/blktrace_writer.h"

#include <fmt/format.h>
#include <linux/blktrace_api.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "sim/core/error.h"

namespace biotope {
namespace {

constexpr uint32_t kMinorBits = 20;

// The action of a record; 0: blktrace has none.
uint32_t ActionOf(Kind kind) {
  switch (kind) {
    case Kind::kQueue:
      return BLK_TA_QUEUE;
    case Kind::kGetRequest:
      return BLK_TA_GETRQ;
    case Kind::kSleepRequest:
      return BLK_TA_SLEEPRQ;
    case Kind::kBackMerge:
      return BLK_TA_BACKMERGE;
    case Kind::kFrontMerge:
      return BLK_TA_FRONTMERGE;
    case Kind::kInsert:
      return BLK_TA_INSERT | BLK_TC_ACT(BLK_TC_FS);
    case Kind::kIssue:
      return BLK_TA_ISSUE | BLK_TC_ACT(BLK_TC_FS);
    case Kind::kRequeue:
      return BLK_TA_REQUEUE | BLK_TC_ACT(BLK_TC_FS);
    case Kind::kComplete:
      return BLK_TA_COMPLETE | BLK_TC_ACT(BLK_TC_FS);
    case Kind::kPlug:
      return BLK_TA_PLUG;
    case Kind::kUnplug:
      return BLK_TA_UNPLUG_IO;
    case Kind::kUnplugTimer:
      return BLK_TA_UNPLUG_TIMER;
    default:
      return 0;
  }
}

uint32_t CategoriesOf(uint16_t flags) {
  uint32_t categories = (flags & kFlagWrite) != 0 ? BLK_TC_WRITE : BLK_TC_READ;
  if ((flags & kFlagSync) != 0) categories |= BLK_TC_SYNC;
  if ((flags & kFlagAhead) != 0) categories |= BLK_TC_AHEAD;
  if ((flags & kFlagMeta) != 0) categories |= BLK_TC_META;
  return BLK_TC_ACT(categories);
}

}  // namespace

BlktraceWriter::BlktraceWriter(const std::string& name, const EventFileHeader& header)
    : device_((header.major() << kMinorBits) | header.minor()), files_(header.cores()) {
  for (size_t cpu = 0; cpu < files_.size(); ++cpu) {
    CpuFile& file = files_[cpu];
    file.path = fmt::format("{}.blktrace.{}", name, cpu);
    file.file = std::fopen(file.path.c_str(), "wb");
    Check(file.file != nullptr, file);
  }
  WriteNotices(header);
}

BlktraceWriter::~BlktraceWriter() {
  for (CpuFile& file : files_) {
    if (file.file != nullptr) std::fclose(file.file);
  }
}

void BlktraceWriter::Check(bool ok, const CpuFile& file) const {
  if (!ok) throw EnvironmentError(fmt::format("{}: {}", file.path, std::strerror(errno)));
}

// The names of the processes.
void BlktraceWriter::WriteNotices(const EventFileHeader& header) {
  constexpr size_t kCommSize = 16;  // TASK_COMM_LEN
  for (int i = 0; i < header.task_name_size(); ++i) {
    char comm[kCommSize] = {};
    header.task_name(i).copy(comm, kCommSize - 1);
    WriteRecord(0, 0, 0, 0, BLK_TN_PROCESS, PidOf(static_cast<uint16_t>(i + 1)), 0, comm,
                kCommSize);
  }
}

void BlktraceWriter::Write(const Record& record) {
  const uint32_t action = ActionOf(record.kind);
  if (action == 0) return;
  // The payload of an unplug is the number of requests, big-endian whatever the machine.
  const uint64_t requests =
      std::endian::native == std::endian::little ? __builtin_bswap64(record.value) : record.value;
  const bool unplug = record.kind == Kind::kUnplug || record.kind == Kind::kUnplugTimer;
  WriteRecord(record.cpu, record.tick / kNanosecond, record.sector.value(), record.bytes,
              action | CategoriesOf(record.flags), PidOf(record.task),
              static_cast<uint16_t>(record.error), &requests, unplug ? sizeof requests : 0);
}

void BlktraceWriter::WriteRecord(uint16_t cpu, uint64_t time, uint64_t sector, uint32_t bytes,
                                 uint32_t action, uint32_t pid, uint16_t error, const void* payload,
                                 uint16_t payload_size) {
  CpuFile& file = files_.at(cpu);
  blk_io_trace trace{};
  trace.magic = BLK_IO_TRACE_MAGIC | BLK_IO_TRACE_VERSION;
  trace.sequence = ++file.sequence;
  trace.time = time;
  trace.sector = sector;
  trace.bytes = bytes;
  trace.action = action;
  trace.pid = pid;
  trace.device = device_;
  trace.cpu = cpu;
  trace.error = error;
  trace.pdu_len = payload_size;
  Check(std::fwrite(&trace, sizeof trace, 1, file.file) == 1, file);
  if (payload_size > 0) {
    Check(std::fwrite(payload, payload_size, 1, file.file) == 1, file);
  }
}

void BlktraceWriter::Finish() {
  for (CpuFile& file : files_) {
    std::FILE* closing = file.file;
    file.file = nullptr;
    Check(std::fclose(closing) == 0, file);
  }
}

}  // namespace biotope
