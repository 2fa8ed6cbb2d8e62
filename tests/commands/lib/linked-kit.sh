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

# own_part PART: this file of the linked kit, and each directory on the way to it, is a copy, which may be changed.
own_part() {
  root=$SUTURE_CACHE/kits/$KERNEL
  way=$(dirname "$1")
  [ "$way" = . ] || own_directory "$way"
  cp --remove-destination "$KIT/$1" "$root/$1"
}

own_directory() {
  case $1 in */*) own_directory "$(dirname "$1")" ;; esac
  [ -L "$root/$1" ] || return 0
  rm "$root/$1"
  mkdir "$root/$1"
  ln -s "$KIT/$1"/* "$root/$1"
}

# stub NAME: a program that does what the script on standard input says is found in PATH before NAME.
stub() {
  mkdir -p stubs
  { echo '#!/bin/sh'; cat; } >"stubs/$1"
  chmod +x "stubs/$1"
  PATH=$PWD/stubs:$PATH
}
