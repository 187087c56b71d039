/** Names as a list that stays short: "Mara Quill", "Mara Quill and 1 more". */
export function shortNames(names: readonly string[]): string {
  const [first, ...others] = names
  if (first === undefined) return ''
  return others.length > 0 ? `${first} and ${others.length} more` : first
}
