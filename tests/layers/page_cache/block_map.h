#ifndef BIOTOPE_TESTS_LAYERS_PAGE_CACHE_BLOCK_MAP_H_
#define BIOTOPE_TESTS_LAYERS_PAGE_CACHE_BLOCK_MAP_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace biotope {

// Where the blocks of a file of an ext2 image lie, as debugfs prints it.
class BlockMap {
 public:
  // `blocks`: a line such as "(0-11):553-564, (IND):565, (12-1023):566-1577".
  BlockMap(const std::string& blocks, uint32_t block_size);

  uint32_t block_size() const { return block_size_; }
  // The physical block; 0: a hole.
  uint64_t Physical(uint64_t logical) const;
  // The indirect blocks on the way to a block, from the inode down; it ends where one is missing.
  std::vector<uint64_t> Path(uint64_t logical) const;
  // Blocks behind this one that are found in the same indirect block, or in the inode.
  uint64_t BlocksToBoundary(uint64_t logical) const;

 private:
  // An indirect block: its level, 1 for IND, and the first block that it leads to.
  struct Node {
    int level;
    uint64_t first;
    friend auto operator<=>(const Node&, const Node&) = default;
  };
  std::vector<Node> Nodes(uint64_t logical) const;

  const uint32_t block_size_;
  const uint64_t pointers_;  // in an indirect block
  std::map<uint64_t, uint64_t> physical_;
  std::map<Node, uint64_t> indirect_;
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_PAGE_CACHE_BLOCK_MAP_H_
