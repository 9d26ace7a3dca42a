// An API that checks JWT access tokens with jose, and keeps the key set for exactly as long as the
// server allows: no unknown key has it fetched before. Reads a token a line, and prints what it
// found of each.
import { createInterface } from 'node:readline'
import { createRemoteJWKSet, jwtVerify } from 'jose'

const order = JSON.parse(process.argv[2])
const url = new URL(order.key_set)
const [, seconds] = /max-age=(\d+)/.exec((await fetch(url)).headers.get('cache-control'))
const keys = createRemoteJWKSet(url, {
  cacheMaxAge: seconds * 1000,
  cooldownDuration: Infinity,
  timeoutDuration: 30000,
})

for await (const token of createInterface({ input: process.stdin })) {
  const found = await jwtVerify(token, keys, {
    issuer: order.issuer,
    audience: order.issuer,
    typ: 'at+jwt',
    algorithms: ['ES256'],
  }).then(
    ({ payload, protectedHeader: { kid } }) => ({ sub: payload.sub, kid }),
    ({ code }) => ({ code }))
  console.log(JSON.stringify(found))
}
