#!/bin/bash
# Gets an access token with nothing but openssl and curl (RFC 7523 section 2.1):
#
#   openssl-client.sh TOKEN_URL CLIENT_ID RSA_KEY.pem [SCOPE]
#
# The assertion is meant for TOKEN_URL, or for $AUDIENCE where the server has another name for itself.
# Prints the server's answer. Exits 0 if it is a token, 22 if it is a refusal, whose id it then
# prints on standard error.
set -euo pipefail

if (($# < 3 || $# > 4)); then
  echo "usage: ${0##*/} TOKEN_URL CLIENT_ID RSA_KEY.pem [SCOPE]" >&2
  exit 2
fi
readonly url=$1 client_id=$2 key=$3 scope=${4:-}
readonly audience=${AUDIENCE:-$url}
readonly lifetime=120 # seconds

base64url() {
  openssl base64 -A | tr '+/' '-_' | tr -d '='
}

now=$(date +%s)
jti=$(openssl rand -hex 16) # new in each assertion: it is good for one token
header='{"alg":"RS256","typ":"JWT"}'
claims=$(printf '{"iss":"%s","aud":"%s","iat":%d,"exp":%d,"jti":"%s"}' \
  "$client_id" "$audience" "$now" $((now + lifetime)) "$jti")

signing_input=$(printf %s "$header" | base64url).$(printf %s "$claims" | base64url)
signature=$(printf %s "$signing_input" | openssl dgst -sha256 -sign "$key" | base64url)

# The assertion goes through standard input: arguments can be read by all users of the machine.
printf %s "$signing_input.$signature" |
  curl --silent --show-error --fail-with-body \
    --write-out '\n%{onerror}%{stderr}request %header{x-correlation-id}\n' \
    --data-urlencode grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer \
    --data-urlencode assertion@- \
    ${scope:+--data-urlencode "scope=$scope"} \
    "$url"
