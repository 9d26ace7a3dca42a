// A fetch() that shows a client certificate: Node's own has no option for it.
import { readFileSync } from 'node:fs'
import { request } from 'node:https'

// `files` names the client's certificate and key, and the CA that the server is known by.
export const fetchWithCertificate = (files) => {
  const [ca, cert, key] = [files.ca, files.certificate, files.key].map(
    (file) => file && readFileSync(file))
  return (url, options) =>
    new Promise((resolve, reject) => {
      const headers = Object.fromEntries(new Headers(options.headers))
      const body = options.body ? String(options.body) : undefined
      request(url, { method: options.method, headers, ca, cert, key }, async (message) => {
        const chunks = []
        for await (const chunk of message) chunks.push(chunk)
        const { statusCode: status, headers } = message
        resolve(new Response(Buffer.concat(chunks), { status, headers }))
      })
        .on('error', reject)
        .end(body)
    })
}
