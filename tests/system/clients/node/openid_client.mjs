// Finds the server's metadata, gets a token for an assertion and asks about it, with openid-client.
import * as client from 'openid-client'
import { GRANT_TYPE, key, order, report, signAssertion } from './assertion.mjs'

await report(async () => {
  const config = await client.discovery(
    new URL(order.issuer),
    order.client_id,
    undefined,
    client.PrivateKeyJwt(key),
    { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
  )
  const audience = order.audience ?? config.serverMetadata().token_endpoint
  const token = await client.genericGrantRequest(config, GRANT_TYPE, {
    assertion: await signAssertion(audience),
    scope: order.scope,
  })
  const introspection = await client.tokenIntrospection(config, token.access_token)
  return { token, introspection }
})
