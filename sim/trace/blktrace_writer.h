#ifndef BIOTOPE_SIM_TRACE_BLKTRACE_WRITER_H_
#define BIOTOPE_SIM_TRACE_BLKTRACE_WRITER_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "configs/schema/event.pb.h"
#include "sim/trace/record.h"

namespace biotope {

// Writes the block layer's events as blktrace files, NAME.blktrace.0 and one for each further core,
// that blkparse and btt read.
// Models: include/uapi/linux/blktrace_api.h struct blk_io_trace, version 7. What blktrace does not
// know (system calls, the inside of the device, merging of two requests) is left out. Times are
// ticks rounded down to ns.
class BlktraceWriter {
 public:
  // Throws EnvironmentError when a file cannot be written.
  BlktraceWriter(const std::string& name, const EventFileHeader& header);
  ~BlktraceWriter();

  void Write(const Record& record);
  void Finish();

 private:
  struct CpuFile {
    std::FILE* file = nullptr;
    std::string path;
    uint32_t sequence = 0;
  };

  void WriteNotices(const EventFileHeader& header);
  void WriteRecord(uint16_t cpu, uint64_t time, uint64_t sector, uint32_t bytes, uint32_t action,
                   uint32_t pid, uint16_t error, const void* payload, uint16_t payload_size);
  void Check(bool ok, const CpuFile& file) const;

  const uint32_t device_;
  std::vector<CpuFile> files_;
};

// The process id that stands for a task: 0 is the kernel.
constexpr uint32_t PidOf(uint16_t task) { return task == 0 ? 0 : 1000u + task; }

}  // namespace biotope

#endif  // BIOTOPE_SIM_TRACE_BLKTRACE_WRITER_H_
