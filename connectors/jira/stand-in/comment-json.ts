import { commentShape } from './shapes.ts'
import type { Comment, Site } from './site.ts'

const known = new WeakMap<Comment, { readonly url: string; readonly plain: string; readonly withProperties: string }>()

/** A comment never changes once it is said, and is read again with every comment that follows it. */
export function commentJson(site: Site, comment: Comment, how: 'plain' | 'withProperties'): string {
  let texts = known.get(comment)
  if (texts?.url !== site.url) {
    const textOf = (withProperties: boolean): string =>
      JSON.stringify(commentShape(site, comment, { version: 3, withProperties }))
    texts = { url: site.url, plain: textOf(false), withProperties: textOf(true) }
    known.set(comment, texts)
  }
  return texts[how]
}
