# linked_kit DIR: makes DIR a cache with a kit of $KERNEL that shares everything with $KIT but what
# builds leave behind, and uses it from here on.
linked_kit() {
  SUTURE_CACHE=$(realpath -m "$1")
  export SUTURE_CACHE
  mkdir -p "$SUTURE_CACHE/kits/$KERNEL/cache"
  for part in "$KIT"/*; do
    case ${part##*/} in
      cache | kit.json) ;;
      *) ln -sfn "$part" "$SUTURE_CACHE/kits/$KERNEL/${part##*/}" ;;
    esac
  done
  sed "s|\"root\": \"[^\"]*\"|\"root\": \"$SUTURE_CACHE/kits/$KERNEL\"|" "$KIT/kit.json" >"$SUTURE_CACHE/kits/$KERNEL/kit.json"
}

# stub NAME: a program that does what the script on standard input says is found in PATH before NAME.
stub() {
  mkdir -p stubs
  { echo '#!/bin/sh'; cat; } >"stubs/$1"
  chmod +x "stubs/$1"
  PATH=$PWD/stubs:$PATH
}
