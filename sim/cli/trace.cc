#include <memory>
#include <string>

#include "sim/cli/options.h"
#include "sim/results/run_directory.h"
#include "sim/trace/blktrace_writer.h"
#include "sim/trace/event_file.h"

namespace biotope::cli {

int Trace(const TraceCommand& options) {
  std::unique_ptr<BlktraceWriter> writer;
  ReadEventFile(
      options.run_dir + "/" + std::string(kEventsFile),
      [&](const EventFileHeader& header) {
        writer = std::make_unique<BlktraceWriter>(options.output, header);
      },
      [&](const Record& record) { writer->Write(record); });
  writer->Finish();
  return 0;
}

}  // namespace biotope::cli
