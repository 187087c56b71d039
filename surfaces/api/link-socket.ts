import { rmSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname } from 'node:path'

/*
 * How a running server gives another entry link (`tenure console link`): over a unix socket in a folder that only its owner
 * can enter. Whoever can connect is the user who runs Tenure, or root; both could read its memory anyway. There is no
 * protocol: connecting is the question, one line is the answer.
 */

export interface LinkSocket {
  close(): Promise<void>
}

/** `folder` of the path must be 0700 already, and the whole path under 90 bytes, or systems refuse it. */
export async function openLinkSocket(options: {
  readonly path: string
  readonly createLink: () => string
}): Promise<LinkSocket> {
  const { path } = options
  if (Buffer.byteLength(path) >= 90) throw new Error(`the path of the link socket is too long: ${path}`)
  if ((statSync(dirname(path)).mode & 0o077) !== 0) {
    throw new Error(`others can enter ${dirname(path)}: the link socket needs a folder with mode 0700`)
  }
  if (await isAnswered(path)) throw new Error(`another Tenure already answers at ${path}`)
  rmSync(path, { force: true })

  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.end(`${options.createLink()}\n`)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
      }),
  }
}

/** Asks the running server for a link; null when none runs. */
export async function askForLink(path: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(path)
    socket.setTimeout(5_000, () => socket.destroy(new Error('the running Tenure did not answer within 5 seconds')))
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => (text += chunk))
    socket.on('end', () => resolve(text.trim()))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? resolve(null) : reject(error),
    )
  })
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
