// Signs an assertion with jose; what it is for comes as JSON on the command line.
import { readFileSync } from 'node:fs'
import { importPKCS8, SignJWT } from 'jose'

export const order = JSON.parse(process.argv[2])

export const key = await importPKCS8(readFileSync(order.key, 'utf8'), order.algorithm)

export const signAssertion = (audience) =>
  new SignJWT({})
    .setProtectedHeader({ alg: order.algorithm, typ: 'JWT' })
    .setIssuer(order.client_id)
    .setSubject(order.client_id)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('2m')
    .setJti(crypto.randomUUID())
    .sign(key)

export const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

// Prints what came of it; a refusal by the server is a result as well.
export const report = async (run) => {
  try {
    console.log(JSON.stringify(await run()))
  } catch (error) {
    if (error.error === undefined) throw error
    console.log(JSON.stringify({ error: error.error, status: error.status }))
  }
}
