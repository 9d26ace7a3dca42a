// Finds the server's metadata and takes one step of a client's with openid-client.
import * as client from 'openid-client'
import { GRANT_TYPE, key, order, report, signAssertion } from './assertion.mjs'

await report(async () => {
  const config = await client.discovery(
    new URL(order.issuer),
    order.client_id,
    undefined,
    order.secret ? client.ClientSecretBasic(order.secret) : client.PrivateKeyJwt(key),
    { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
  )
  const { scope, token } = order
  const steps = {
    grant: async () =>
      client.genericGrantRequest(config, GRANT_TYPE, {
        assertion: await signAssertion(order.audience ?? config.serverMetadata().token_endpoint),
        scope,
      }),
    credentials: () => client.clientCredentialsGrant(config, { scope }),
    refresh: () => client.refreshTokenGrant(config, token),
    introspect: () => client.tokenIntrospection(config, token),
    revoke: () => client.tokenRevocation(config, token),
  }
  return steps[order.step]()
})
