#!/bin/bash
# Tells HAProxy which keys Assay signs access tokens with, and reloads it if they are others.
#
# Run as root by a timer, more often than signing_keys.announce_for, so that HAProxy has a new key
# before it signs; and after each `assay key revoke`.
set -euo pipefail
umask 022

readonly folder=/etc/haproxy/assay # KID.pem of each key, and keys.cfg, which names them
readonly config=/etc/haproxy/haproxy.cfg
readonly as_assay=(runuser -u assay --)
readonly list_keys=(assay key list --config /etc/assay/assay.yaml --data /var/lib/assay)
readonly reload=(systemctl try-reload-or-restart haproxy)

# The algorithm stands here and is never the token's choice: by its `alg` a forger would choose
# HS256, with the public key as the secret. The name of a file comes from Assay alone: a token's
# `kid` is compared with those listed, and leads to no path.
rules_of() {
  cat <<'RULES'
# Written by refresh-keys.sh.
defaults assay-keys
    http-request set-var(txn.token) http_auth_bearer
    http-request set-var(txn.kid) var(txn.token),jwt_header_query('$.kid')
RULES
  local kid
  for kid in "$@"; do
    printf '    http-request set-var(txn.verified) %s if { var(txn.kid) -m str -- %s }\n' \
      "var(txn.token),jwt_verify(\"ES256\",\"$folder/$kid.pem\")" "$kid"
  done
}

# None runs while another does: a timer's and one that a person started.
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9

staging=$("${as_assay[@]}" mktemp -d)
trap '"${as_assay[@]}" rm -rf "$staging"' EXIT
listed=$("${as_assay[@]}" "${list_keys[@]}" --pem "$staging")
mapfile -t kids < <(awk '$2 == "ES256" && $3 != "gone" {print $1}' <<<"$listed" | sort)

# Read as assay: a link that it put there must not lead root to another file.
for kid in "${kids[@]}"; do
  [[ $kid =~ ^[A-Za-z0-9_-]+$ ]]
  "${as_assay[@]}" cat "$staging/$kid.pem" >"$folder/$kid.pem.new"
  mv "$folder/$kid.pem.new" "$folder/$kid.pem"
done

# HAProxy can start at any moment: what it would read is always whole, and names files that exist.
rules_of "${kids[@]}" >"$folder/keys.cfg.new"
haproxy -c -f "$folder/keys.cfg.new" -f "$config" >/dev/null
mv "$folder/keys.cfg.new" "$folder/keys.cfg"
for file in "$folder"/*.pem; do
  [[ " ${kids[*]} " == *" $(basename "$file" .pem) "* ]] || rm -f "$file"
done

# `keys.loaded` is what HAProxy was last told: a reload that failed is tried again.
if ! cmp -s "$folder/keys.cfg" "$folder/keys.loaded"; then
  "${reload[@]}"
  cp "$folder/keys.cfg" "$folder/keys.loaded"
fi
