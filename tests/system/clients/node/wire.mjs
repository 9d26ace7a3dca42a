// What scripts put between a library and the network, as its fetch().
import { order } from './assertion.mjs'

// All that was answered so far: the audit log has a line for each `id`.
export const answers = []

export const recorded = (fetch) => async (url, options) => {
  const answer = await fetch(url, options)
  const { status, headers } = answer
  answers.push({ path: new URL(url).pathname, status, id: headers.get('x-correlation-id') })
  return answer
}

// Plays the gateway of the API: what goes there becomes a question to the server, which says with
// X-Forwarded-... what was asked of the API.
export const throughGateway = (url, options) => {
  const { origin, protocol, host, pathname, search } = new URL(url)
  if (origin !== new URL(order.api).origin) return fetch(url, options)
  const headers = {
    ...Object.fromEntries(new Headers(options.headers)),
    'x-forwarded-method': options.method,
    'x-forwarded-proto': protocol.slice(0, -1),
    'x-forwarded-host': host,
    'x-forwarded-uri': pathname + search,
  }
  return fetch(`${order.issuer}/api/oauth/check`, { headers })
}

// Somebody on the way who changes signed answers.
export const spoiled = (spoil) => async (url, options) => {
  const answer = await fetch(url, options)
  const { status, headers } = answer
  if (!headers.get('content-type').includes('jwt')) return answer
  return new Response(spoil(await answer.text()), { status, headers })
}

// Says of a token that it may do everything, under the signature of another answer.
export const forge = (text) => {
  const [header, payload, signature] = text.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url'))
  claims.token_introspection.scope = 'everything'
  const forged = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return [header, forged, signature].join('.')
}

// Why it was refused, in the library's own words.
export const codeOf = (promise) =>
  promise.then(
    () => 'accepted',
    ({ code, message }) => code ?? message)
