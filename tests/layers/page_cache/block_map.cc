#include "tests/layers/page_cache/block_map.h"

#include <sstream>
#include <stdexcept>

namespace biotope {
namespace {

constexpr uint64_t kDirect = 12;

}  // namespace

BlockMap::BlockMap(const std::string& blocks, uint32_t block_size)
    : block_size_(block_size), pointers_(block_size / 4) {
  std::istringstream in(blocks);
  std::map<int, uint64_t> waiting;  // indirect blocks, by level, before the first block of theirs
  for (std::string item; std::getline(in >> std::ws, item, ',');) {
    const size_t colon = item.find("):");
    if (item.front() != '(' || colon == std::string::npos) {
      throw std::runtime_error("not a range of blocks: " + item);
    }
    const std::string name = item.substr(1, colon - 1);
    uint64_t physical = std::stoull(item.substr(colon + 2));
    if (name == "IND" || name == "DIND" || name == "TIND") {
      waiting[name == "IND" ? 1 : name == "DIND" ? 2 : 3] = physical;
      continue;
    }
    const uint64_t first = std::stoull(name);
    const size_t dash = name.find('-');
    const uint64_t last = dash == std::string::npos ? first : std::stoull(name.substr(dash + 1));
    for (const Node& node : Nodes(first)) {
      if (waiting.contains(node.level)) indirect_[node] = waiting[node.level];
    }
    waiting.clear();
    for (uint64_t logical = first; logical <= last; ++logical) physical_[logical] = physical++;
  }
}

uint64_t BlockMap::Physical(uint64_t logical) const {
  const auto found = physical_.find(logical);
  return found == physical_.end() ? 0 : found->second;
}

std::vector<BlockMap::Node> BlockMap::Nodes(uint64_t logical) const {
  std::vector<Node> nodes;
  if (logical < kDirect) return nodes;
  uint64_t base = kDirect;
  uint64_t span = pointers_;  // blocks under the root of this depth
  int depth = 1;
  while (logical >= base + span) {
    base += span;
    span *= pointers_;
    ++depth;
  }
  for (int level = depth; level > 0; --level) {
    nodes.push_back({level, base + (logical - base) / span * span});
    span /= pointers_;
  }
  return nodes;
}

std::vector<uint64_t> BlockMap::Path(uint64_t logical) const {
  std::vector<uint64_t> path;
  for (const Node& node : Nodes(logical)) {
    const auto found = indirect_.find(node);
    if (found == indirect_.end()) break;
    path.push_back(found->second);
  }
  return path;
}

uint64_t BlockMap::BlocksToBoundary(uint64_t logical) const {
  const std::vector<Node> nodes = Nodes(logical);
  if (nodes.empty()) return kDirect - 1 - logical;
  return nodes.back().first + pointers_ - 1 - logical;
}

}  // namespace biotope
