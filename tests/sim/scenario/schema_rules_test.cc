// Holds the rules of configs/schema to themselves.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "configs/schema/scenario.pb.h"
#include "sim/scenario/check_rules.h"
#include "sim/scenario/ordinal.h"
#include "sim/scenario/scalar.h"
#include "sim/scenario/schema.h"

namespace biotope {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

void Collect(const Descriptor* type, std::set<const Descriptor*>* types) {
  if (!types->insert(type).second) return;
  for (int i = 0; i < type->field_count(); ++i) {
    if (IsMessage(*type->field(i))) Collect(type->field(i)->message_type(), types);
  }
}

template <class Visit>
void ForEachField(Visit visit) {
  std::set<const Descriptor*> types;
  Collect(Scenario::descriptor(), &types);
  for (const Descriptor* type : types) {
    for (int i = 0; i < type->field_count(); ++i) visit(*type->field(i));
  }
}

std::unique_ptr<Message> NewMessage(const Descriptor* type) {
  return std::unique_ptr<Message>(MessageFactory::generated_factory()->GetPrototype(type)->New());
}

// The problems of a message that has just this field.
std::vector<Problem> ProblemsOf(const FieldDescriptor& field, const std::string& value) {
  const std::unique_ptr<Message> message = NewMessage(field.containing_type());
  EXPECT_EQ(SetScalar(message.get(), field, value), "") << field.full_name() << " = " << value;
  std::vector<Problem> found;
  for (const Problem& problem : CheckRules(*message, "", {})) {
    if (problem.field == field.name()) found.push_back(problem);
  }
  return found;
}

TEST(SchemaRulesTest, EveryDefaultObeysItsOwnRule) {
  ForEachField([](const FieldDescriptor& field) {
    if (!RuleOf(field).has_default_value()) return;
    for (const Problem& problem : ProblemsOf(field, RuleOf(field).default_value())) {
      ADD_FAILURE() << field.full_name() << ": " << problem.message;
    }
  });
}

TEST(SchemaRulesTest, LimitsAreInclusiveAndInOrder) {
  ForEachField([](const FieldDescriptor& field) {
    const schema::Rule& rule = RuleOf(field);
    for (const std::string& limit : {rule.min(), rule.max()}) {
      if (limit.empty()) continue;
      EXPECT_EQ(ProblemsOf(field, limit).size(), 0u) << field.full_name() << " = " << limit;
    }
    if (rule.has_min() && rule.has_max()) {
      EXPECT_TRUE(Ordinal::Parse(field, rule.min()) < Ordinal::Parse(field, rule.max()))
          << field.full_name();
    }
  });
}

TEST(SchemaRulesTest, ADefaultAndRequiredExcludeEachOther) {
  ForEachField([](const FieldDescriptor& field) {
    EXPECT_FALSE(RuleOf(field).required() && RuleOf(field).has_default_value())
        << field.full_name();
  });
}

TEST(SchemaRulesTest, EverySingularFieldKnowsWhetherItWasGiven) {
  ForEachField([](const FieldDescriptor& field) {
    EXPECT_TRUE(field.is_repeated() || field.has_presence()) << field.full_name();
  });
}

TEST(SchemaRulesTest, EnumsBeginWithUnspecified) {
  ForEachField([](const FieldDescriptor& field) {
    if (field.enum_type() == nullptr) return;
    EXPECT_TRUE(field.enum_type()->value(0)->name().ends_with("_UNSPECIFIED"))
        << field.enum_type()->full_name();
  });
}

TEST(SchemaRulesTest, KeysAreScalarsOfTheEntries) {
  ForEachField([](const FieldDescriptor& field) {
    if (RuleOf(field).key().empty()) return;
    ASSERT_TRUE(field.is_repeated() && IsMessage(field)) << field.full_name();
    const FieldDescriptor* key = field.message_type()->FindFieldByName(RuleOf(field).key());
    ASSERT_NE(key, nullptr) << field.full_name();
    EXPECT_TRUE(!IsMessage(*key) && !key->is_repeated()) << field.full_name();
  });
}

TEST(SchemaRulesTest, MessagesWithProfilesHaveTheFieldForTheirName) {
  std::set<const Descriptor*> types;
  Collect(Scenario::descriptor(), &types);
  int with_profiles = 0;
  for (const Descriptor* type : types) {
    if (ProfilesOf(*type).empty()) continue;
    ++with_profiles;
    EXPECT_NE(type->FindFieldByName("profile"), nullptr) << type->full_name();
  }
  EXPECT_EQ(with_profiles, 3);
}

TEST(SchemaRulesTest, TheSchedulersAreOneOneof) {
  ASSERT_NE(OnlyOneof(*schema::IoScheduler::descriptor()), nullptr);
  EXPECT_EQ(OnlyOneof(*BlockDevice::descriptor()), nullptr);
  EXPECT_EQ(OnlyOneof(*Queue::descriptor()), nullptr);
}

}  // namespace
}  // namespace biotope
