// Has a token bound to a key by DPoP and uses it, as its owner and as a thief, with openid-client,
// which takes the server's nonce and tries again by itself.
import * as client from 'openid-client'
import { key, order, report } from './assertion.mjs'
import { answers, codeOf, recorded, throughGateway } from './wire.mjs'

await report(async () => {
  const config = await client.discovery(
    new URL(order.issuer), order.client_id, undefined, client.PrivateKeyJwt(key),
    { algorithm: 'oauth2', execute: [client.allowInsecureRequests] })
  config[client.customFetch] = recorded(throughGateway)
  const proving = async () => ({
    DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256')),
  })
  const ask = (token, options) =>
    client.fetchProtectedResource(
      config, token, new URL(order.api), 'POST', null, undefined, options)

  const own = await proving()
  const token = await client.clientCredentialsGrant(config, {}, own)
  await ask(token.access_token, own)

  const refusals = [
    await codeOf(ask(token.access_token)),
    await codeOf(ask(token.access_token, await proving())),
  ]
  return { token, refusals, answers }
})
