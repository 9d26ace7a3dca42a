// Asks about tokens and believes signed answers alone (RFC 9701), with openid-client.
import * as client from 'openid-client'
import { key, order, report } from './assertion.mjs'
import { codeOf, forge, spoiled } from './wire.mjs'

await report(async () => {
  const config = await client.discovery(
    new URL(order.issuer),
    order.client_id,
    { introspection_signed_response_alg: 'ES256' },
    client.PrivateKeyJwt(key),
    {
      algorithm: 'oauth2',
      // Without the second it reads what is signed, and leaves the signature to TLS.
      execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
    },
  )
  const inspect = (token, fetchAnswer = fetch) => {
    config[client.customFetch] = fetchAnswer
    return client.tokenIntrospection(config, token)
  }
  return {
    good: await inspect(order.token),
    unknown: await inspect('no token'),
    forged: await codeOf(inspect(order.token, spoiled(forge))),
    of_another: await codeOf(inspect(order.token, spoiled(() => order.of_another))),
  }
})
