import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { verifyJiraWebhook } from '#connectors/jira/webhook.ts'
import type { Ports } from '#engine/ports.ts'
import { buildWebhookDoor } from './webhook-door.ts'

/* The door, met over real sockets by senders who do not behave. */

const SECRET = 'a secret of the test'
const SITE = 'https://halden.atlassian.example'
const KIBIBYTE = 1_024

const received: string[] = []
const faults: unknown[] = []
let door: FastifyInstance
let port: number

before(async () => {
  const store = {
    receive: async ({ about }: { about: string }) => {
      received.push(about)
      return 'received'
    },
  }
  door = buildWebhookDoor({
    webhooks: { verify: (posted) => verifyJiraWebhook({ ...posted, secret: SECRET, siteUrl: SITE }) },
    ports: () => ({ store, clock: { now: () => 0 } }) as unknown as Ports,
    onFault: (fault) => faults.push(fault),
    limits: { oneBodyBytes: 64 * KIBIBYTE, allBodiesBytes: 96 * KIBIBYTE },
  })
  await door.listen({ host: '127.0.0.1', port: 0 })
  port = (door.server.address() as AddressInfo).port
})
after(() => door.close())

const WELL_FORMED = `sha256=${'0'.repeat(64)}`

/** Sends the head of a request and as much of its body as is given. */
async function post(options: {
  readonly path?: string
  readonly signature?: string
  readonly length: number
  readonly body?: string | Buffer
}): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const head = [
    `POST ${options.path ?? '/webhooks/jira'} HTTP/1.1`,
    'host: door',
    'content-type: application/json',
    `content-length: ${options.length}`,
    ...(options.signature === undefined ? [] : [`x-hub-signature: ${options.signature}`]),
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  if (options.body !== undefined) socket.write(options.body)
  return socket
}

async function statusOn(socket: Socket): Promise<number> {
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return Number(/^HTTP\/1\.1 (\d+)/.exec(bytes.toString('latin1'))?.[1])
}

async function genuine(): Promise<number> {
  const issue = { id: '10001', key: 'ACCESS-1', self: `${SITE}/rest/api/2/issue/10001` }
  const body = JSON.stringify({ webhookEvent: 'jira:issue_created', issue })
  const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`
  return statusOn(await post({ signature, length: Buffer.byteLength(body), body }))
}

test(
  'who shows no signature, or none that could be one, is refused before a byte of the body is read',
  { timeout: 10_000 },
  async () => {
    // None of these ever sends its body: whoever waits for one waits for ever.
    assert.equal(await statusOn(await post({ length: 60_000 })), 401)
    for (const signature of [
      'sha256=',
      `sha256=${'0'.repeat(63)}`,
      `sha256=${'0'.repeat(65)}`,
      `sha1=${'0'.repeat(64)}`,
      'x',
    ])
      assert.equal(await statusOn(await post({ signature, length: 60_000 })), 401, signature)
    assert.equal(await statusOn(await post({ path: '/other', signature: WELL_FORMED, length: 60_000 })), 404)
  },
)

test('a body that is too large is refused, by its length and by its bytes', { timeout: 10_000 }, async () => {
  assert.equal(await statusOn(await post({ signature: WELL_FORMED, length: 64 * KIBIBYTE + 1 })), 413)
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(
    `POST /webhooks/jira HTTP/1.1\r\nhost: door\r\nx-hub-signature: ${WELL_FORMED}\r\ntransfer-encoding: chunked\r\n\r\n`,
  )
  for (let sent = 0; sent < 5; sent += 1) socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`)
  assert.equal(await statusOn(socket), 413)
})

test(
  'bodies that never end fill no more than the room for all of them, and what they held is free when they go',
  { timeout: 10_000 },
  async () => {
    const half = { signature: WELL_FORMED, length: 60 * KIBIBYTE, body: Buffer.alloc(50 * KIBIBYTE) }
    const first = await post(half)
    const second = await post(half)
    assert.equal(await Promise.race([statusOn(second), statusOn(first)]), 503, 'the second does not fit')
    first.destroy()
    second.destroy()
    let status = 0
    for (let tries = 0; tries < 100 && status !== 401; tries += 1) {
      status = await statusOn(await post({ ...half, body: Buffer.alloc(60 * KIBIBYTE) }))
    }
    assert.equal(status, 401, 'there is room again, so the signature is looked at')
    for (let more = 0; more < 5; more += 1)
      assert.equal(await statusOn(await post({ ...half, body: Buffer.alloc(60 * KIBIBYTE) })), 401)
  },
)

test('a genuine webhook is received, and nothing of all this was a fault', { timeout: 10_000 }, async () => {
  assert.equal(await genuine(), 202)
  assert.deepEqual(received, ['ACCESS-1'])
  assert.deepEqual(faults, [])
})

test('only so many senders are connected at once', () => {
  assert.equal(door.server.maxConnections, 64)
})
