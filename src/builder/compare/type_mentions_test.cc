#include "builder/compare/type_mentions.h"

#include <gtest/gtest.h>

#include <string>

namespace suture::builder {
namespace {

const std::string request_type = "struct request {\n\tint state;\n};\n\n";
const std::string on_the_stack = "int f(void)\n{\n\tstruct request r = {};\n\treturn g(&r);\n}\n";

bool only_on_the_stack(const std::string& text) { return lives_on_the_stack(request_type + text, "request"); }

TEST(TypeMentions, TellWhereATypeIsDefined) {
  EXPECT_TRUE(defines("union request\n{\n};\n", "request"));
  EXPECT_FALSE(defines("struct request;\nstruct request_queue {\n};\n", "request"));
}

TEST(TypeMentions, OfAVariableInAFunctionAndPointersToItAreOfTheStack) {
  EXPECT_TRUE(only_on_the_stack(on_the_stack));
  EXPECT_TRUE(only_on_the_stack(
      "static int g(struct request *r, void *data)\n{\n\tstruct request *same = (struct request *)data;\n"
      "\tmemset(&r->state, 0, sizeof(r->state));\n}\n" +
      on_the_stack));
  EXPECT_TRUE(only_on_the_stack("int f(void)\n{\n\tstruct request r[2];\n\tmemset(r, 0, sizeof(r));\n}\n"));
}

TEST(TypeMentions, OfPointersOnlyAreOfWhateverTheyPointTo) {
  EXPECT_FALSE(only_on_the_stack("static int g(struct request *r)\n{\n\treturn r->state;\n}\n"));
}

TEST(TypeMentions, OfWhatIsAllocatedAreOfMemory) {
  for (const auto* size : {"sizeof(*p)", "sizeof *p", "sizeof( *p )", "sizeof(struct request)",
                           "struct_size(p, list, 3)", "sizeof(typeof(*p))"}) {
    const auto text =
        "int h(void)\n{\n\tstruct request *p;\n\n\tp = kzalloc(" + std::string(size) + ", GFP_KERNEL);\n}\n";
    EXPECT_FALSE(only_on_the_stack(text + on_the_stack)) << size;
  }
  EXPECT_FALSE(only_on_the_stack("int h(void)\n{\n\tcache = KMEM_CACHE(request, 0);\n}\n" + on_the_stack));
}

TEST(TypeMentions, OfVariablesWithAPlaceOfTheirOwnAreOfMemory) {
  for (const auto* variable : {"static struct request first;\n", "extern struct request first;\n",
                               "static DEFINE_PER_CPU(struct request, first);\n", "typedef struct request request_t;\n",
                               "int h(void)\n{\n\tstatic const struct request first = {};\n}\n"})
    EXPECT_FALSE(only_on_the_stack(variable + on_the_stack)) << variable;
  EXPECT_FALSE(lives_on_the_stack("struct request {\n\tint state;\n} first;\n" + on_the_stack, "request"));
}

}  // namespace
}  // namespace suture::builder
