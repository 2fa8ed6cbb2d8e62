# with: next-inode
[ "$(./next-inode)" -lt 1073741824 ]
