// Finds the server's metadata and takes one step of a client's with oauth4webapi.
import * as oauth from 'oauth4webapi'
import { GRANT_TYPE, key, order, report, signAssertion } from './assertion.mjs'

const insecure = { [oauth.allowInsecureRequests]: true }

await report(async () => {
  const issuer = new URL(order.issuer)
  const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  const server = await oauth.processDiscoveryResponse(issuer, found)
  const client = { client_id: order.client_id }
  const proof = order.secret ? oauth.ClientSecretBasic(order.secret) : oauth.PrivateKeyJwt(key)
  const { scope, token } = order

  // Each step is a request and what reads its answer.
  const steps = {
    grant: [
      async () => {
        const assertion = await signAssertion(order.audience ?? server.token_endpoint)
        const parameters = { assertion, scope }
        return oauth.genericTokenEndpointRequest(
          server, client, oauth.None(), GRANT_TYPE, parameters, insecure)
      },
      (answer) => oauth.processGenericTokenEndpointResponse(server, client, answer),
    ],
    credentials: [
      () => oauth.clientCredentialsGrantRequest(server, client, proof, { scope }, insecure),
      (answer) => oauth.processClientCredentialsResponse(server, client, answer),
    ],
    refresh: [
      () => oauth.refreshTokenGrantRequest(server, client, proof, token, insecure),
      (answer) => oauth.processRefreshTokenResponse(server, client, answer),
    ],
    introspect: [
      () => oauth.introspectionRequest(server, client, proof, token, insecure),
      (answer) => oauth.processIntrospectionResponse(server, client, answer),
    ],
    revoke: [
      () => oauth.revocationRequest(server, client, proof, token, insecure),
      (answer) => oauth.processRevocationResponse(answer),
    ],
  }
  const [request, read] = steps[order.step]
  return read(await request())
})
