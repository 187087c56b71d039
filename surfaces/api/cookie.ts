/**
 * The session cookie. Browsers share cookies between the ports of one host, so the name holds the port: two Tenures on one
 * machine do not throw each other's visitors out. `Secure` is left away because Safari drops such cookies on
 * http://127.0.0.1; nothing else than loopback is ever served.
 */
export function cookieNameFor(port: string): string {
  return `tenure_session_${port}`
}

export function sessionCookie(port: string, token: string, lastsMs: number): string {
  return `${cookieNameFor(port)}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${Math.floor(lastsMs / 1_000)}`
}

/** The token in a `Cookie` header, or null. Only what could be one of our tokens is ever looked up. */
export function tokenIn(cookieHeader: string | undefined, port: string): string | null {
  const name = cookieNameFor(port)
  for (const pair of (cookieHeader ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) {
      const value = pair.slice(at + 1).trim()
      return /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null
    }
  }
  return null
}
