// Has a token bound to a key by DPoP and uses it, as its owner and as a thief, with oauth4webapi.
import * as oauth from 'oauth4webapi'
import { key, report } from './assertion.mjs'
import { ask, client, discover, grant, insecure, withNonce } from './oauth4webapi_server.mjs'
import { answers, codeOf, recorded, throughGateway } from './wire.mjs'

await report(async () => {
  const server = await discover()
  const observed = { [oauth.customFetch]: recorded(throughGateway), ...insecure }
  const proving = (pair) => ({ DPoP: oauth.DPoP(client, pair), ...observed })

  const own = proving(await oauth.generateKeyPair('ES256'))
  const token = await withNonce(() => grant(server, oauth.PrivateKeyJwt(key), own))
  await withNonce(() => ask(token.access_token, own))

  const other = proving(await oauth.generateKeyPair('ES256'))
  const refusals = [
    await codeOf(ask(token.access_token, observed)),
    await codeOf(withNonce(() => ask(token.access_token, other))),
  ]
  return { token, refusals, answers }
})
