#include "sim/scenario/set_field.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "configs/schema/scenario.pb.h"
#include "sim/scenario/field_path.h"

namespace biotope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Scenario TwoProcesses() {
  Scenario scenario;
  scenario.add_process()->set_name("reader");
  scenario.add_process()->set_name("writer");
  scenario.mutable_block_device()->mutable_queue()->mutable_scheduler()->mutable_noop();
  return scenario;
}

struct SetCase {
  const char* path;
  const char* value;
  const char* canonical;
  const char* effect;  // the text of the whole scenario must contain it
};

TEST(SetFieldTest, SetsWhatThePathNames) {
  const SetCase cases[] = {
      {"seed", "7", "seed", "seed: 7"},
      {"title", "a b", "title", "title: \"a b\""},
      {"title", "\"quoted\"", "title", "title: \"quoted\""},
      {"title", "", "title", "title: \"\""},
      {"machine.cores", "4", "machine.cores", "machine { cores: 4 }"},
      {"process[0].fio.iodepth", "4", "process[0].fio.iodepth",
       "name: \"reader\" fio { iodepth: 4"},
      {"process[name=writer].fio.bs", "64k", "process[1].fio.bs",
       "name: \"writer\" fio { bs: \"64k\""},
      {"process[0].fio.rw", "RANDREAD", "process[0].fio.rw", "rw: RANDREAD"},
      {"process[+].name", "third", "process[2].name", "process { name: \"third\" }"},
      {"process[+]", "{name: \"third\" script {}}", "process[2]",
       "process { name: \"third\" script { } }"},
      {"block_device.ide.lba48", "false", "block_device.ide.lba48", "ide { lba48: false }"},
      {"block_device.queue.scheduler", "deadline", "block_device.queue.scheduler",
       "scheduler { deadline { } }"},
      {"block_device.queue.scheduler", "{deadline{fifo_batch: 3}}", "block_device.queue.scheduler",
       "scheduler { deadline { fifo_batch: 3 } }"},
      {"block_device.queue.scheduler.deadline.fifo_batch", "1",
       "block_device.queue.scheduler.deadline.fifo_batch",
       "scheduler { deadline { fifo_batch: 1 } }"},
      {"block_device", "ide", "block_device",
       "block_device { queue { scheduler { noop { } } } ide { } }"},
      {"kernel.cost[function=submit_bio].cycles", "9", "kernel.cost[0].cycles",
       "kernel { cost { function: \"submit_bio\" cycles: 9 } }"},
      {"kernel.schedulers", "noop,deadline", "kernel.schedulers",
       "schedulers: \"noop\" schedulers: \"deadline\""},
      {"kernel.schedulers[+]", "noop", "kernel.schedulers[0]", "schedulers: \"noop\""},
      {"process[0].script.call[+].lseek.whence", "END", "process[0].script.call[0].lseek.whence",
       "lseek { whence: END }"},
  };
  for (const SetCase& c : cases) {
    Scenario scenario = TwoProcesses();
    EXPECT_EQ(SetField(scenario, c.path, c.value), c.canonical);
    EXPECT_THAT(scenario.ShortDebugString(), HasSubstr(c.effect)) << c.path;
  }
}

TEST(SetFieldTest, ALaterSetSwitchesBack) {
  Scenario scenario = TwoProcesses();
  SetField(scenario, "block_device.queue.scheduler.deadline.fifo_batch", "1");
  SetField(scenario, "block_device.queue.scheduler", "noop");
  EXPECT_TRUE(scenario.block_device().queue().scheduler().has_noop());
  SetField(scenario, "kernel.schedulers", "noop,deadline");
  SetField(scenario, "kernel.schedulers[1]", "cfq");
  EXPECT_THAT(scenario.kernel().schedulers(), ElementsAre("noop", "cfq"));
  SetField(scenario, "kernel.schedulers", "deadline");
  EXPECT_THAT(scenario.kernel().schedulers(), ElementsAre("deadline"));
}

TEST(SetFieldTest, TextInBracesReplacesAMessage) {
  Scenario scenario = TwoProcesses();
  SetField(scenario, "process[1]", "{script {}}");
  EXPECT_EQ(scenario.process(1).ShortDebugString(), "script { }");
  SetField(scenario, "process[1]", "{}");
  EXPECT_EQ(scenario.process(1).ShortDebugString(), "");
}

TEST(SetFieldTest, ALeafOfOneMessageCanBeSetInAnyMessage) {
  Queue queue;
  EXPECT_EQ(SetField(queue, "nr_requests", "256"), "nr_requests");
  EXPECT_EQ(queue.nr_requests(), 256u);
}

struct WrongCase {
  const char* path;
  const char* value;
  const char* wrong;  // the part that the error points at
  const char* message;
  const char* note;
};

