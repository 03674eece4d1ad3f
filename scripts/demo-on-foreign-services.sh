#!/usr/bin/env bash
# Runs the demo on a Postgres and a Redis that are not ours: Debian's, started here on free ports and ended again.
# usage: scripts/demo-on-foreign-services.sh [options of the demo]
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
chmod 755 "$work"
redis_pid=
as_server() {
  if (($(id -u) == 0)); then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi
}
end() {
  [[ -z $redis_pid ]] || kill "$redis_pid" 2>/dev/null || true
  [[ ! -e $work/pg/postmaster.pid ]] || as_server "$bin/pg_ctl" -D "$work/pg" -m immediate -s stop || true
  rm -rf "$work"
}
trap end EXIT

free_port() {
  node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
if [[ -z $bin ]] || ! command -v redis-server >/dev/null; then
  echo 'This needs the Debian packages postgresql and redis-server.' >&2
  exit 1
fi

mkdir "$work/pg"
(($(id -u) != 0)) || chown postgres "$work/pg"
pg_port=$(free_port)
as_server "$bin/initdb" -D "$work/pg" -U postgres -A trust -E UTF8 --no-sync >/dev/null
as_server "$bin/pg_ctl" -D "$work/pg" -s -w -l "$work/pg/log" \
  -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=200" start
# As in docs/how-to/several-machines.md: two roles without special rights.
as_server "$bin/psql" -h 127.0.0.1 -p "$pg_port" -U postgres -d postgres -q -v ON_ERROR_STOP=1 \
  -c 'create role openchargeback login' -c 'create role openchargeback_app login' \
  -c 'create database openchargeback owner openchargeback'

redis_port=$(free_port)
redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --maxmemory-policy noeviction >/dev/null &
redis_pid=$!

echo "Postgres $("$bin/postgres" --version | grep -oE '[0-9.]+' | head -1) on port $pg_port, Redis on port $redis_port"
OPENCHARGEBACK_DATABASE_URL=postgres://openchargeback_app@127.0.0.1:$pg_port/openchargeback \
  OPENCHARGEBACK_DATABASE_OWNER_URL=postgres://openchargeback@127.0.0.1:$pg_port/openchargeback \
  OPENCHARGEBACK_REDIS_URL=redis://127.0.0.1:$redis_port \
  npm run demo -- --once "$@"
