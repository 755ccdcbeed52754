#include "tests/layers/iosched/conformance.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "configs/schema/io_scheduler.pb.h"
#include "configs/schema/kernel.pb.h"
#include "configs/schema/rule.pb.h"
#include "sim/world/make_io_scheduler.h"
#include "tests/layers/iosched/mutants.h"

namespace biotope {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uint32_t kHz = 1000;
// Longer than the time-outs of all schedulers of a kernel.
constexpr Tick kLongestWait = 30 * kSecond;

// -- The schedulers: whatever the language has

const std::vector<std::string> kAllLoads = {
    "ascending reads", "reads of one place", "reads close to each other",
    "writes close to each other", "reads and writes everywhere"};

// Loads under which somebody waits for ever, and the scheduler's page says so.
const std::map<std::string, std::vector<std::string>> kStarvation = {
    {"cfq", {"reads of one place"}},
    {"cfq_time_slices", {"reads of one place"}},
    {"deadline", {"reads of one place"}},
    {"bfq", {"writes close to each other"}},
    {"sstf", kAllLoads},
    {"look", kAllLoads},
    {"c_look", {"ascending reads"}},
};

struct Variant {
  std::string name;
  schema::IoScheduler config;
  Kernel::Cfq cfq = Kernel::CFQ_QUANTUM;

  SchedulerFactory factory() const {
    return [config = config, cfq = cfq] {
      return MakeIoScheduler(config, SchedulerSurroundings{.hz = kHz, .cfq = cfq});
    };
  }
};

const google::protobuf::OneofDescriptor& SchedulerArms() {
  return *schema::IoScheduler::descriptor()->FindOneofByName("scheduler");
}

Message& MutableArm(schema::IoScheduler& config, const FieldDescriptor& arm) {
  return *config.GetReflection()->MutableMessage(&config, &arm);
}

std::set<uint64_t> ValuesToTry(const FieldDescriptor& field) {
  const schema::Rule& rule = field.options().GetExtension(schema::rule);
  std::set<uint64_t> values = {rule.has_min() ? std::stoull(rule.min()) : 0, 1};
  if (rule.has_max()) values.insert(std::stoull(rule.max()));
  return values;
}

// Sets a tunable if it is a number or a yes and no.
bool SetNumber(Message& arm, const FieldDescriptor& field, uint64_t value) {
  const auto& reflection = *arm.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection.SetUInt32(&arm, &field, static_cast<uint32_t>(value));
      return true;
    case FieldDescriptor::CPPTYPE_UINT64:
      reflection.SetUInt64(&arm, &field, value);
      return true;
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(&arm, &field, value != 0);
      return true;
    default:
      return false;
  }
}

// A scheduler of the language; of CFQ there are two.
struct Subject {
  const FieldDescriptor* arm = nullptr;
  Kernel::Cfq cfq = Kernel::CFQ_QUANTUM;

  std::string name() const {
    return arm->name() + (cfq == Kernel::CFQ_TIME_SLICES ? "_time_slices" : "");
  }
};

std::vector<Subject> AllSubjects() {
  std::vector<Subject> subjects;
  for (int i = 0; i < SchedulerArms().field_count(); ++i) {
    const FieldDescriptor* arm = SchedulerArms().field(i);
    subjects.push_back({arm});
    if (arm->name() == "cfq") subjects.push_back({arm, Kernel::CFQ_TIME_SLICES});
  }
  return subjects;
}

// The scheduler with its defaults, first, and with each tunable at the ends of its range.
std::vector<Variant> VariantsOf(const Subject& subject) {
  schema::IoScheduler defaults;
  MutableArm(defaults, *subject.arm);
  std::vector<Variant> variants = {{subject.name(), defaults, subject.cfq}};
  const Descriptor& tunables = *subject.arm->message_type();
  for (int i = 0; i < tunables.field_count(); ++i) {
    const FieldDescriptor& field = *tunables.field(i);
    for (const uint64_t value : ValuesToTry(field)) {
      Variant variant = {subject.name() + " " + field.name() + "=" + std::to_string(value),
                         defaults, subject.cfq};
      if (SetNumber(MutableArm(variant.config, *subject.arm), field, value)) {
        variants.push_back(variant);
      }
    }
  }
  return variants;
}

class ConformanceTest : public testing::TestWithParam<Subject> {};

rc::Gen<Operation> AnyOperation() {
  const auto any = [] { return rc::gen::inRange<uint32_t>(0, 1u << 30); };
  return rc::gen::map(rc::gen::tuple(any(), any(), any(), any()),
                      [](const auto& numbers) { return std::apply(MakeOperation, numbers); });
}

TEST_P(ConformanceTest, KeepsTheContract) {
  for (const Variant& variant : VariantsOf(GetParam())) {
    EXPECT_THAT(CheckRandomOperations(variant.factory(), 1, 100), IsEmpty()) << variant.name;
  }
}

// The same, and a shorter sequence if there is one that shows a defect.
TEST_P(ConformanceTest, KeepsTheContractWhateverHappens) {
  for (const Variant& variant : VariantsOf(GetParam())) {
    EXPECT_TRUE(rc::check(variant.name, [&variant] {
      const auto operations = *rc::gen::container<std::vector<Operation>>(AnyOperation());
      const Violations violations = CheckOperations(variant.factory(), operations);
      if (!violations.empty()) RC_FAIL(violations.front());
    }));
  }
}

TEST_P(ConformanceTest, NobodyWaitsForEverUnlessItsPageSaysSo) {
  const auto documented = kStarvation.find(GetParam().name());
  EXPECT_EQ(FindStarvation(VariantsOf(GetParam()).front().factory(), kLongestWait),
            documented == kStarvation.end() ? std::vector<std::string>() : documented->second);
}

INSTANTIATE_TEST_SUITE_P(All, ConformanceTest, testing::ValuesIn(AllSubjects()),
                         [](const auto& parameter) { return parameter.param.name(); });

// -- The suite finds what it looks for

class ConformanceMutantTest : public testing::TestWithParam<size_t> {};

TEST_P(ConformanceMutantTest, IsFound) {
  const Mutant mutant = AllMutants()[GetParam()];
  Violations violations = CheckRandomOperations(mutant.factory, 1, 100);
  if (violations.empty()) violations = FindStarvation(mutant.factory, kLongestWait);
  ASSERT_FALSE(violations.empty());
  EXPECT_THAT(violations.front(), HasSubstr(mutant.finding));
}

INSTANTIATE_TEST_SUITE_P(All, ConformanceMutantTest, testing::Range(size_t{0}, AllMutants().size()),
                         [](const auto& parameter) { return AllMutants()[parameter.param].name; });

}  // namespace
}  // namespace biotope
