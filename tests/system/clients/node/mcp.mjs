// An MCP client that reaches a protected server: it is refused, finds the authorization server by
// the protected server's metadata (RFC 9728), gets a token there and comes back with it. The
// protected server is played here, on loopback, and the client is the MCP SDK's own.
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import {
  ClientCredentialsProvider,
  PrivateKeyJwtProvider,
} from '@modelcontextprotocol/sdk/client/auth-extensions.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

const order = JSON.parse(process.argv[2])
const METADATA = '/.well-known/oauth-protected-resource/mcp'

// The body of a JSON-RPC request; none if there is no body.
const bodyOf = async (request) => {
  let text = ''
  for await (const chunk of request) text += chunk
  return text ? JSON.parse(text) : undefined
}

// Asks the authorization server as a gateway does.
const isGood = async (authorization) => {
  const demand = new URLSearchParams({ aud: order.resource })
  const answer = await fetch(`${order.check}?${demand}`, { headers: { authorization } })
  return answer.status === 200
}

const RESULTS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: {},
    serverInfo: { name: 'protected', version: '1' },
  }),
  ping: () => ({}),
}

const answerJson = (response, status, value, headers = {}) =>
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(
    JSON.stringify(value))

const resource = createServer(async (request, response) => {
  const own = new URL(order.resource).origin
  const message = await bodyOf(request)
  const { authorization } = request.headers
  if (request.url === METADATA)
    return answerJson(response, 200, {
      resource: order.resource,
      authorization_servers: [order.issuer],
    })
  if (!authorization || !(await isGood(authorization)))
    return answerJson(response, 401, {}, {
      'WWW-Authenticate': `Bearer resource_metadata="${own}${METADATA}"`,
    })
  if (request.method !== 'POST') return response.writeHead(405).end()
  if (message.id === undefined) return response.writeHead(202).end()
  const result = RESULTS[message.method](message.params)
  return answerJson(response, 200, { jsonrpc: '2.0', id: message.id, result })
})

const url = new URL(order.resource)
resource.listen(url.port, url.hostname)
await once(resource, 'listening')

const common = { clientId: order.client_id, scope: order.scope, expectedIssuer: order.issuer }
const provider = order.secret
  ? new ClientCredentialsProvider({ ...common, clientSecret: order.secret })
  : new PrivateKeyJwtProvider({
      ...common,
      privateKey: readFileSync(order.key, 'utf8'),
      algorithm: order.algorithm,
    })
const client = new Client({ name: 'stock', version: '1' })
try {
  await client.connect(new StreamableHTTPClientTransport(url, { authProvider: provider }))
  await client.ping()
  const server = client.getServerVersion()
  await client.close()
  console.log(JSON.stringify({ token: provider.tokens(), server }))
} catch (error) {
  if (error.errorCode === undefined) throw error
  console.log(JSON.stringify({ error: error.errorCode, description: error.message }))
} finally {
  resource.closeAllConnections()
  resource.close()
}
