/** The address when it is one that a browser may follow (http or https), else null: `javascript:` and its like are not. */
export function safeLink(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null
  const { protocol } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? url : null
}
