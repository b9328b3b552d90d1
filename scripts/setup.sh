#!/bin/sh
# Installs packages that are missing: setup.sh build | test. The lists are said here and nowhere else. Called by scripts/ehlo and tests/run.
set -eu

build="cmake ninja-build pkg-config gcc libc6-dev lua5.4 liblua5.4-dev libcurl4-openssl-dev libevent-dev libssl-dev libunbound-dev
  libidn2-dev libutf8proc-dev libreadline-dev dns-root-data"
test="libcmocka-dev python3 python3-pexpect clang-format openssl hyperfine binutils g++ libsasl2-2 libnsl2"

case ${1:-build} in
  build) wanted=$build ;;
  test) wanted="$build $test" ;;
  *) echo "setup.sh: build or test" >&2; exit 2 ;;
esac

say() { printf 'ehlo: %s\n' "$*" >&2; }

missing=""
for package in $wanted; do
  case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
    "install ok installed") ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  root=""
elif sudo -n true 2>/dev/null; then
  root="sudo -n"
else
  say "these packages are missing, and installing them needs root:"
  say "  sudo apt-get install$missing"
  exit 1
fi

say "installing:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
  # shellcheck disable=SC2086
  $root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing >"$log" 2>&1
}
if ! install; then
  $root apt-get -o DPkg::Lock::Timeout=300 update >>"$log" 2>&1 || true
  if ! install; then
    tail -n 15 "$log" >&2
    say "apt could not install them; by hand: apt-get install$missing"
    exit 1
  fi
fi
