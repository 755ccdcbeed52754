#include "layers/disk/ssd/ssd_parameters.h"

#include <fmt/format.h>

#include <bit>
#include <string>

#include "sim/core/error.h"

namespace biotope {
namespace {

constexpr uint64_t kMaxLogicalPages = uint64_t{UINT32_MAX} - 1;
constexpr uint64_t kMaxPagesPerPlane = (1u << 24) - 1;
constexpr uint64_t kMillion = 1'000'000;

void Require(bool condition, const std::string& field, const std::string& problem) {
  if (!condition) throw ScenarioError("ssd." + field + ": " + problem);
}

void RequireRange(uint64_t value, uint64_t least, uint64_t most, const std::string& field) {
  Require(value >= least && value <= most, field,
          fmt::format("{} is not from {} to {}", value, least, most));
}

void RequireTime(Tick time, const std::string& field) {
  Require(time > Tick(0) && time <= kSecond, field, "must be more than 0 and at most one second");
}

void ValidateGeometry(const SsdGeometry& geometry) {
  RequireRange(geometry.channels, 1, 128, "channels");
  RequireRange(geometry.chips_per_channel, 1, 64, "chips_per_channel");
  RequireRange(geometry.dies_per_chip, 1, 64, "dies_per_chip");
  RequireRange(geometry.planes_per_die, 1, 64, "planes_per_die");
  RequireRange(geometry.blocks_per_plane, 8, 1 << 20, "blocks_per_plane");
  RequireRange(geometry.pages_per_block, 1, 16384, "pages_per_block");
  Require(uint64_t{geometry.blocks_per_plane} * geometry.pages_per_block <= kMaxPagesPerPlane,
          "blocks_per_plane", "more than 16,777,215 pages in a plane");
  RequireRange(geometry.page.value(), 4096, 1 << 20, "page_bytes");
  Require(std::has_single_bit(geometry.page.value()), "page_bytes", "is not a power of two");
  unsigned dimensions = 0;
  for (const FlashDimension dimension : geometry.interleave) {
    dimensions |= 1u << static_cast<unsigned>(dimension);
  }
  Require(dimensions == 0xf, "interleave", "must name each of the four dimensions once");
}

void ValidateTiming(const SsdParameters& ssd) {
  Require(!ssd.flash.read.empty(), "read_ns", "is missing");
  Require(!ssd.flash.program.empty(), "program_ns", "is missing");
  for (const Tick time : ssd.flash.read) RequireTime(time, "read_ns");
  for (const Tick time : ssd.flash.program) RequireTime(time, "program_ns");
  RequireTime(ssd.flash.erase, "erase_ns");
  RequireTime(ssd.channel.byte, "channel.bytes_per_second");
  RequireTime(ssd.link.byte, "link.bytes_per_second");
  RequireRange(ssd.link.packet_payload, 16, 4096, "link.packet_payload_bytes");
  RequireRange(ssd.link.fetch_size, 1, 65536, "link.fetch_size");
  if (ssd.buffer.capacity > Bytes(0)) {
    RequireTime(ssd.buffer.byte, "write_buffer.bytes_per_second");
    Require(ssd.buffer.capacity >= ssd.geometry.page, "write_buffer.capacity_bytes",
            "holds less than a page");
    Require(ssd.buffer.write_back > Bytes(0), "write_buffer.write_back_bytes", "must not be 0");
  }
}

void ValidateMapping(const SsdParameters& ssd) {
  if (ssd.mapping.ideal) return;
  Require(ssd.mapping.cache_entries > 0, "mapping_cache.entries", "must not be 0");
  Require(ssd.mapping.entries_per_page > 0, "mapping_cache.entries_per_page", "must not be 0");
  Require(ssd.mapping.read > Bytes(0) && ssd.mapping.read <= ssd.geometry.page,
          "mapping_cache.read_bytes", "must be more than 0 and at most a page");
}

// What is not capacity must hold the translation pages, three open blocks, and what is free when
// collection begins, with one block to spare for pages that are not valid.
void ValidateCollection(const SsdParameters& ssd) {
  const SsdGarbageCollection& collection = ssd.collection;
  RequireRange(collection.over_provisioning_ppm, 1, kMillion - 1, "over_provisioning_ppm");
  RequireRange(collection.max_jobs, 1, ssd.geometry.blocks_per_plane,
               "garbage_collection.max_jobs");
  RequireRange(collection.reserve_blocks, 3, ssd.geometry.blocks_per_plane,
               "garbage_collection.reserve_blocks");
  Require(collection.threshold_blocks >= collection.reserve_blocks,
          "garbage_collection.threshold_blocks", "is less than reserve_blocks");
  const uint64_t pages = ssd.geometry.pages_per_block;
  const uint64_t planes = ssd.geometry.nr_planes();
  const auto blocks = [&](uint64_t nr_pages) {
    return ((nr_pages + planes - 1) / planes + pages - 1) / pages;
  };
  const uint64_t used =
      blocks(ssd.logical_pages()) + blocks(ssd.translation_pages()) + collection.reserve_blocks + 4;
  Require(used <= ssd.geometry.blocks_per_plane, "over_provisioning_ppm",
          fmt::format("too little: a plane needs {} of its {} blocks", used,
                      ssd.geometry.blocks_per_plane));
}

}  // namespace

uint64_t SsdParameters::logical_pages() const {
  return geometry.nr_pages() * (kMillion - collection.over_provisioning_ppm) / kMillion;
}

uint64_t SsdParameters::translation_pages() const {
  if (mapping.ideal) return 0;
  return (logical_pages() + mapping.entries_per_page - 1) / mapping.entries_per_page;
}

Sector SsdParameters::capacity() const {
  return Sector(logical_pages() * (geometry.page.value() / kSectorSize));
}

void SsdParameters::Validate() const {
  ValidateGeometry(geometry);
  ValidateTiming(*this);
  ValidateMapping(*this);
  Require(logical_pages() + translation_pages() <= kMaxLogicalPages, "blocks_per_plane",
          "more than 4,294,967,294 pages");
  ValidateCollection(*this);
}

}  // namespace biotope
