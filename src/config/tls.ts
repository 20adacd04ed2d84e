import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { type Static, Type } from 'typebox'
import type { Path } from './mistakes.ts'
import type { Sound } from './read-shape.ts'
import type { Reading } from './reading.ts'
import { Secret } from './secret.ts'

/** Paths of PEM files. */
export const TlsSchema = Type.Object({
  cert: Type.String({ description: 'The certificate, and behind it those between it and a root.' }),
  key: Type.String({ description: 'Its private key, without a passphrase.' }),
  clientCa: Type.Optional(
    Type.String({ description: 'Callers must have a certificate of this authority, beside their key.' }),
  ),
})

/** What the listener proves itself with, as PEM, and whom it lets in. */
export type TlsConfig = {
  readonly cert: string
  readonly key: Secret
  /** `undefined`: callers need no certificate. */
  readonly clientCa: string | undefined
  /** The path of the key. */
  readonly keyFile: string
}

/** Reads the files, and notes what could not be served with. */
export function readTls(files: Sound<Static<typeof TlsSchema>>, path: Path, reading: Reading): TlsConfig | undefined {
  const { mistakes } = reading
  const before = mistakes.count
  const [cert, key, clientCa] = (['cert', 'key', 'clientCa'] as const).map((name) => {
    const file = files[name]
    return file === undefined ? undefined : reading.fileAt(file, [...path, name])
  })
  if (cert === undefined || key === undefined || files.key === undefined || mistakes.count > before) return undefined
  const certificate = parsed(() => new X509Certificate(cert))
  const privateKey = parsed(() => createPrivateKey(key))
  if (certificate === undefined) mistakes.add([...path, 'cert'], 'names a file without a certificate in PEM')
  if (privateKey === undefined) mistakes.add([...path, 'key'], badKey)
  if (clientCa !== undefined && parsed(() => new X509Certificate(clientCa)) === undefined)
    mistakes.add([...path, 'clientCa'], 'names a file without a certificate in PEM')
  if (mistakes.count === before) checkPair(certificate as X509Certificate, privateKey as KeyObject, path, reading)
  if (mistakes.count === before && parsed(() => createSecureContext({ cert, key, ca: clientCa })) === undefined)
    mistakes.add([...path, 'cert'], 'is refused by OpenSSL: a key that is too short, or a chain that is broken')
  return { cert, key: new Secret(key), clientCa, keyFile: files.key }
}

const badKey = 'names a file without a private key in PEM that can be read without a passphrase'

function checkPair(certificate: X509Certificate, key: KeyObject, path: Path, { mistakes }: Reading): void {
  if (!certificate.checkPrivateKey(key)) mistakes.add([...path, 'key'], 'is not the key of the certificate')
}

function parsed<Parsed>(parse: () => Parsed): Parsed | undefined {
  try {
    return parse()
  } catch {
    return undefined
  }
}
