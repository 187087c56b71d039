import type { Bytes } from './bytes.ts'

/** SHA-256 of each input. They go to Web Crypto together, which is what makes small inputs fast. */
export async function sha256All(inputs: readonly Bytes[]): Promise<Bytes[]> {
  const digests = await Promise.all(inputs.map((input) => crypto.subtle.digest('SHA-256', input)))
  return digests.map((digest) => new Uint8Array(digest))
}

export async function sha256(input: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', input))
}
