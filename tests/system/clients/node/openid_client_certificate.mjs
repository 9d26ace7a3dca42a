// Proves itself by a client certificate and uses its token, with openid-client; then others try.
import * as client from 'openid-client'
import { fetchWithCertificate } from './certificate.mjs'
import { order, report } from './assertion.mjs'
import { answers, codeOf, recorded } from './wire.mjs'

await report(async () => {
  const config = await client.discovery(
    new URL(order.issuer), order.client_id, undefined, client.TlsClientAuth(),
    { algorithm: 'oauth2', [client.customFetch]: fetchWithCertificate(order.files) })
  const show = (files) => {
    config[client.customFetch] = recorded(fetchWithCertificate(files))
  }
  const ask = (token) => client.fetchProtectedResource(config, token, new URL(order.api), 'POST')

  show(order.files)
  const token = await client.clientCredentialsGrant(config)
  await ask(token.access_token)

  const refusals = []
  for (const other of order.others) {
    show(other)
    refusals.push(await codeOf(client.clientCredentialsGrant(config)))
    refusals.push(await codeOf(ask(token.access_token)))
  }
  return { token, refusals, answers }
})
