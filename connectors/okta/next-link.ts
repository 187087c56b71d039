/**
 * The target of `rel="next"` in a `Link` header (RFC 8288 section 3), exactly as the vendor wrote it, or null. The
 * cursor in it is opaque: it is followed, never built.
 */
export function nextLink(header: string | undefined): string | null {
  // Most lists are one page, whose header speaks of itself alone.
  if (header === undefined || !/next/i.test(header)) return null
  for (const [, target, parameters] of header.matchAll(/<([^<>]*)>((?:[^<"]|"[^"]*")*)/g)) {
    for (const [, name, quoted, plain] of (parameters ?? '').matchAll(PARAMETER)) {
      if (name?.toLowerCase() !== 'rel') continue
      const relations = (quoted ?? plain ?? '').toLowerCase().split(/\s+/)
      if (relations.includes('next')) return target ?? null
      break
    }
  }
  return null
}

/** Read one after the other, so that a quoted value is passed over as a whole. */
const PARAMETER = /;\s*([^\s;,="<>]+)\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/g
