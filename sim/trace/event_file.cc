#include "sim/trace/event_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/gzip_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/util/delimited_message_util.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sim/core/error.h"

namespace biotope {
namespace {

using google::protobuf::io::FileInputStream;
using google::protobuf::io::FileOutputStream;
using google::protobuf::io::GzipInputStream;
using google::protobuf::io::GzipOutputStream;
using google::protobuf::util::ParseDelimitedFromZeroCopyStream;
using google::protobuf::util::SerializeDelimitedToZeroCopyStream;

constexpr uint32_t kFormat = 1;
constexpr int kChunkRecords = 4096;

void Append(const Record& record, Tick delta, EventChunk* chunk) {
  chunk->add_tick_delta(delta.value());
  chunk->add_kind(static_cast<uint32_t>(record.kind));
  chunk->add_layer(static_cast<uint32_t>(record.layer));
  chunk->add_io(record.io);
  chunk->add_parent(record.parent);
  chunk->add_sector(record.sector.value());
  chunk->add_value(record.value);
  chunk->add_bytes(record.bytes);
  chunk->add_task(record.task);
  chunk->add_cpu(record.cpu);
  chunk->add_flags(record.flags);
  chunk->add_error(static_cast<uint32_t>(-record.error));
}

bool IsConsistent(const EventChunk& chunk) {
  const int n = chunk.tick_delta_size();
  if (n > kChunkRecords) return false;
  for (const int size :
       {chunk.kind_size(), chunk.layer_size(), chunk.io_size(), chunk.parent_size(),
        chunk.sector_size(), chunk.value_size(), chunk.bytes_size(), chunk.task_size(),
        chunk.cpu_size(), chunk.flags_size(), chunk.error_size()}) {
    if (size != n) return false;
  }
  for (int i = 0; i < n; ++i) {
    if (chunk.kind(i) >= static_cast<uint32_t>(kKindCount) || chunk.layer(i) >= kLayerCount) {
      return false;
    }
  }
  return true;
}

Record RecordAt(const EventChunk& chunk, int i, Tick tick) {
  Record record;
  record.tick = tick;
  record.kind = static_cast<Kind>(chunk.kind(i));
  record.layer = static_cast<Layer>(chunk.layer(i));
  record.io = chunk.io(i);
  record.parent = chunk.parent(i);
  record.sector = Sector(chunk.sector(i));
  record.value = chunk.value(i);
  record.bytes = chunk.bytes(i);
  record.task = static_cast<uint16_t>(chunk.task(i));
  record.cpu = static_cast<uint16_t>(chunk.cpu(i));
  record.flags = static_cast<uint16_t>(chunk.flags(i));
  record.error = static_cast<int16_t>(-static_cast<int>(chunk.error(i)));
  return record;
}

}  // namespace

struct EventFileWriter::Output {
  explicit Output(int fd) : file(fd), gzip(&file) { file.SetCloseOnDelete(true); }
  FileOutputStream file;
  GzipOutputStream gzip;
};

EventFileWriter::EventFileWriter(const std::string& path, const EventFileHeader& header)
    : path_(path) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) throw EnvironmentError(fmt::format("{}: {}", path, std::strerror(errno)));
  output_ = std::make_unique<Output>(fd);
  EventFileHeader complete = header;
  complete.set_format(kFormat);
  Check(SerializeDelimitedToZeroCopyStream(complete, &output_->gzip));
}

EventFileWriter::~EventFileWriter() = default;

void EventFileWriter::Check(bool ok) {
  if (ok) return;
  throw EnvironmentError(
      fmt::format("{}: cannot be written: {}", path_, std::strerror(output_->file.GetErrno())));
}

void EventFileWriter::Consume(const Record* records, size_t count) {
  for (const Record* record = records; record != records + count; ++record) {
    Append(*record, record->tick - last_tick_, &chunk_);
    last_tick_ = record->tick;
    if (chunk_.tick_delta_size() == kChunkRecords) WriteChunk();
  }
}

void EventFileWriter::WriteChunk() {
  Check(SerializeDelimitedToZeroCopyStream(chunk_, &output_->gzip));
  chunk_.Clear();
}

void EventFileWriter::Finish() {
  chunk_.set_last(true);
  WriteChunk();
  output_->file.SetCloseOnDelete(false);  // it is closed here, where an error can be told
  Check(output_->gzip.Close() && output_->file.Close());
}

EventFileHeader ReadEventFile(const std::string& path,
                              const std::function<void(const EventFileHeader&)>& on_header,
                              const std::function<void(const Record&)>& on_record) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw EnvironmentError(fmt::format("{}: {}", path, std::strerror(errno)));
  FileInputStream file(fd);
  file.SetCloseOnDelete(true);
  GzipInputStream gzip(&file);
  EventFileHeader header;
  bool at_end = false;
  if (!ParseDelimitedFromZeroCopyStream(&header, &gzip, &at_end) || header.format() != kFormat) {
    throw ScenarioError(fmt::format("{}: this is no event file of this version of biotope", path));
  }
  on_header(header);
  Tick tick;
  EventChunk chunk;
  for (int number = 1; !chunk.last(); ++number) {
    chunk.Clear();
    if (!ParseDelimitedFromZeroCopyStream(&chunk, &gzip, &at_end) || !IsConsistent(chunk)) {
      throw ScenarioError(fmt::format(
          "{}: chunk {} of the events is damaged or cut off (near byte {} of the file); "
          "run the scenario again",
          path, number, file.ByteCount()));
    }
    for (int i = 0; i < chunk.tick_delta_size(); ++i) {
      tick += Tick(chunk.tick_delta(i));
      on_record(RecordAt(chunk, i, tick));
    }
  }
  return header;
}

}  // namespace biotope
