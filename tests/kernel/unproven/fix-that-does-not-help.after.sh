grep -q mended /proc/cmdline || { echo "the fault is still there"; exit 1; }
