// Registers a client with openid-client, and has it ask for a token at once.
import * as client from 'openid-client'
import { GRANT_TYPE, key, order, report, signAssertion } from './assertion.mjs'

await report(async () => {
  const method = order.metadata.token_endpoint_auth_method
  const config = await client.dynamicClientRegistration(
    new URL(order.issuer),
    order.metadata,
    method === 'private_key_jwt' ? client.PrivateKeyJwt(key) : client.ClientSecretBasic(),
    {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
      initialAccessToken: order.token,
    },
  )
  const registered = config.clientMetadata()
  if (order.step === 'credentials')
    return { client: registered, token: await client.clientCredentialsGrant(config) }
  order.client_id = registered.client_id
  const token = await client.genericGrantRequest(config, GRANT_TYPE, {
    assertion: await signAssertion(config.serverMetadata().token_endpoint),
  })
  return { client: registered, token }
})
