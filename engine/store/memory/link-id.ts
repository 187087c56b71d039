/** Names of systems hold no line break. */
export function linkId(system: string, account: string): string {
  return `${system}\n${account}`
}
