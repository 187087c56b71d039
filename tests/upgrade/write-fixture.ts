import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixtureVersions, FIXTURES, schemaVersions } from './fixture.ts'
import { tellFixture } from './tell-fixture.ts'

/*
 * `npm run fixture` writes the fixture of the newest schema. One that is there already is what its release wrote: it
 * stays, unless `-- --again` says that no release has this schema yet.
 */

const version = (await schemaVersions()).at(-1) ?? ''
const folder = await mkdtemp(join(tmpdir(), 'tenure-fixture-'))
try {
  await tellFixture(folder)
  const isThere = (await fixtureVersions()).includes(version)
  const differs = isThere ? await filesThatDiffer(folder, join(FIXTURES, version)) : []
  if (isThere && differs.length === 0)
    console.log(`The fixture of ${version} is there, and the story of today is the same.`)
  else if (isThere && !process.argv.includes('--again')) {
    console.error(
      `The fixture of ${version} is there, and the story of today differs (${differs.join(', ')}). It stays, for it is what ` +
        'an earlier build of this schema wrote. If no release has this schema yet: npm run fixture -- --again',
    )
    process.exitCode = 1
  } else {
    await rm(join(FIXTURES, version), { recursive: true, force: true })
    await cp(folder, join(FIXTURES, version), { recursive: true })
    console.log(`The fixture of ${version} is written.`)
  }
} finally {
  await rm(folder, { recursive: true })
}

async function filesThatDiffer(a: string, b: string): Promise<readonly string[]> {
  const names = [...new Set([...(await readdir(a)), ...(await readdir(b))])].sort()
  const text = (folder: string, name: string) => readFile(join(folder, name), 'utf8').catch(() => null)
  const differs = await Promise.all(names.map(async (name) => (await text(a, name)) !== (await text(b, name))))
  return names.filter((_, place) => differs[place])
}
