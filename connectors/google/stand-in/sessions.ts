/** What somebody is signed in with: the web, applications that hold a token, programs with a password of their own. */
export interface Sessions {
  signIn(userId: string, clientId: string): void
  addAsp(userId: string): void
  count(userId: string): number
  tokens(userId: string): readonly object[]
  asps(userId: string): readonly object[]
  endWeb(userId: string): void
  /** False when there was none. */
  endToken(userId: string, clientId: string): boolean
  endAsp(userId: string, codeId: string): boolean
}

export function createSessions(): Sessions {
  const web = new Map<string, number>()
  const tokens = new Map<string, Set<string>>()
  const asps = new Map<string, Set<number>>()
  let codes = 0

  return {
    signIn(userId, clientId) {
      web.set(userId, (web.get(userId) ?? 0) + 1)
      tokens.set(userId, new Set([...(tokens.get(userId) ?? []), clientId]))
    },
    addAsp: (userId) => void asps.set(userId, new Set([...(asps.get(userId) ?? []), (codes += 1)])),
    count: (userId) => (web.get(userId) ?? 0) + (tokens.get(userId)?.size ?? 0) + (asps.get(userId)?.size ?? 0),
    tokens: (userKey) =>
      [...(tokens.get(userKey) ?? [])].map((clientId) => ({
        kind: 'admin#directory#token',
        clientId,
        userKey,
        displayText: 'An application',
        anonymous: false,
        nativeApp: false,
        scopes: ['openid'],
      })),
    asps: (userKey) =>
      [...(asps.get(userKey) ?? [])].map((codeId) => ({
        kind: 'admin#directory#asp',
        codeId,
        userKey,
        name: 'A program',
        creationTime: '0',
        lastTimeUsed: '0',
      })),
    endWeb: (userId) => void web.delete(userId),
    endToken: (userId, clientId) => tokens.get(userId)?.delete(clientId) === true,
    endAsp: (userId, codeId) => asps.get(userId)?.delete(Number(codeId)) === true,
  }
}
