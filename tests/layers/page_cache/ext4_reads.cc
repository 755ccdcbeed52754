#include "tests/layers/page_cache/ext4_reads.h"

#include <algorithm>

#include "sim/core/units.h"

namespace biotope {

using Kind = FolioMpage::Step::Kind;

void Ext4Reads::ReadFolios(std::span<const FolioCache::Folio> folios, bool readahead) {
  if (folios.empty()) return;
  const uint64_t end_block = std::min(folios.back().end() * per_page(), blocks_in_file());
  FolioMpage mpage(FolioMpage::Driver::kExt4, static_cast<uint32_t>(per_page()));
  for (const FolioCache::Folio& folio : folios) ReadFolio(mpage, folio, end_block, readahead);
  if (mpage.has_bio()) Send();
}

void Ext4Reads::ReadFolio(FolioMpage& mpage, const FolioCache::Folio& folio, uint64_t end_block,
                          bool readahead) {
  auto step = mpage.BeginFolio(PageIndex(folio.index), folio.order, BlockNr(end_block));
  while (step.kind != Kind::kNextFolio) {
    if (step.kind == Kind::kMap) {
      step = mpage.Mapped(MapBlocks(step.block.value(), step.count));
      continue;
    }
    if (step.kind == Kind::kSubmitBio) Send();
    if (step.kind == Kind::kReadBuffers) ReadFullFolio(folio);
    if (step.kind == Kind::kAddToBio) {
      if (bio_.nr_sectors == 0) {
        bio_ = {.readahead = readahead, .sector = step.block.value() * sectors_per_block()};
      }
      bio_.nr_sectors += step.count * sectors_per_block();
    }
    step = mpage.Next();
  }
}

// ext4_map_blocks: from the extent status cache, or from the indirect blocks, which are read first.
FolioMpage::Mapping Ext4Reads::MapBlocks(uint64_t logical, uint64_t count) {
  const bool known = known_.contains(logical);
  if (!known) {
    for (const uint64_t block : blocks_.Path(logical)) {
      if (!buffers_.insert(block).second) continue;
      submit_({.sector = block * sectors_per_block(), .nr_sectors = sectors_per_block()});
    }
  }
  const uint64_t physical = blocks_.Physical(logical);
  FolioMpage::Mapping map{.physical = BlockNr(physical)};
  if (physical == 0) return map;
  const uint64_t to_boundary = blocks_.BlocksToBoundary(logical);
  while (map.count < count && (known || map.count <= to_boundary)) {
    const uint64_t next = logical + map.count;
    if (blocks_.Physical(next) != physical + map.count) break;
    if (known && !known_.contains(next)) break;
    known_.insert(next);
    ++map.count;
  }
  map.boundary = !known && map.count > to_boundary;
  return map;
}

// Each block by a bio of its own, sent when the next one has been mapped.
void Ext4Reads::ReadFullFolio(const FolioCache::Folio& folio) {
  Bio previous;
  const uint64_t end = std::min(folio.end() * per_page(), blocks_in_file());
  for (uint64_t logical = folio.index * per_page(); logical < end; ++logical) {
    const FolioMpage::Mapping map = MapBlocks(logical, 1);
    if (map.count == 0) continue;
    if (previous.nr_sectors > 0) submit_(previous);
    previous = {.sector = map.physical.value() * sectors_per_block(),
                .nr_sectors = sectors_per_block()};
  }
  if (previous.nr_sectors > 0) submit_(previous);
}

void Ext4Reads::Send() {
  submit_(bio_);
  bio_ = {};
}

}  // namespace biotope