TEST(SetFieldTest, ErrorsNameTheWrongPart) {
  const WrongCase cases[] = {
      {"sed", "1", "sed", "Scenario has no field \"sed\"; did you mean \"seed\"?",
       "fields of Scenario: schema_version, title, seed"},
      {"block_device.queu.nr_requests", "4", "queu",
       "block_device has no field \"queu\"; did you mean \"queue\"?",
       "fields of block_device: name, queue, scsi, ide, device"},
      {"seed.x", "1", "seed", "seed is not a message; it takes a whole number", ""},
      {"seed", "-1", "-1", "seed: takes a whole number from 0 to 18446744073709551615, got \"-1\"",
       ""},
      {"seed", "1x", "1x", "got \"1x\"", ""},
      {"seed", "", "", "got \"\"", ""},
      {"machine.cores", "4294967296", "4294967296", "from 0 to 4294967295", ""},
      {"block_device.ide.lba48", "yes", "yes", "takes true or false, got \"yes\"", ""},
      {"process.fio.bs", "4k", "process", "process has 2 entries; choose one, as in process[0]",
       ""},
      {"process[2].name", "x", "2", "process has entries 0 to 1", ""},
      {"process[x].name", "x", "x", "\"x\" does not choose an entry", "process[name=reader]"},
      {"process[-1].name", "x", "-1", "does not choose an entry", ""},
      {"process[name=reder].fio.bs", "4k", "name=reder",
       "process has no entry with name \"reder\"; did you mean \"reader\"?",
       "name: reader, writer"},
      {"process[nam=reader].fio.bs", "4k", "nam",
       "process has no plain field \"nam\"; did you mean \"name\"?", "fields of process"},
      {"process[fio=x].name", "4k", "fio", "process has no plain field \"fio\"", ""},
      {"machine[0].cores", "1", "0", "machine is a single field, without entries", ""},
      {"process[0.name", "x", "[", "this `[` is not closed", ""},
      {"process[0]name", "x", "n", "expected `.` here", ""},
      {"machine..cores", "1", ".", "a field name is missing here", ""},
      {"", "1", "=", "a field name is missing here", ""},
      {"machine.", "1", "=", "a field name is missing here", ""},
      {"process[0].fio.rw", "randrea", "randrea",
       "process[0].fio.rw: takes one of READ, RANDREAD, WRITE, RANDWRITE, got \"randrea\"; did you "
       "mean "
       "\"RANDREAD\"?",
       ""},
      {"process[0].fio.rw", "RW_UNSPECIFIED", "RW_UNSPECIFIED",
       "takes one of READ, RANDREAD, WRITE, RANDWRITE", ""},
      {"block_device.queue.scheduler", "elevator", "elevator",
       "takes the name of an alternative or fields in braces, got \"elevator\"",
       "its alternatives: noop, deadline"},
      {"block_device.queue.scheduler", "deadlin", "deadlin", "did you mean \"deadline\"?", ""},
      {"block_device.queue.scheduler", "{deadlin{}}", "{deadlin{}}",
       "IoScheduler has no field \"deadlin\"; did you mean \"deadline\"?", "fields of IoScheduler"},
      {"machine", "4", "4", "machine takes fields in braces, got \"4\"", "fields of machine: cpu"},
      {"kernel.schedulers[name=x]", "noop", "name=x", "choose by index", ""},
      {"kernel.schedulers[0]", "noop", "0", "kernel.schedulers has no entries", ""},
      {"process[99999999999999999999].name", "x", "99999999999999999999", "does not choose", ""},
  };
  for (const WrongCase& c : cases) {
    Scenario scenario = TwoProcesses();
    try {
      SetField(scenario, c.path, c.value);
      ADD_FAILURE() << c.path << "=" << c.value << " was accepted";
    } catch (const PathError& error) {
      const std::string argument = std::string(c.path) + "=" + c.value;
      EXPECT_THAT(error.what(), HasSubstr(c.message)) << argument;
      EXPECT_EQ(argument.substr(error.span().offset, error.span().length), c.wrong) << argument;
      std::string notes;
      for (const std::string& note : error.notes()) notes += note + "\n";
      EXPECT_THAT(notes, HasSubstr(c.note)) << argument;
    }
    EXPECT_EQ(scenario.SerializeAsString(), TwoProcesses().SerializeAsString()) << c.path;
  }
}

TEST(SetFieldTest, AnAmbiguousKeyIsAnError) {
  Scenario scenario = TwoProcesses();
  scenario.mutable_process(1)->set_name("reader");
  EXPECT_THAT([&] { SetField(scenario, "process[name=reader].fio.bs", "4k"); },
              ::testing::ThrowsMessage<PathError>("both process[0] and process[1] have this name"));
}

}  // namespace
}  // namespace biotope
