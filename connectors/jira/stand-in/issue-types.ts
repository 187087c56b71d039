import type { Site } from './site.ts'

const TASK = { id: '10002', name: 'Task' }

/** Issue types of the project besides that of its requests; ids as Jira numbers them. */
export function issueTypesOf(site: Site): readonly { readonly id: string; readonly name: string }[] {
  return site.seed.issueTypes ?? [TASK]
}
