import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AGAIN_PATH, AGAIN_SCRIPT } from './again.ts'
import type { ApiOptions } from './api-options.ts'
import type { ConsoleFile } from './console-files.ts'
import { readConsoleFiles } from './console-files.ts'
import { htmlOf } from './page.ts'
import { refuse } from './refuse.ts'

export function addConsoleRoutes(app: FastifyInstance, options: ApiOptions): void {
  let loaded: { readonly folder: string; readonly files: ReadonlyMap<string, ConsoleFile> } | null = null

  async function serve(request: FastifyRequest, reply: FastifyReply, path: string): Promise<FastifyReply> {
    const state = options.console.state()
    if (state.kind !== 'ready') {
      if (path !== 'index.html') return refuse(request, reply, 'not found')
      return reply.type('text/html; charset=utf-8').send(state.kind === 'building' ? BUILDING : FAILED)
    }
    if (loaded?.folder !== state.folder) {
      loaded = { folder: state.folder, files: await readConsoleFiles(state.folder) }
    }
    const file = loaded.files.get(path)
    if (!file) return refuse(request, reply, 'not found')
    reply.type(file.contentType).header('etag', file.etag)
    reply.header('cache-control', file.hashed ? 'private, max-age=31536000, immutable' : 'private, no-cache')
    if (request.headers['if-none-match'] === file.etag) return reply.code(304).send()
    return reply.send(file.body)
  }

  app.get('/', { config: { door: 'come to the front' } }, async (_request, reply) => reply.redirect('/console/', 302))
  app.get('/console', { config: { door: 'come to the front' } }, async (_request, reply) =>
    reply.redirect('/console/', 302),
  )
  app.get(AGAIN_PATH, { config: { door: 'come to the front' } }, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(AGAIN_SCRIPT),
  )
  app.get<{ Params: { '*': string } }>('/console/*', { config: { door: 'load the console' } }, (request, reply) =>
    serve(request, reply, request.params['*'] || 'index.html'),
  )
}

const BUILDING = htmlOf({
  title: 'The console is being built',
  paragraphs: [
    'This happens once, after its sources have changed, and takes a few seconds. This page opens it by itself.',
  ],
  refresh: { afterSeconds: 1 },
})

const FAILED = htmlOf({
  title: 'The console could not be built',
  paragraphs: [
    'Everything else runs. The terminal in which Tenure was started says what went wrong; after it is put right, start Tenure again.',
  ],
})
