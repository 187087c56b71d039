/**
 * The target of `rel="next"` in a `Link` header (RFC 8288 section 3), exactly as the vendor wrote it, or null. The
 * cursor in it is opaque: it is followed, never built.
 */
export function nextLink(header: string | undefined): string | null {
  if (header === undefined) return null
  for (const [, target, parameters] of header.matchAll(/<([^<>]*)>((?:[^<"]|"[^"]*")*)/g)) {
    const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters ?? '')
    const relations = (relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/)
    if (relations.includes('next')) return target ?? null
  }
  return null
}
