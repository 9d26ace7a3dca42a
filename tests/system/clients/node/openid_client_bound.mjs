// Has tokens of its own, bound to a key, and uses them, with openid-client.
import * as client from 'openid-client'
import { fetchWithCertificate } from './certificate.mjs'
import { key, order, report } from './assertion.mjs'

const discover = (proof, metadata, options) =>
  client.discovery(new URL(order.issuer), order.client_id, metadata, proof, {
    algorithm: 'oauth2',
    ...options,
  })

const statusOf = (request) =>
  request().then(
    ({ status }) => status,
    (error) => error.status ?? Promise.reject(error))

const ask = (config, token, options) =>
  client.fetchProtectedResource(
    config, token, new URL(order.api), 'GET', null, new Headers(order.headers), options)

const bound = async () => {
  const config = await discover(client.PrivateKeyJwt(key), undefined, {
    execute: [client.allowInsecureRequests],
  })
  // It takes the server's nonce and tries again by itself.
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const token = await client.clientCredentialsGrant(config, {}, { DPoP })
  const used = await ask(config, token.access_token, { DPoP })
  return {
    token,
    used: used.status,
    stolen: await statusOf(() => ask(config, token.access_token)),
  }
}

const certificate = async () => {
  const withFiles = (files) => {
    const shown = fetchWithCertificate(files)
    return discover(client.TlsClientAuth(), undefined, { [client.customFetch]: shown })
  }
  const [own, other] = [await withFiles(order.files), await withFiles(order.other_files)]
  const token = await client.clientCredentialsGrant(own)
  return {
    token,
    used: await statusOf(() => ask(own, token.access_token)),
    stolen: await statusOf(() => ask(other, token.access_token)),
    refused: await client.clientCredentialsGrant(other).then(
      () => 'granted',
      ({ status }) => status),
  }
}

const introspect = async () => {
  const config = await discover(
    client.PrivateKeyJwt(key),
    { introspection_signed_response_alg: 'ES256' },
    { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
  )
  const good = await client.tokenIntrospection(config, order.token)
  const unknown = await client.tokenIntrospection(config, 'no token')
  config[client.customFetch] = async (url, options) => {
    const answer = await fetch(url, options)
    if (!answer.headers.get('content-type').includes('jwt')) return answer
    const text = await answer.text()
    const { status, headers } = answer
    return new Response(text.slice(0, text.lastIndexOf('.') + 1) + 'A'.repeat(86), {
      status,
      headers,
    })
  }
  const forged = await client.tokenIntrospection(config, order.token).then(
    () => 'believed',
    ({ code }) => code)
  return { good, unknown, forged }
}

await report({ bound, certificate, introspect }[order.step])
