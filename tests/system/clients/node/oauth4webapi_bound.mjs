// Has tokens of its own, bound to a key, and uses them, with oauth4webapi.
import * as oauth from 'oauth4webapi'
import { fetchWithCertificate } from './certificate.mjs'
import { key, order, report } from './assertion.mjs'

const insecure = { [oauth.allowInsecureRequests]: true }
const client = { client_id: order.client_id }

const discover = async (options) => {
  const issuer = new URL(order.issuer)
  const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options })
  return oauth.processDiscoveryResponse(issuer, found)
}

const statusOf = (request) =>
  request().then(
    ({ status }) => status,
    (error) => error.status ?? Promise.reject(error))

const grant = async (server, proof, options) =>
  oauth.processClientCredentialsResponse(
    server, client, await oauth.clientCredentialsGrantRequest(server, client, proof, {}, options))

const ask = (token, options, headers) =>
  oauth.protectedResourceRequest(
    token, 'GET', new URL(order.api), new Headers(headers), null, options)

const bound = async () => {
  const server = await discover(insecure)
  const pair = await oauth.generateKeyPair('ES256')
  const DPoP = oauth.DPoP(client, pair)
  const options = { DPoP, ...insecure }
  let nonces = 0
  // The first request of all has no nonce yet: the server gives one.
  const again = (request) =>
    request().catch((error) => {
      if (!oauth.isDPoPNonceError(error)) throw error
      nonces += 1
      return request()
    })
  const token = await again(() => grant(server, oauth.PrivateKeyJwt(key), options))
  const { access_token: text } = token
  const used = await again(() => ask(text, options, order.headers))

  // The API checks the token and the proof by itself (RFC 9068, RFC 9449).
  const seen = (headers) => new Request(order.api, { headers })
  let shown
  const capture = async (_, { headers }) => ((shown = seen(headers)), new Response())
  await ask(text, { ...options, [oauth.customFetch]: capture })
  const claims = await oauth.validateJwtAccessToken(server, shown, order.audience, insecure)
  const why = (request, audience) =>
    oauth.validateJwtAccessToken(server, request, audience, insecure).then(
      () => 'accepted',
      ({ code, message }) => code ?? message)
  return {
    token,
    nonces,
    used: used.status,
    stolen: await statusOf(() => ask(text, insecure, order.headers)),
    claims,
    elsewhere: await why(shown, 'https://elsewhere.example'),
    as_bearer: await why(seen({ authorization: `Bearer ${text}` }), order.audience),
  }
}

const certificate = async () => {
  const own = { [oauth.customFetch]: fetchWithCertificate(order.files) }
  const other = { [oauth.customFetch]: fetchWithCertificate(order.other_files) }
  const server = await discover(own)
  const token = await grant(server, oauth.TlsClientAuth(), own)
  return {
    token,
    used: await statusOf(() => ask(token.access_token, own)),
    stolen: await statusOf(() => ask(token.access_token, other)),
    refused: await grant(server, oauth.TlsClientAuth(), other).then(
      () => 'granted',
      ({ status }) => status),
  }
}

const introspect = async () => {
  const server = await discover(insecure)
  const proof = oauth.PrivateKeyJwt(key)
  const asked = async (token, spoil = (text) => text) => {
    const answer = await oauth.introspectionRequest(
      server, client, proof, token, { requestJwtResponse: true, ...insecure })
    const { status, headers } = answer
    const received = new Response(spoil(await answer.text()), { status, headers })
    const members = await oauth.processIntrospectionResponse(server, client, received)
    await oauth.validateApplicationLevelSignature(server, received, insecure)
    return members
  }
  const swapSignature = (text) => text.slice(0, text.lastIndexOf('.') + 1) + 'A'.repeat(86)
  return {
    good: await asked(order.token),
    unknown: await asked('no token'),
    forged: await asked(order.token, swapSignature).then(
      () => 'believed',
      ({ code }) => code),
  }
}

await report({ bound, certificate, introspect }[order.step])
