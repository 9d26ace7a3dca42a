# What is installed from Debian 12, by purpose; docs/dependencies.md has the reason for each.

# Enough to build and run the server.
build_packages=(
  ccache
  clang-19
  cmake
  libboost-json1.81-dev
  libboost-url1.81-dev
  libboost1.81-dev
  libcli11-dev
  libcurl4-openssl-dev
  libfmt-dev
  libhiredis-dev
  libpq-dev
  libsodium-dev
  libspdlog-dev
  libsqlite3-dev
  libssl-dev
  libyaml-cpp-dev
  lld-19
  llvm-19
  ninja-build
  pkg-config
  prometheus-cpp-dev
)

# The rest of what the tests and checks run.
test_packages=(
  apache2
  caddy
  clang-format-19
  clang-tidy-19
  curl
  golang-go
  golang-golang-x-oauth2-dev
  haproxy
  libapache2-mod-oauth2
  libclang-rt-19-dev
  libgmock-dev
  libgtest-dev
  nginx
  openssl
  pgbouncer
  postgresql-15
  python3
  python3-authlib
  python3-cryptography
  python3-google-auth
  python3-pytest
  python3-pytest-xdist
  python3-requests
  redis-server
  testssl.sh
)

# What the fault run breaks, beyond the engines of the tests, and by what.
soak_packages=(
  etcd-server
  libfaketime
  patroni
)

# Programs, as `program:package`, that may have come from elsewhere than Debian: another
# packaging of Node.js conflicts with Debian's, so the package is asked for only without it.
test_programs=(
  node:nodejs
  npm:npm
)

# Prints which of the packages named are not installed.
missing_packages() {
  dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    sed -n 's/^installed //p' | sort -u |
    comm -13 - <(printf '%s\n' "$@" | sort -u)
}

# Prints the packages of those `program:package` whose program is not on the PATH.
packages_of_missing_programs() {
  local entry
  for entry in "$@"; do
    command -v "${entry%%:*}" >/dev/null || echo "${entry##*:}"
  done
}

# Some packages bring servers; this keeps Debian from starting them, and from making a database
# cluster that nobody asked for.
install_packages() {
  local policy=/usr/sbin/policy-rc.d
  local clusters=/etc/postgresql-common/createcluster.d/assay-has-its-own.conf
  trap 'rm -f "${made[@]}"' EXIT
  made=("$clusters")
  mkdir -p "$(dirname "$clusters")"
  echo 'create_main_cluster = false' >"$clusters"
  if [[ ! -e $policy ]]; then
    made+=("$policy")
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
}
export -f install_packages
