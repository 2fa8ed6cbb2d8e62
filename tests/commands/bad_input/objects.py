"""Objects, modules and lists of symbols."""
from harness import *

ELF = "not an ELF|ELF|section|ends|symbol"
KO = next(KIT.glob("shipped/lib/modules/*/kernel/fs/minix/minix.ko")).read_bytes()
SYMBOLS = b"""Symbol table '.symtab' contains 1 entries:
   Num:    Value          Size Type    Bind   Vis      Ndx Name
     0: 0000000000000000     0 NOTYPE  LOCAL  DEFAULT  UND 
"""


def compiled(name, number):
    source = file(f"{name}.c", f"int f(int x) {{ return x + {number}; }} static int v = 3; int *g(void) {{ return &v; }}\n")
    made = source.with_suffix(".o")
    subprocess.run(["gcc", "-O2", "-fno-pie", "-pg", "-mfentry", "-ffunction-sections", "-fdata-sections", "-c", source,
                    "-o", made], check=True)
    return made


one, two = compiled("one", 1), compiled("two", 2)
object = one.read_bytes()
diff = ["diff", one, two, "-o", "out/o.o"]
against_kernel = ["--kernel", KERNEL]

each("bad.o", object, lambda f: ["diff", f, two, "-o", "out/o.o"], ELF)
each("bad.o", object, lambda f: ["diff", two, f, "-o", "out/o.o"], ELF)
each("bad.o", object, lambda f: [*diff, "--overlaid", f], ELF)
each("symbols", SYMBOLS, lambda f: [*diff, "--symbols", f], "readelf|line")
each("bad.o", object, lambda f: ["match", f, *against_kernel], ELF)
each("bad.ko", KO, lambda f: ["match", f, "--object", "minix", *against_kernel], ELF)
each("bad.ko", KO, lambda f: ["inspect", f], ELF)
each("bad.ko", KO, lambda f: ["check", f, *against_kernel], ELF)
each("bad.ko", KO, lambda f: ["prove", f, *against_kernel], ELF)
each("cases.json", b"[{}]", lambda f: ["prove", "--cases", f, *against_kernel], "JSON|case 1")

run("a module that the kernel does not have", ["match", one, "--object", "no-such", *against_kernel], "no-such")
run("a live patch that is none", ["prove", one, *against_kernel], r"one\.o: .*modinfo")
run("an output below nothing", ["diff", one, two, "-o", "no/such/o.o"], "no/such/o.o: .*No such file")
run("an output that is a directory", ["diff", one, two, "-o", "out"], "out: .*directory")
for size in ["x", "__bug_table", "__bug_table=", "__bug_table=-1", "__bug_table=0", "__bug_table=99999"]:
    run(f"--entry-size {size}", [*diff, "--entry-size", size], "is not SECTION=N")
for text in ["{}", "[1]", '[{"live_patch": 1}]', '[{"before": "x"}]', '[{"live_patch": "no-such.ko"}]', "[" * 100000]:
    run(f"--cases {text[:30]}", ["prove", "--cases", file("cases.json", text), *against_kernel], "cases.json|no-such.ko")

for path in flipped("flipped.o", object, 30):
    survive("flipped bits", ["diff", path, two, "-o", "out/o.o"])
    survive("flipped bits", ["diff", two, path, "-o", "out/o.o"])
for path in flipped("flipped.ko", KO, 30):
    survive("flipped bits", ["inspect", path])
for path in flipped("flipped.ko", KO, 5):
    survive("flipped bits", ["check", path, *against_kernel])
    survive("flipped bits", ["match", path, "--object", "minix", *against_kernel])
