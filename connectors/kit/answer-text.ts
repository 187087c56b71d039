export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  /** In words: `an HTML page`, `half a JSON`, `text`. */
  | { readonly ok: false; readonly looksLike: string }

/** A login page, a proxy's message and a connection cut in the middle all come as 200 now and then. */
export function parseJson(body: string): ParsedJson {
  try {
    return { ok: true, value: JSON.parse(body) as unknown }
  } catch {
    const first = body.slice(0, 64).trimStart()[0]
    if (first === '<') return { ok: false, looksLike: 'an HTML page' }
    if (first === '{' || first === '[') return { ok: false, looksLike: 'half a JSON' }
    return { ok: false, looksLike: 'text that is no JSON' }
  }
}

/** A vendor may repeat what we sent in its error. Nothing secret may come back through that door. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) if (secret.length > 0) clean = clean.replaceAll(secret, '[removed]')
  return clean.replace(COMPACT_JWT, '[removed]')
}

/** Three parts of base64url, the first of which is an object: RFC 7515 section 7.1. */
const COMPACT_JWT = /eyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g
