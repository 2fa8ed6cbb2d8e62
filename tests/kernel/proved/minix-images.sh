# Makes /tmp/minix1 and /tmp/minix2, empty Minix file systems V1 and V2 of 64 KiB.
# include/linux/minix_fs.h: struct minix_super_block, minix_inode and minix2_inode.
put() { printf "$2" | dd of=/tmp/minix$version bs=1 seek=$1 conv=notrunc 2>/dev/null; }
image() { # FIRST-DATA-ZONE MAGIC PLACE-OF-THE-ZONE-IN-INODE-1
  dd if=/dev/zero of=/tmp/minix$version bs=1k count=64 2>/dev/null
  put 1024 '\040\000\100\000\001\000\001\000'"$1"'\000\000\000\000\000\001\000'"$2"'\001\000\100\000\000\000'
  put 2048 '\003'             # inode map
  put 3072 '\003'             # zone map
  put $3 "$1"                 # inode 1: its only zone
}
# Inode 1 is at 4096 and holds "." and "..", of 16 bytes each.
version=1
image '\005' '\177\023' 4110
put 4096 '\355\101\000\000\040\000\000\000\000\000\000\000\000\002'
put 5120 '\001\000.'
put 5136 '\001\000..'
version=2
image '\006' '\150\044' 4120
put 4096 '\355\101\002\000\000\000\000\000\040'
put 6144 '\001\000.'
put 6160 '\001\000..'
mkdir -p /tmp/mnt
