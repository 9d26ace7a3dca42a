// An API that checks JWT access tokens, and the proofs that come with them, with oauth4webapi
// (RFC 9068, RFC 9449). Its clients are played with the same library.
import * as oauth from 'oauth4webapi'
import { key, order, report } from './assertion.mjs'
import { ask, client, discover, grant, insecure, withNonce } from './oauth4webapi_server.mjs'
import { codeOf } from './wire.mjs'

// What arrives at the API when a client uses a token.
const arriving = async (token, proof = {}) => {
  let arrived
  const arrive = async (url, { method, headers }) => {
    arrived = new Request(url, { method, headers })
    return new Response()
  }
  await ask(token.access_token, { ...proof, [oauth.customFetch]: arrive, ...insecure })
  return arrived
}

await report(async () => {
  const server = await discover()
  const check = (request, audience = order.audience, options = {}) =>
    oauth.validateJwtAccessToken(server, request.clone(), audience, { ...options, ...insecure })

  const prover = async () => ({ DPoP: oauth.DPoP(client, await oauth.generateKeyPair('ES256')) })
  const own = await prover()
  const obtain = (proof) =>
    withNonce(() => grant(server, oauth.PrivateKeyJwt(key), { ...proof, ...insecure }))
  const [bearer, bound] = [await obtain({}), await obtain(own)]

  const [plain, proved] = [await arriving(bearer), await arriving(bound, own)]
  const replayedElsewhere = new Request('https://elsewhere.example/', proved)
  const changed = new Request(plain, {
    headers: { authorization: `Bearer ${bearer.access_token.slice(0, -86)}${'A'.repeat(86)}` },
  })
  return {
    claims: { plain: await check(plain), proved: await check(proved) },
    refusals: {
      'a plain token for another API': await codeOf(check(plain, 'https://elsewhere.example')),
      'a bound token for another API': await codeOf(check(proved, 'https://elsewhere.example')),
      'a changed token': await codeOf(check(changed)),
      'a bearer token where a proof is demanded': await codeOf(
        check(plain, order.audience, { requireDPoP: true })),
      'a bound token as a bearer token': await codeOf(check(await arriving(bound))),
      'a proof by another key': await codeOf(check(await arriving(bound, await prover()))),
      'a proof for another URL': await codeOf(check(replayedElsewhere)),
    },
  }
})
