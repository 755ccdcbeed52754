#ifndef BIOTOPE_LAYERS_EXT2_IMAGE_H_
#define BIOTOPE_LAYERS_EXT2_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "layers/ext2/inode.h"
#include "sim/core/units.h"

namespace biotope {

// One read of the device that mounting does.
struct MountRead {
  Bytes offset;
  Bytes length;
};

// The contents of an ext2 file system: an image that is read with libext2fs and never written.
// Every number that comes from it is checked before it is used, because an image may be damaged, or
// made to be. What is wrong is told by a ScenarioError, or in the text of `*problem` by the
// functions that a running simulation calls (its processes then see EIO).
class Image {
 public:
  // Opens the image in the file `path`; `name` stands in messages. Throws EnvironmentError if it
  // cannot be read, ScenarioError if it is not an ext2 file system that Linux 2.6 could mount.
  Image(const std::string& path, std::string name);
  ~Image();
  Image(Image&&) noexcept;
  Image& operator=(Image&&) = delete;

  const std::string& name() const { return name_; }
  uint32_t block_size() const { return block_size_; }
  uint32_t pointers_per_block() const { return block_size_ / 4; }
  BlockNr blocks_count() const { return blocks_count_; }
  // Bytes from the beginning of the device to the end of the file system.
  Bytes size() const { return Bytes(blocks_count_.value() * block_size_); }
  // s_maxbytes: what the block map can hold, and i_blocks can count.
  Bytes MaxFileSize() const;

  // Whether a file's block can lie there.
  bool Contains(BlockNr block) const { return block >= first_data_block_ && block < blocks_count_; }

  // ext2_fill_super: the superblock, again with the real block size, and the group descriptors.
  std::vector<MountRead> MountReads() const;
  // The block in which an inode lies. `ino` must be valid.
  BlockNr InodeTableBlock(uint32_t ino) const;
  bool IsInode(uint32_t ino) const;

  // The inode. Throws ScenarioError.
  Inode ReadInode(uint32_t ino) const;
  // Entry `index` of an indirect block; 0: a hole. False: it points out of the file system.
  bool ReadPointer(BlockNr indirect, uint32_t index, BlockNr* block, std::string* problem);
  // The inode number of `name` in one page of a directory; 0: it is not there. False: the page is
  // damaged.
  bool FindEntry(const Inode& directory, PageIndex page, std::string_view name, uint32_t* ino,
                 std::string* problem);
  // Where a symbolic link points. Throws ScenarioError.
  std::string ReadLink(const Inode& inode);

  // Where block `logical` of a file lies, 0 for a hole. Throws ScenarioError.
  BlockNr MapBlock(const Inode& inode, BlockNr logical);
  // A byte of a file, 0 in a hole. Throws ScenarioError.
  std::byte ReadByte(const Inode& inode, Bytes offset);
  // Looks at the whole block map of a file. Throws ScenarioError that says what is wrong and where.
  void CheckFile(const Inode& inode);

 private:
  struct FileSystem;  // of libext2fs

  [[noreturn]] void Damaged(const std::string& what) const;
  void CheckSuperblock(const std::string& path, uint64_t file_size) const;
  void CheckGeometry();
  const std::vector<std::byte>& ReadBlock(BlockNr block);
  uint32_t FindInDirectoryBlock(uint32_t directory, uint64_t index,
                                std::span<const std::byte> block, std::string_view name) const;
  uint64_t CheckSubtree(const Inode& inode, BlockNr block, uint32_t levels, uint64_t first,
                        uint64_t end);

  std::string name_;
  std::unique_ptr<FileSystem> fs_;
  uint32_t block_size_ = 0;
  BlockNr blocks_count_;
  BlockNr first_data_block_;
  // Metadata blocks that have been read; looked up, never walked through.
  std::unordered_map<uint64_t, std::vector<std::byte>> cache_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_EXT2_IMAGE_H_
