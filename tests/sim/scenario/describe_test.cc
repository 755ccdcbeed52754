#include "sim/scenario/describe.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <string>

#include "configs/schema/descriptors.h"
#include "configs/schema/scenario.pb.h"
#include "sim/core/error.h"
#include "sim/scenario/schema.h"

namespace biotope {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

const SchemaDocs& Docs() {
  static const SchemaDocs docs(EmbeddedSchema()[0].contents);
  return docs;
}

TEST(DescribeTest, ANumber) {
  EXPECT_EQ(Docs().Describe("block_device.queue.nr_requests"),
            R"(block_device.queue.nr_requests: whole number
  Requests of each direction that may be queued.
  default 128, in [4, 65536]
)");
}

TEST(DescribeTest, AQuantity) {
  EXPECT_EQ(Docs().Describe("process[3].fio.bs"), R"(process.fio.bs: size
  Block size of each I/O, such as "4k".
  default 4k, in [1, 1g]
  in quotes: "512", "4k", "1m", "1GiB" (powers of 1024)
)");
}

TEST(DescribeTest, AChoiceOfWords) {
  EXPECT_EQ(Docs().Describe("process.script.call.lseek.whence"),
            R"(process.script.call.lseek.whence: word
  What `offset` counts from.
  default SET
  values:
    SET  The beginning of the file.
    CUR  The position.
    END  The end of the file.
)");
}

TEST(DescribeTest, AMessage) {
  EXPECT_EQ(Docs().Describe("block_device.ide"), R"(block_device.ide: Ide
  The IDE driver: one command at a time, completion in the interrupt.
  one of scsi, ide
  fields:
    lba48  true or false (default true)
             LBA48 addressing: requests of up to 1024 KiB; without it 128 KiB.
)");
  EXPECT_THAT(Docs().Describe("process"), StartsWith("process: Process, any number\n"));
}

TEST(DescribeTest, TheWholeScenario) {
  EXPECT_THAT(Docs().Describe(""), StartsWith("Scenario\n  One experiment: a kernel on a machine"));
  EXPECT_THAT(Docs().Describe(""), HasSubstr("\n    seed            whole number (default 1)\n"));
}

TEST(DescribeTest, ABareNameMeansEveryFieldOfThatName) {
  EXPECT_THAT(Docs().Describe("iodepth"), StartsWith("process.fio.iodepth: whole number\n"));
  const std::string source = Docs().Describe("function");
  EXPECT_THAT(source, HasSubstr("kernel.cost.function: text\n"));
  EXPECT_THAT(source, HasSubstr("machine.cpu.cost.function: text\n"));
}

TEST(DescribeTest, UnknownPathsGetASuggestion) {
  EXPECT_THAT([] { Docs().Describe("block_device.queue.nr_request"); },
              ThrowsMessage<Error>("a scenario has no field \"block_device.queue.nr_request\"; did "
                                   "you mean \"block_device.queue.nr_requests\"?"));
  EXPECT_THAT([] { Docs().Describe("iodpeth"); },
              ThrowsMessage<Error>(HasSubstr("did you mean \"iodepth\"?")));
  for (const char* path : {"zzzzzz", ".", "process.", "seed.x", "process..fio"}) {
    EXPECT_THAT([&] { Docs().Describe(path); },
                ThrowsMessage<Error>(StartsWith("a scenario has no field")))
        << path;
  }
}

TEST(DescribeTest, EveryFieldHasADescription) {
  for (const std::string& path : AllPaths(*Scenario::descriptor())) {
    const std::string text = Docs().Describe(path);
    EXPECT_THAT(text, StartsWith(path + ": "));
    const size_t lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
    EXPECT_GE(lines, 2u) << path << " has no comment in its .proto file";
  }
}

}  // namespace
}  // namespace biotope
