// Registers a client with oauth4webapi, and has it ask for a token at once.
import * as oauth from 'oauth4webapi'
import { GRANT_TYPE, key, order, report, signAssertion } from './assertion.mjs'

const insecure = { [oauth.allowInsecureRequests]: true }

await report(async () => {
  const issuer = new URL(order.issuer)
  const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  const server = await oauth.processDiscoveryResponse(issuer, found)
  const answer = await oauth.dynamicClientRegistrationRequest(server, order.metadata, {
    initialAccessToken: order.token,
    ...insecure,
  })
  const client = await oauth.processDynamicClientRegistrationResponse(answer)

  if (order.step === 'credentials') {
    const proof = client.client_secret
      ? oauth.ClientSecretBasic(client.client_secret)
      : oauth.PrivateKeyJwt(key)
    const asked = await oauth.clientCredentialsGrantRequest(server, client, proof, {}, insecure)
    return { client, token: await oauth.processClientCredentialsResponse(server, client, asked) }
  }
  order.client_id = client.client_id
  const assertion = await signAssertion(server.token_endpoint)
  const asked = await oauth.genericTokenEndpointRequest(
    server, client, oauth.None(), GRANT_TYPE, { assertion }, insecure)
  const token = await oauth.processGenericTokenEndpointResponse(server, client, asked)
  return { client, token }
})
