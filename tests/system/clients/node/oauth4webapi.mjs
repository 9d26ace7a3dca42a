// Finds the server's metadata, gets a token for an assertion and asks about it, with oauth4webapi.
import * as oauth from 'oauth4webapi'
import { GRANT_TYPE, key, order, report, signAssertion } from './assertion.mjs'

const insecure = { [oauth.allowInsecureRequests]: true }

await report(async () => {
  const issuer = new URL(order.issuer)
  const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  const server = await oauth.processDiscoveryResponse(issuer, found)
  const client = { client_id: order.client_id }

  const answer = await oauth.genericTokenEndpointRequest(
    server,
    client,
    oauth.None(),
    GRANT_TYPE,
    { assertion: await signAssertion(order.audience ?? server.token_endpoint), scope: order.scope },
    insecure,
  )
  const token = await oauth.processGenericTokenEndpointResponse(server, client, answer)
  const introspection = await oauth.processIntrospectionResponse(
    server,
    client,
    await oauth.introspectionRequest(
      server,
      client,
      oauth.PrivateKeyJwt(key),
      token.access_token,
      insecure,
    ),
  )
  return { token, introspection }
})
