import { registerHooks } from 'node:module'
import type { Mutant } from './mutant.ts'

/*
 * Loaded before everything else (`node --import`): the source of one file is changed on its way from the disk, so that
 * the tree stays as it is and any number of mutants can be looked at side by side.
 */
const mutant = JSON.parse(process.env['TENURE_MUTANT'] ?? 'null') as Mutant | null
if (mutant) {
  const target = new URL(`../../${mutant.file}`, import.meta.url).href
  let put = false
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (url !== target) return loaded
      const source = String(loaded.source)
      const parts = source.split(mutant.find)
      if (parts.length !== 2) throw new Error(`"${mutant.find}" occurs ${parts.length - 1} times in ${mutant.file}`)
      put = true
      return { ...loaded, source: parts.join(mutant.replace) }
    },
  })
  process.on('exit', () => {
    if (!put) process.exitCode = 3
  })
}
