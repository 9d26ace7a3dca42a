// Proves itself by a client certificate and uses its token, with oauth4webapi; then others try.
import * as oauth from 'oauth4webapi'
import { fetchWithCertificate } from './certificate.mjs'
import { order, report } from './assertion.mjs'
import { ask, discover, grant } from './oauth4webapi_server.mjs'
import { answers, codeOf, recorded } from './wire.mjs'

await report(async () => {
  const showing = (files) => ({ [oauth.customFetch]: recorded(fetchWithCertificate(files)) })
  const own = showing(order.files)
  const server = await discover(own)
  const token = await grant(server, oauth.TlsClientAuth(), own)
  await ask(token.access_token, own)

  const refusals = []
  for (const other of order.others.map(showing)) {
    refusals.push(await codeOf(grant(server, oauth.TlsClientAuth(), other)))
    refusals.push(await codeOf(ask(token.access_token, other)))
  }
  return { token, refusals, answers }
})
