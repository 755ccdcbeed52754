#include "sim/scenario/scheduler_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "configs/schema/scenario.pb.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/validate.h"

namespace biotope {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

// A kernel that has these schedulers, the first one by default.
Scenario WithKernel(const std::vector<std::string>& schedulers) {
  Scenario scenario;
  for (const std::string& name : schedulers) scenario.mutable_kernel()->add_schedulers(name);
  scenario.mutable_kernel()->set_default_scheduler(schedulers.front());
  scenario.mutable_block_device()->mutable_scsi();
  return scenario;
}

std::vector<std::string> MessagesOf(Scenario scenario) {
  FillDefaults("test", &scenario);
  std::vector<std::string> messages;
  for (const Problem& problem : CheckBlockDevice(scenario)) messages.push_back(problem.message);
  return messages;
}

schema::IoScheduler& SchedulerOf(Scenario& scenario) {
  return *scenario.mutable_block_device()->mutable_queue()->mutable_scheduler();
}

TEST(SchedulerNameTest, TheKernelsSpellingHasAHyphen) {
  const auto* mq_deadline = schema::IoScheduler::descriptor()->FindFieldByName("mq_deadline");
  EXPECT_EQ(SysfsName(*mq_deadline), "mq-deadline");
  EXPECT_EQ(FindScheduler("mq-deadline"), mq_deadline);
  EXPECT_EQ(FindScheduler("mq_deadline"), nullptr);
  EXPECT_THAT(KernelSchedulerNames(), Contains("mq-deadline"));
}

TEST(SchedulerNameTest, NoKernelHasTheTextbooks) {
  EXPECT_EQ(FindScheduler("c-look"), nullptr);
  EXPECT_THAT(KernelSchedulerNames(), Not(Contains("fcfs")));
  EXPECT_THAT(MessagesOf(WithKernel({"none", "sstf"})),
              ElementsAre(testing::HasSubstr("\"sstf\" is not a scheduler of this program")));
}

TEST(SchedulerNameTest, TheDefaultIsFoundByItsSysfsName) {
  Scenario scenario = WithKernel({"mq-deadline", "none"});
  FillDefaults("test", &scenario);
  EXPECT_EQ(SchedulerOf(scenario).mq_deadline().prio_aging_expire(), 10'000u);
  EXPECT_THAT(CheckBlockDevice(scenario), IsEmpty());
}

TEST(SchedulerNameTest, AnotherKernelsSchedulerIsAnError) {
  Scenario scenario = WithKernel({"none", "kyber"});
  SchedulerOf(scenario).mutable_mq_deadline();
  EXPECT_THAT(MessagesOf(scenario),
              ElementsAre("block_device.queue.scheduler.mq_deadline: this kernel has no scheduler "
                          "\"mq-deadline\""));
}

TEST(SchedulerNameTest, TextbooksGoWithEveryKernel) {
  Scenario scenario = WithKernel({"noop"});
  SchedulerOf(scenario).mutable_c_look();
  EXPECT_THAT(MessagesOf(scenario), IsEmpty());
}

TEST(SchedulerNameTest, ATunableThatTheKernelLacksMustNotBeSet) {
  Scenario scenario = WithKernel({"mq-deadline"});
  scenario.mutable_kernel()->add_missing_tunables("mq-deadline/prio_aging_expire");
  EXPECT_THAT(MessagesOf(scenario), IsEmpty()) << "nobody has set it";
  SchedulerOf(scenario).mutable_mq_deadline()->set_fifo_batch(1);
  EXPECT_THAT(MessagesOf(scenario), IsEmpty());
  // Not even to its default.
  SchedulerOf(scenario).mutable_mq_deadline()->set_prio_aging_expire(10'000);
  EXPECT_THAT(MessagesOf(scenario),
              ElementsAre("block_device.queue.scheduler.mq_deadline.prio_aging_expire: mq-deadline "
                          "of this kernel has no tunable prio_aging_expire"));
}

TEST(SchedulerNameTest, MissingTunablesMustExistSomewhere) {
  Scenario scenario = WithKernel({"mq-deadline"});
  scenario.mutable_kernel()->add_missing_tunables("mq-deadline/fifo_botch");
  EXPECT_THAT(MessagesOf(scenario),
              ElementsAre(testing::HasSubstr("\"mq-deadline/fifo_botch\" is not a tunable")));
}

}  // namespace
}  // namespace biotope
