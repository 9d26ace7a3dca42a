// What the scripts have in common: their order, which comes as JSON on the command line, the key
// that it names, and how they tell what came of it.
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

// Prints what came of it; a refusal by the server is a result as well. Where the answer has a
// challenge, these libraries show that alone, and not the error in the body.
export const report = async (run) => {
  try {
    console.log(JSON.stringify((await run()) ?? null))
  } catch (error) {
    const { status } = error
    if (error.error !== undefined) console.log(JSON.stringify({ error: error.error, status }))
    else if (error.code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE')
      console.log(JSON.stringify({ challenge: error.cause[0].scheme, status }))
    else throw error
  }
}
