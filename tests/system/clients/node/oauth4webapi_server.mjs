// What the scripts for oauth4webapi have in common: the server by its metadata, and a grant.
import * as oauth from 'oauth4webapi'
import { order } from './assertion.mjs'

export const client = { client_id: order.client_id }

// The server is reached over HTTP, unless a script says otherwise.
export const insecure = { [oauth.allowInsecureRequests]: true }

export const discover = async (options = insecure) => {
  const issuer = new URL(order.issuer)
  const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options })
  return oauth.processDiscoveryResponse(issuer, found)
}

export const grant = async (server, proof, options = insecure) =>
  oauth.processClientCredentialsResponse(
    server, client, await oauth.clientCredentialsGrantRequest(server, client, proof, {}, options))

export const ask = (token, options = insecure) =>
  oauth.protectedResourceRequest(
    token, 'POST', new URL(order.api), new Headers(), null, options)

// Once more, with the nonce that the server gave; the library has kept it.
export const withNonce = (request) =>
  request().catch((error) => {
    if (!oauth.isDPoPNonceError(error)) throw error
    return request()
  })
