#!/bin/sh
# Writes the keys that Assay signs with for HAProxy, and reloads it if they have changed. To be run by a
# timer, more often than signing_keys.announce_for says: a key that is announced is then here before
# the first token that it signs.
#
#   refresh-keys.sh FOLDER RELOAD [ASSAY OPTION...]
#   refresh-keys.sh /etc/haproxy/assay 'systemctl reload haproxy' --config /etc/assay/assay.yaml
set -eu

folder=$1
reload=$2
shift 2

mkdir -p "$folder/pem"
"${ASSAY:-assay}" key list --pem "$folder/pem" "$@" >"$folder/list"

# keys.map goes from a kid to its file. keys.cfg has HAProxy load the files, as it loads only those
# that a rule names.
: >"$folder/keys.map.new"
echo 'backend assay_keys' >"$folder/keys.cfg.new"
for pem in "$folder"/pem/*.pem; do
    [ -e "$pem" ] || continue
    kid=$(basename "$pem" .pem)
    grep -q "^$kid  *ES256 " "$folder/list" || continue
    echo "$kid $pem" >>"$folder/keys.map.new"
    echo "    http-request set-var(txn.loaded) str(),jwt_verify(\"ES256\",\"$pem\")" >>"$folder/keys.cfg.new"
done

if cmp -s "$folder/keys.map.new" "$folder/keys.map"; then
    exit 0
fi
mv "$folder/keys.map.new" "$folder/keys.map"
mv "$folder/keys.cfg.new" "$folder/keys.cfg"
$reload
