# A fix of a function that the kernel's source compiles to other code than was shipped is refused, and the first instruction that differs is named; its neighbour can be fixed.
. "$(dirname "$0")/lib/linked-kit.sh"
. "$(dirname "$0")/lib/fix.sh"
linked_kit cache
shipped=$(find "$KIT/shipped" -name minix.ko -o -name minix.ko.xz)
own_part "${shipped#"$KIT"/}"
module=$SUTURE_CACHE/kits/$KERNEL/${shipped#"$KIT"/}
case $module in *.xz) xz -d "$module" ;; esac
place=$("$(dirname "$0")/lib/put-ud2.py" "${module%.xz}" minix_lookup)
case $module in *.xz) xz --check=crc32 "${module%.xz}" ;; esac

fix fs/minix/namei.c 's/ino = minix_inode_by_name(dentry);/& if (ino == 4242) ino = 0;/' >fix.patch
code=0
"$SUTURE" build fix.patch --kernel "$KERNEL" --name fix --output out >said || code=$?
cat said
[ $code = 4 ]
grep -q "code-mismatch: fs/minix/namei.c: minix_lookup$" said
grep -q "+${place#*+}: rebuilt .*, shipped ud2" said
[ ! -e out/fix.ko ]
python3 - "${place#*+}" <<'PY'
import json, sys
report = json.load(open("out/fix.report.json"))
assert report["outcome"] == "refused", report["outcome"]
[found] = report["code_match"]["mismatched"]
assert (found["function"], found["offset"], found["shipped"]) == ("minix_lookup", int(sys.argv[1], 16), "ud2"), found
PY

fix fs/minix/namei.c 's/err.* = minix_make_empty(inode, dir);/if (dir->i_ino == 4242) return -EIO; &/' >other.patch
"$SUTURE" build other.patch --kernel "$KERNEL" --name fix --output out
"$SUTURE" build fix.patch --kernel "$KERNEL" --name fix --output out >said || [ $? = 4 ]
[ ! -e out/fix.ko ]
unset SUTURE_CACHE
"$SUTURE" build fix.patch --kernel "$KERNEL" --name fix --output out
