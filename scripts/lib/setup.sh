# What the project's own commands share: the list of Debian packages, their installation, and building one tree.
# Sourced by scripts/ehlo and tests/run, which set $root (the project) and $name (who speaks on standard error).

say() {
  printf '%s: %s\n' "$name" "$*" >&2
}

# The only place where packages are named. A C compiler is expected; any will do.
packages() {
  case $1 in
  program)
    echo cmake ninja-build pkg-config libc6-dev lua5.4 liblua5.4-dev libevent-dev libssl-dev libunbound-dev nettle-dev \
      libidn2-dev libpsl-dev publicsuffix libarchive-dev libjansson-dev libutf8proc-dev libgsasl-dev libcurl4-openssl-dev libreadline-dev libgmime-3.0-dev \
      libsystemd-dev dns-root-data ca-certificates
    ;;
  tests)
    echo libcmocka-dev python3 python3-jsonschema python3-pexpect tmux hyperfine clang-format openssl binutils time minisign strace faketime chromium tidy
    echo python3-dnspython python3-yaml python3-spf ldnsutils iproute2
    echo python3-dkim python3-nacl python3-authres libopendkim-dev libopendmarc-dev publicsuffix psl # oracles of the policies, and a signer
    # libraries of the servers below
    echo libdb5.3 libicu72 libnsl2 libsasl2-2 libgnutls-dane0 libidn12 libpcre2-8-0 libnss-wrapper netbase \
      libldap-2.5-0 libmariadb3 libpam0g libperl5.36 libpq5 libspf2-2 libsqlite3-0 libsodium23 libunwind8 \
      libunbound8 libprotobuf-c1 libfstrm0 libnghttp2-14 libpython3.11 libmicrohttpd12 libapparmor1 libip4tc2 libkmod2 libseccomp2
    ;;
  bench) echo python3 time hyperfine openssl curl nmap swaks libnet-ssleay-perl iproute2 util-linux \
    dnsperf python3-dnspython ldnsutils ;;
  servers) # unpacked, never installed: they exclude each other, and would run
    echo postfix exim4-daemon-heavy dovecot-core dovecot-submissiond dovecot-lmtpd \
      sasl2-bin libsasl2-modules libsasl2-modules-db nginx nsd unbound systemd-journal-remote libsystemd-shared # the last two write journals
    ;;
  esac
}

# Prints those of the packages given that are not installed.
missing() {
  command -v dpkg-query >/dev/null || return 0 # not Debian: let CMake say what it lacks
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for each in "$@"; do
    printf '%s\n' "$installed" | grep -qxF "$each installed" || printf '%s ' "$each"
  done
}

# Runs a command as root, or fails where that would need a password.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -o DPkg::Lock::Timeout=300 -q -y \
    --no-install-recommends install "$@"
}

# Installs what is missing of the groups given; where that is not allowed, says what to install.
need() {
  wanted=
  for group in "$@"; do
    wanted="$wanted $(packages "$group")"
  done
  lacking=$(missing $wanted)
  [ -n "$lacking" ] || return 0
  if ! command -v apt-get >/dev/null || ! as_root true 2>/dev/null; then
    say "these packages are missing, and installing them needs root. Run this, then try again:"
    say "  sudo apt-get install --no-install-recommends $lacking"
    return 1
  fi
  say "installing with apt: $lacking"
  log=$root/build/install.log
  # Lists of a fresh machine are empty, those of an old one name packages that are gone: both need an update.
  if ! apt_install $lacking >"$log" 2>&1; then
    as_root env LC_ALL=C apt-get -q update >>"$log" 2>&1 || true
    apt_install $lacking >>"$log" 2>&1 || {
      tail -n 15 "$log" >&2
      say "apt could not install them (all it said: $log). Install them by hand, then try again:"
      say "  sudo apt-get install --no-install-recommends $lacking"
      return 1
    }
  fi
}

# Unpacks the real mail servers that the tests talk to under build/servers, once, and anew when the list has changed.
unpack_servers() {
  folder=$root/build/servers
  [ "$(cat "$folder/root/packages" 2>/dev/null)" != "$(packages servers)" ] || return 0
  say "fetching with apt, to unpack under build/servers: $(packages servers)"
  rm -rf "$folder"
  mkdir -p "$folder/new"
  log=$root/build/install.log
  fetch='cd "$1" && shift && apt-get -q download "$@"'
  if ! sh -c "$fetch" - "$folder" $(packages servers) >"$log" 2>&1; then
    as_root env LC_ALL=C apt-get -q update >>"$log" 2>&1 || true
    sh -c "$fetch" - "$folder" $(packages servers) >>"$log" 2>&1 || {
      tail -n 5 "$log" >&2
      say "apt could not fetch the mail servers (all it said: $log): tests against them will fail"
      return 1
    }
  fi
  for each in "$folder"/*.deb; do
    dpkg -x "$each" "$folder/new" || return 1
  done
  packages servers >"$folder/new/packages"
  mv "$folder/new" "$folder/root"
}

# Shows how far ninja is: one line on a terminal, renewed in place, and nothing elsewhere.
progress() {
  while IFS= read -r line; do
    printf '%s\n' "$line"
    case $line in
    '['*/*']'*) [ ! -t 2 ] || printf '\r%s: building %s\033[K' "$name" "${line%%]*}]" >&2 ;;
    esac
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
}

# Configures (where that was not done, or was done for a folder that has moved since) and builds all of one tree.
# build TREE [-DOPTION=VALUE]...
build() {
  tree=$1
  shift
  log=$tree/build.log
  if [ -f "$tree/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$tree/CMakeCache.txt"; then
    rm -rf "$tree"
  fi
  mkdir -p "$tree" || return 1
  : >"$log" || return 1
  touch "$tree/stamp.new" # before the build, so that a file changed meanwhile is newer
  if [ ! -f "$tree/build.ninja" ]; then
    cmake -S "$root" -B "$tree" -G Ninja "$@" >>"$log" 2>&1 || {
      failed "could not be configured"
      return 1
    }
  fi
  { cmake --build "$tree" 2>&1 && echo built; } | progress >>"$log"
  if [ "$(tail -n 1 "$log")" != built ]; then
    failed "could not be built"
    return 1
  fi
  mv "$tree/stamp.new" "$tree/stamp"
}

failed() {
  grep -v '^\[[0-9]*/[0-9]*\] [A-Z]' "$log" | tail -n 30 >&2
  say "the program $1 (the whole log: $log)"
}
