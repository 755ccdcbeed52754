#include "sim/world/make_ssd.h"

#include <array>
#include <string>

#include "sim/core/error.h"

namespace biotope {
namespace {

// To the nearest picosecond. Zero stays for SsdParameters::Validate.
Tick ByteOf(uint64_t bytes_per_second) {
  if (bytes_per_second == 0) return Tick(0);
  return Tick((kSecond.value() + bytes_per_second / 2) / bytes_per_second);
}

std::array<FlashDimension, 4> InterleaveOf(const std::string& letters) {
  const std::string all = "CWDP";  // in the order of FlashDimension
  if (letters.size() != 4) throw ScenarioError("ssd.interleave: needs four letters, such as CWDP");
  std::array<FlashDimension, 4> interleave;
  for (size_t i = 0; i < letters.size(); ++i) {
    const size_t dimension = all.find(letters[i]);
    if (dimension == std::string::npos) {
      throw ScenarioError("ssd.interleave: knows C, W, D and P, not '" + letters.substr(i, 1) +
                          "'");
    }
    interleave[i] = static_cast<FlashDimension>(dimension);
  }
  return interleave;
}

SsdGeometry GeometryOf(const Ssd& ssd) {
  return {.channels = ssd.channels(),
          .chips_per_channel = ssd.chips_per_channel(),
          .dies_per_chip = ssd.dies_per_chip(),
          .planes_per_die = ssd.planes_per_die(),
          .blocks_per_plane = ssd.blocks_per_plane(),
          .pages_per_block = ssd.pages_per_block(),
          .page = Bytes(ssd.page_bytes()),
          .interleave = InterleaveOf(ssd.has_interleave() ? ssd.interleave() : "CWDP")};
}

FlashTiming FlashOf(const Ssd& ssd) {
  FlashTiming flash;
  for (const uint64_t time : ssd.read_ns()) flash.read.push_back(kNanosecond * time);
  for (const uint64_t time : ssd.program_ns()) flash.program.push_back(kNanosecond * time);
  flash.erase = kNanosecond * ssd.erase_ns();
  return flash;
}

ChannelTiming ChannelOf(const Ssd::Channel& channel) {
  return {.byte = ByteOf(channel.bytes_per_second()),
          .read_command = kNanosecond * channel.read_command_ns(),
          .program_command = kNanosecond * channel.program_command_ns(),
          .erase_command = kNanosecond * channel.erase_command_ns(),
          .read_command_plane = kNanosecond * channel.read_plane_ns(),
          .program_command_plane = kNanosecond * channel.program_plane_ns(),
          .erase_command_plane = kNanosecond * channel.erase_plane_ns()};
}

SsdMapping MappingOf(const Ssd& ssd) {
  const Ssd::MappingCache& cache = ssd.mapping_cache();
  return {.ideal = !ssd.has_mapping_cache(),
          .cache_entries = cache.entries(),
          .entries_per_page = cache.entries_per_page(),
          .read = Bytes(cache.read_bytes()),
          .deferred_pages = cache.deferred_pages()};
}

SsdWriteBuffer BufferOf(const Ssd& ssd, const SsdGeometry& geometry) {
  if (!ssd.has_write_buffer()) return {};
  const Ssd::WriteBuffer& buffer = ssd.write_buffer();
  return {.capacity = Bytes(buffer.capacity_bytes()),
          .access = kNanosecond * buffer.access_ns(),
          .byte = ByteOf(buffer.bytes_per_second()),
          .write_back = buffer.has_write_back_bytes() ? Bytes(buffer.write_back_bytes())
                                                      : geometry.page * geometry.nr_planes(),
          .hot_window = kNanosecond * buffer.hot_window_ns(),
          .power_loss_protection = buffer.power_loss_protection()};
}

SsdGarbageCollection CollectionOf(const Ssd& ssd) {
  const Ssd::GarbageCollection& collection = ssd.garbage_collection();
  return {.over_provisioning_ppm = ssd.over_provisioning_ppm(),
          .threshold_blocks = collection.threshold_blocks(),
          .reserve_blocks = collection.reserve_blocks(),
          .max_jobs = collection.max_jobs(),
          .candidates = collection.candidates(),
          .preemptible = collection.preemptible(),
          .urgent_blocks = collection.urgent_blocks()};
}

}  // namespace

SsdParameters MakeSsd(const Ssd& ssd) {
  SsdParameters parameters;
  parameters.geometry = GeometryOf(ssd);
  parameters.flash = FlashOf(ssd);
  parameters.channel = ChannelOf(ssd.channel());
  parameters.scheduling = {.die_interleaving = ssd.die_interleaving(),
                           .multi_plane = ssd.multi_plane(),
                           .independent_reads = ssd.independent_reads(),
                           .independent_programs = ssd.independent_programs()};
  parameters.link = {.byte = ByteOf(ssd.link().bytes_per_second()),
                     .packet_payload = ssd.link().packet_payload_bytes(),
                     .packet_overhead = ssd.link().packet_overhead_bytes(),
                     .fetch_size = ssd.link().fetch_size()};
  parameters.firmware = {.read = kNanosecond * ssd.firmware().read_ns(),
                         .write = kNanosecond * ssd.firmware().write_ns(),
                         .interval = kNanosecond * ssd.firmware().interval_ns()};
  parameters.mapping = MappingOf(ssd);
  parameters.buffer = BufferOf(ssd, parameters.geometry);
  parameters.collection = CollectionOf(ssd);
  parameters.initial_state =
      ssd.initial_state() == Ssd::FULL ? SsdInitialState::kFull : SsdInitialState::kEmpty;
  parameters.Validate();
  return parameters;
}

}  // namespace biotope
