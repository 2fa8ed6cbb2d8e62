# Makes a Minix V3 file system of 64 KiB in which the superblock claims blocks of 8 KiB, which no
# page can hold, or of $blocks (two bytes for printf). include/linux/minix_fs.h: struct minix3_super_block, struct minix2_inode.
image=/tmp/minix.$$
dd if=/dev/zero of=$image bs=1024 count=64 2>/dev/null
put() { printf "$2" | dd of=$image bs=1 seek=$1 conv=notrunc 2>/dev/null; }
put 1024 '\040\000\000\000\000\000\001\000\001\000\010\000\000\000\000\000'
put 1040 '\377\377\377\177\100\000\000\000\132\115\000\000'"${blocks:-\000\040}"'\000'
put 2048 '\003'                                     # inode map
put 3072 '\003'                                     # zone map
put 4096 '\355\101\002\000\000\000\000\000\200'     # inode 1: a directory of 128 bytes
put 4120 '\010'                                     # in zone 8
put 8192 '\001\000\000\000.'
put 8256 '\001\000\000\000..'
mkdir -p /tmp/mnt
