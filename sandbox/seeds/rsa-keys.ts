import { generateKeyPairSync } from 'node:crypto'

/** The key pair of an app or of a service account. */
export interface RsaKeys {
  /** PKCS #8 in PEM. */
  readonly privateKey: string
  /** SPKI in PEM. */
  readonly publicKey: string
}

export function newRsaKeys(): RsaKeys {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  }
}
