// Images that mke2fs makes, read here and by debugfs; and what is wrong with damaged ones.

#include "layers/ext2/image.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>
#include <string>

#include "layers/ext2/synthesize.h"
#include "sim/core/error.h"
#include "tests/testing/program.h"

namespace biotope {
namespace {

namespace fs = std::filesystem;

// An image of mke2fs with a directory of small files, a large one with holes, and links.
std::string MakeImage(int block_size) {
  const std::string path = TempPath("mke2fs." + std::to_string(block_size));
  if (fs::exists(path)) return path;
  const std::string root = TempPath("root");
  fs::remove_all(root);
  fs::create_directories(root + "/dir/below");
  for (int i = 0; i < 200; ++i) {
    WriteWholeFile(root + "/dir/file" + std::to_string(i),
                   std::string(static_cast<size_t>(i), 'x'));
  }
  WriteWholeFile(root + "/large", std::string(3 << 20, 'y'));
  fs::resize_file(root + "/large", 90 << 20);
  std::ofstream(root + "/large", std::ios::in | std::ios::ate) << "the end";
  fs::create_symlink("dir/below", root + "/short");
  fs::create_symlink(std::string(200, 'a'), root + "/long");
  const ProgramResult made = RunProgram(
      {"mke2fs", "-q", "-t", "ext2", "-b", std::to_string(block_size), "-d", root, path, "8m"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  return path;
}

class Mke2fsTest : public testing::TestWithParam<int> {};

TEST_P(Mke2fsTest, BlocksLieWhereDebugfsSeesThem) {
  const std::string path = MakeImage(GetParam());
  Image image(path, "test.img");
  EXPECT_EQ(image.block_size(), static_cast<uint32_t>(GetParam()));
  std::string problem;
  uint32_t ino = 0;
  ASSERT_TRUE(image.FindEntry(image.ReadInode(kRootInode), PageIndex(0), "large", &ino, &problem));
  const Inode inode = image.ReadInode(ino);
  EXPECT_EQ(inode.size.value(), (90u << 20) + 7);
  image.CheckFile(inode);
  const uint64_t blocks = (inode.size.value() + GetParam() - 1) / GetParam();
  for (const uint64_t logical : {uint64_t{0}, uint64_t{11}, uint64_t{12}, uint64_t{300},
                                 uint64_t{700}, blocks / 2, blocks - 1}) {
    const ProgramResult bmap =
        RunProgram({"debugfs", "-R", "bmap large " + std::to_string(logical), path});
    EXPECT_EQ(image.MapBlock(inode, BlockNr(logical)).value(), std::stoull(bmap.out)) << logical;
  }
}

TEST_P(Mke2fsTest, FindsNamesAndLinks) {
  Image image(MakeImage(GetParam()), "test.img");
  const auto find = [&image](const Inode& directory, const char* name) {
    std::string problem;
    uint32_t ino = 0;
    for (uint64_t page = 0; page * kPageSize < directory.size.value() && ino == 0; ++page) {
      EXPECT_TRUE(image.FindEntry(directory, PageIndex(page), name, &ino, &problem)) << problem;
    }
    return ino;
  };
  const Inode root = image.ReadInode(kRootInode);
  const Inode directory = image.ReadInode(find(root, "dir"));
  EXPECT_EQ(directory.type, VfsInode::Type::kDirectory);
  for (int i = 0; i < 200; ++i) {
    const Inode file = image.ReadInode(find(directory, ("file" + std::to_string(i)).c_str()));
    EXPECT_EQ(file.size.value(), static_cast<uint64_t>(i));
  }
  EXPECT_EQ(find(directory, "file"), 0u);
  EXPECT_EQ(image.ReadLink(image.ReadInode(find(root, "short"))), "dir/below");
  EXPECT_EQ(image.ReadLink(image.ReadInode(find(root, "long"))), std::string(200, 'a'));
}

INSTANTIATE_TEST_SUITE_P(BlockSizes, Mke2fsTest, testing::Values(1024, 2048, 4096));

// -- Damage

// The message for an image whose bytes were changed; "" if it opens.
std::string ProblemOf(const std::function<void(std::string*)>& damage) {
  std::string bytes = ReadWholeFile(MakeImage(1024));
  damage(&bytes);
  const std::string path = TempPath("damaged.img");
  WriteWholeFile(path, bytes);
  try {
    Image image(path, "damaged.img");
    return "";
  } catch (const ScenarioError& error) {
    return error.what();
  }
}

std::function<void(std::string*)> Put32(size_t at, uint32_t value) {
  return [=](std::string* bytes) { std::memcpy(bytes->data() + at, &value, sizeof value); };
}

TEST(DamagedImageTest, SaysWhatIsWrong) {
  constexpr size_t kSuper = 1024;
  const struct {
    std::function<void(std::string*)> damage;
    const char* message;
  } cases[] = {
      {[](std::string* bytes) { bytes->clear(); }, "has only 0 bytes"},
      {[](std::string* bytes) { bytes->resize(1500); }, "has only 1500 bytes"},
      {[](std::string* bytes) { bytes->resize(bytes->size() / 2); }, "but the file system in it"},
      {Put32(kSuper + 56, 0x12345678), "magic number"},
      {Put32(kSuper + 24, 9), "s_log_block_size is 9"},
      {Put32(kSuper + 4, 0xffffffff), "but the file system in it"},
      {Put32(kSuper + 20, 7), ""},  // s_first_data_block: caught by libext2fs or by us
      {Put32(kSuper + 32, 0), "s_blocks_per_group is 0"},
      {Put32(kSuper + 40, 0), "s_inodes_per_group 0"},
      {Put32(kSuper + 40, 0xffffffff), ""},
      {Put32(kSuper + 0, 0xffffffff), ""},
      {Put32(kSuper + 88, 0x0000ffff), ""},  // s_inode_size
      {Put32(kSuper + 96, 0x40 | 0x2), "extent"},
      {Put32(kSuper + 96, 0x80000002), "0x80000000"},
      {Put32(2048 + 8, 0x7fffffff), "inode table of group 0"},
  };
  for (const auto& [damage, message] : cases) {
    const std::string problem = ProblemOf(damage);
    EXPECT_NE(problem, "") << message;
    EXPECT_NE(problem.find(message), std::string::npos) << problem;
    EXPECT_NE(problem.find("damaged.img"), std::string::npos) << problem;
  }
}

// Whatever the metadata say, the answer is an error or a value, and it comes soon.
TEST(DamagedImageTest, RandomDamageIsNeverACrash) {
  const std::string good = ReadWholeFile(MakeImage(1024));
  std::mt19937 random(20050302);
  int opened = 0;
  for (int round = 0; round < 200; ++round) {
    std::string bytes = good;
    // The superblock, descriptors, bitmaps, inode tables and directories lie in front.
    for (int i = 0; i < 40; ++i) {
      const size_t at = round % 2 == 0 ? 2048 + random() % 200'000 : 1024 + random() % 4096;
      bytes[at] = static_cast<char>(random());
    }
    const std::string path = TempPath("random.img");
    WriteWholeFile(path, bytes);
    try {
      Image image(path, "random.img");
      ++opened;
      for (uint32_t ino = 2; ino < 260; ++ino) {
        try {
          if (!image.IsInode(ino)) continue;
          const Inode inode = image.ReadInode(ino);
          image.CheckFile(inode);
          std::string problem;
          uint32_t found = 0;
          image.FindEntry(inode, PageIndex(0), "file7", &found, &problem);
          if (inode.type == VfsInode::Type::kSymlink) image.ReadLink(inode);
        } catch (const ScenarioError& error) {
          EXPECT_NE(std::string(error.what()).find("random.img"), std::string::npos);
        }
      }
    } catch (const ScenarioError&) {
    }
  }
  EXPECT_GT(opened, 30);
}

// -- Synthesized images

TEST(SynthesizeTest, E2fsckFindsNothing) {
  // The image lies in memory; its bytes are those that /proc shows of the file that it was made in.
  SynthesizeSpec spec;
  spec.size = Bytes(64 << 20);
  spec.block_size = 1024;
  spec.files = {{"a", Bytes(1)}, {"dir/b", Bytes(20 << 20)}, {"dir/below/c", Bytes(100'000)}};
  Image image = SynthesizeImage(spec);
  std::string problem;
  uint32_t ino = 0;
  ASSERT_TRUE(image.FindEntry(image.ReadInode(kRootInode), PageIndex(0), "dir", &ino, &problem));
  ASSERT_TRUE(image.FindEntry(image.ReadInode(ino), PageIndex(0), "b", &ino, &problem));
  const Inode file = image.ReadInode(ino);
  // Each indirect block lies directly before the first block that needs it, all in one run.
  EXPECT_EQ(image.MapBlock(file, BlockNr(12)), image.MapBlock(file, BlockNr(11)) + BlockNr(2));
  EXPECT_EQ(image.MapBlock(file, BlockNr(12 + 256)),
            image.MapBlock(file, BlockNr(12 + 255)) + BlockNr(3));
  image.CheckFile(file);
}

TEST(SynthesizeTest, SaysWhatCannotBeMade) {
  const struct {
    SynthesizeSpec::File file;
    const char* message;
  } cases[] = {
      {{"a", Bytes(100 << 20)}, "not enough room"},
      {{"a/../b", Bytes(1)}, "is no path of a file"},
      {{"", Bytes(1)}, "is no path of a file"},
      {{"twice", Bytes(1)}, "is there twice"},
      {{"twice/below", Bytes(1)}, "is a file"},
      {{std::string(300, 'n'), Bytes(1)}, "is no path of a file"},
  };
  for (const auto& [file, message] : cases) {
    SynthesizeSpec spec;
    spec.size = Bytes(16 << 20);
    spec.files = {{"twice", Bytes(10)}, file};
    try {
      SynthesizeImage(spec);
      ADD_FAILURE() << message;
    } catch (const ScenarioError& error) {
      EXPECT_NE(std::string(error.what()).find(message), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace biotope
