"""The rows of a corpus, as the text in bench/results/."""
import collections
import statistics

OUTCOMES = ("built", "built with --accept", "no change", "refused", "failed", "headers reach too far", "not by itself")


def table(rows, before, after, arguments, changed, compiled):
    yield f"# Fixes between {before['package_version']} and {after['package_version']}\n"
    yield (f"{changed} C files differ, of which {before['release']} compiles {compiled}. Of these, a random sample of {len(rows)} (seed {arguments.seed}), one fix each: "
           "the file's difference, with the hunks of changed headers that it does not compile without. Made by `bench/corpus`.\n")
    yield "| outcome | built in | module |\n|---|---|---|"
    count = lambda test: " | ".join(str(sum(test(row) and row["where"] == where for row in rows)) for where in ("built in", "module"))
    for outcome in OUTCOMES:
        yield f"| {outcome} | {count(lambda row: row['outcome'] == outcome)} |"
    yield f"| proven in the VM | {count(lambda row: row.get('proof', {}).get('outcome') == 'proven')} |"
    yield f"| with a code mismatch | {count(lambda row: bool(row.get('match', {}).get('mismatched')))} |\n"
    yield ("*headers reach too far*: more than "
           f"{arguments.max_files} sources include a header that the fix needs. *not by itself*: it needs another C file of the same upstream change.\n")
    converted = [row for row in rows if row["outcome"] in ("built", "built with --accept", "refused", "failed")]
    data_only = [row for row in converted if not row["changes_functions"]]
    converted = [row for row in converted if row["changes_functions"]]
    built = [row for row in converted if row["outcome"] == "built"]
    if converted:
        accepted = sum(row["outcome"] == "built with --accept" for row in rows)
        offered = sum(bool(row.get("data_callbacks")) for row in converted)
        yield (f"Of {len(converted)} fixes that change code and whose headers reach at most {arguments.max_files} sources, {len(built)} are built: "
               f"{100 * len(built) / len(converted):.1f} %; {accepted} more with `--accept`. For {offered} that are refused, callbacks that write initial values are offered.\n")
        yield (f"{len(data_only)} more change the text of no function, but data: tables of hardware and its quirks, policies. "
               f"Of these {sum(row['outcome'].startswith('built') for row in data_only)} are built.\n")
    codes = collections.Counter(code for row in rows if row["outcome"] == "refused" for code in row["codes"])
    if codes:
        yield "| refused for | fixes |\n|---|---|"
        for code, number in codes.most_common():
            yield f"| `{code}` | {number} |"
    cpu = sorted(row["cpu_seconds"] for row in rows if "cpu_seconds" in row)
    if cpu:
        yield f"\nSeconds of CPU a fix beyond compiling: median {statistics.median(cpu):.1f}, most {cpu[-1]:.1f}."
    beyond = sorted(row["seconds"] - row["slowest_compile"] for row in rows if "seconds" in row)
    if beyond:
        memory = max(row["peak_memory"] for row in rows if "peak_memory" in row)
        yield (f"\nBy the clock, beyond its slowest compile, two builds at a time on a machine with two processors that others used too: median {statistics.median(beyond):.1f}, "
               f"most {beyond[-1]:.1f}; in {sum(row.get('slowest_compile') == 0 for row in rows)} of {len(beyond)} every object came from the cache of an earlier run. Peak memory of `suture build`: {memory / 1e6:.0f} MB.\n")
    asked = [row for row in rows if row.get("peer")]
    if asked:
        yield "\nThe same pairs of objects, given to the peer:\n\n| here | converted there | no change | refused |\n|---|---|---|---|"
        for outcome in ("built", "built with --accept", "no change", "refused"):
            verdicts = [_worst(row["peer"]) for row in asked if row["outcome"] == outcome]
            yield f"| {outcome} | {verdicts.count('converted')} | {verdicts.count('no change')} | {verdicts.count('refused')} |"
        yield ""
    yield "## Each fix\n"
    yield "| file | part of | outcome | proof | functions or refusals |\n|---|---|---|---|---|"
    for row in sorted(rows, key=lambda row: row["source"]):
        proof = row.get("proof")
        seen = "" if not proof else f"{proof['outcome']}: {', '.join(o['object'] + ' ' + o['state'] for o in proof['objects'])}"
        with_headers = "".join(f", {path}" for path in row["headers"])
        yield f"| {row['source']}{with_headers} | {row['where']} | {row['outcome']} | {seen} | {_what(row)} |"


def _worst(verdicts):
    if any(verdict.startswith("refused") for verdict in verdicts):
        return "refused"
    return "converted" if "converted" in verdicts else "no change"


def _what(row):
    functions = [f"{name}: {', '.join(f['name'] + ('' if f['why'] == 'changed' else ' (' + f['why'] + ')') for f in found)}"
                 for name, found in row.get("objects", {}).items()]
    refusals = [f"`{r['code']}` {r['place']}" for r in row.get("refusals", [])]
    error = [line for line in row.get("error", "").splitlines() if "error:" in line][:1]
    text = "; ".join(functions or refusals or error).replace("|", "/")
    return text if len(text) <= 400 else text[:400] + "…"
