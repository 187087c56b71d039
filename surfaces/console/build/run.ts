import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** `node run.ts <folder>`: builds the console into that folder. A process of its own, because a build blocks for seconds. */
const outDir = process.argv[2]
if (!outDir) throw new Error('say which folder to build into')
await build({
  configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
  logLevel: 'warn',
  build: { outDir, emptyOutDir: true },
})
