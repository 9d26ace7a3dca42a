// Asks about tokens and believes signed answers alone (RFC 9701), with oauth4webapi.
import * as oauth from 'oauth4webapi'
import { key, order, report } from './assertion.mjs'
import { client, discover, insecure } from './oauth4webapi_server.mjs'
import { codeOf, forge, spoiled } from './wire.mjs'

await report(async () => {
  const server = await discover()
  const inspect = async (token, fetchAnswer = fetch) => {
    const answer = await oauth.introspectionRequest(
      server, client, oauth.PrivateKeyJwt(key), token,
      { requestJwtResponse: true, [oauth.customFetch]: fetchAnswer, ...insecure })
    const members = await oauth.processIntrospectionResponse(server, client, answer)
    await oauth.validateApplicationLevelSignature(server, answer, insecure)
    return members
  }
  return {
    good: await inspect(order.token),
    unknown: await inspect('no token'),
    forged: await codeOf(inspect(order.token, spoiled(forge))),
    of_another: await codeOf(inspect(order.token, spoiled(() => order.of_another))),
  }
})
