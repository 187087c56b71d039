import type { FastifyInstance } from 'fastify'
import { BlockList, isIP } from 'node:net'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** True for an address (not a name) that never leaves this machine. */
export function isLoopbackAddress(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && LOOPBACK.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/**
 * The part of a `Host` header before the port, when it is a name by which only this machine can mean itself; else null.
 * A page of another site that had its own name point at 127.0.0.1 (DNS rebinding) sends that name, and is refused by it.
 */
export function localHostOf(hostHeader: string | undefined): { readonly host: string; readonly port: string } | null {
  const match = /^(localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?$/i.exec(hostHeader ?? '')
  return match?.[1] ? { host: match[1].toLowerCase(), port: match[2] ?? '80' } : null
}

/** Listens, or throws: console and API never get a public address while there is no sign-in. Port 0 takes any free one. */
export async function listenOnLoopback(
  app: FastifyInstance,
  where: { readonly host: string; readonly port: number },
): Promise<{ readonly baseUrl: string }> {
  const host = where.host === 'localhost' ? '127.0.0.1' : where.host
  if (!isLoopbackAddress(host)) {
    throw new Error(
      `Tenure will not listen on ${JSON.stringify(where.host)}: until sign-in exists, console and API listen on loopback only (127.0.0.1 or ::1).`,
    )
  }
  await app.listen({ host, port: where.port })
  const address = app.addresses()[0]
  if (!address || typeof address === 'string') throw new Error('the server listens, but has no address')
  return { baseUrl: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}` }
}
