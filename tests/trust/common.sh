# What scenarios share. Sourced, with `set -eu` to follow.

# keys NAME...: key pairs without passphrases.
keys() { for key in "$@"; do "$SUTURE" keys new "$key" --no-passphrase; done; }

# A draft with one key for each role.
begin() {
  keys root targets snapshot timestamp lab
  "$SUTURE" keys init --role root=root.pub --role targets=targets.pub --role snapshot=snapshot.pub \
    --role timestamp=timestamp.pub
  "$SUTURE" sign --key root.key
}

# add N [OPTION...]: level N, as it was built and proved.
add() {
  level=$1
  shift
  case $level in
    1) set -- --proof "$LEVELS/level_1.over-0.json" "$@" ;;
    2) set -- --proof "$LEVELS/level_2.over-0.json" --proof "$LEVELS/level_2.over-1.json" \
         --proof "$LEVELS/level_1.over-2.json" "$@" ;;
    3) set -- --proof "$LEVELS/level_3.over-0.json" --proof "$LEVELS/level_3.over-2.json" --withdraw cmdline.patch "$@" ;;
  esac
  "$SUTURE" level add "$LEVELS/level_$level.report.json" --key lab.key "$@"
}

# package NAME VERSION [DEPENDS]: a Debian package with nothing in it, NAME_VERSION.deb.
package() {
  mkdir -p "$1/DEBIAN"
  cat >"$1/DEBIAN/control" <<END
Package: $1
Version: $2
Architecture: amd64
Maintainer: nobody
Description: nothing${3:+
Depends: $3}
END
  dpkg-deb --root-owner-group --build "$1" "$1_$2.deb" >/dev/null
  rm -r "$1"
}

# Releases of the agent in that draft, by a key of their own.
begin_agent() {
  keys agent
  "$SUTURE" keys rotate --role agent=agent.pub
}

# release_of_agent PACKAGE...: these, as the next one.
release_of_agent() {
  for file in "$@"; do
    set -- "$@" --deb "$file"
    shift
  done
  "$SUTURE" agent add "$@"
}

# agent_releases: two of the agent: 1 is of this version, 2 is 99.0.0.
agent_releases() {
  begin_agent
  for version in "$("$SUTURE" --version | cut -d' ' -f2)" 99.0.0; do
    package suture-agent "$version" "suture-fetch (= $version)"
    package suture-fetch "$version"
    release_of_agent "suture-agent_$version.deb" "suture-fetch_$version.deb"
  done
}

sign_and_publish() {
  set -- --key targets.key --key snapshot.key
  [ ! -e agent.key ] || set -- --key agent.key "$@"
  "$SUTURE" sign "$@"
  "$SUTURE" publish served --key timestamp.key
}

# A repository in served/ with level 1, and the root that hosts have in root.json.
repository() {
  begin
  add 1
  sign_and_publish
  cp served/metadata/1.root.json root.json
}

verify() { "$SUTURE" verify served --root root.json "$@"; }

# refused TEXT COMMAND...: that it fails and says so.
refused() {
  text=$1
  shift
  if "$@" >said 2>&1; then
    echo "was not refused: $*"
    cat said
    return 1
  fi
  grep -q -- "$text" said || { echo "was refused for another reason than '$text':"; cat said; return 1; }
}

# says TEXT COMMAND...: that it succeeds and says so. (With pipefail, `grep -q` at the end of a pipe would kill who is
# not done writing.)
says() {
  text=$1
  shift
  "$@" >said
  cat said
  grep -q -- "$text" said || { echo "was not said: $text"; return 1; }
}

# serve DIR [CERTIFICATE KEY]: a web server; $url is its address.
serve() {
  python3 -u "$SOURCE/tests/trust/serve.py" "$@" >server-says &
  server=$!
  trap 'kill "$server"' EXIT
  until [ -s server-says ]; do kill -0 "$server"; done
  url=$(head -1 server-says)
}
