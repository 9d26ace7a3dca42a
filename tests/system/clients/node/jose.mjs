// An API that checks JWT access tokens with jose and the key set by its URL. Reads a token a line, and
// prints what it found of each.
import { createInterface } from 'node:readline'
import { createRemoteJWKSet, jwtVerify } from 'jose'

const order = JSON.parse(process.argv[2])
const keys = createRemoteJWKSet(new URL(order.key_set), {
  cooldownDuration: 0,
  cacheMaxAge: 1000,
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
