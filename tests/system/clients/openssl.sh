#!/bin/sh
# Prints an assertion that was signed with nothing but the openssl command.
set -eu
algorithm=$1 key=$2 issuer=$3 audience=$4

base64url() {
  openssl base64 -A | tr '+/' '-_' | tr -d '='
}

sign() {
  case $algorithm in
  RS256) openssl dgst -sha256 -sign "$key" ;;
  PS256) openssl dgst -sha256 -sign "$key" \
    -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest ;;
  EdDSA) cat >"$key.text" && openssl pkeyutl -sign -rawin -inkey "$key" -in "$key.text" ;;
  esac
}

now=$(date +%s)
header=$(printf '{"alg":"%s","typ":"JWT"}' "$algorithm" | base64url)
claims=$(printf '{"iss":"%s","aud":"%s","iat":%d,"exp":%d,"jti":"%s"}' \
  "$issuer" "$audience" "$now" $((now + 120)) "$(openssl rand -hex 16)" | base64url)
printf '%s.%s.%s' "$header" "$claims" "$(printf '%s.%s' "$header" "$claims" | sign | base64url)"
