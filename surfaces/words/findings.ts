import type { FindingView } from '#engine/read/findings.ts'

/** What a finding is, in words that stand after a person's name. */
export function findingInWords({ kind, groupName }: FindingView): string {
  switch (kind) {
    case 'held when claimed':
      return `was in ${groupName} before it was claimed, and no grant explains it`
    case 'added outside':
      return `was put into ${groupName} outside of Tenure`
    case 'removed outside':
      return `was taken out of ${groupName} outside of Tenure, although a grant holds it`
  }
}

/** How somebody settles it. */
export function waysOut(findings: readonly FindingView[]): readonly string[] {
  const [first] = findings
  if (!first) return []
  if (first.kind === 'removed outside')
    return [
      'Tenure does not put back what another hand took. To give it again, put the person back in the directory; to leave it so, revoke the access from its ticket.',
    ]
  const { roles } = first
  const adopt =
    roles.length === 0
      ? 'To keep it: no role of the catalog gives this group yet. Publish one, and ask for it for this person.'
      : `To keep it: ask for ${roles.join(' or ')} for this person, with a duration. Its approval rule decides, and the grant takes the membership over.`
  return [
    adopt,
    `To take it away: an administrator runs tenure findings remove <id> --reason "…", with the id that stands above.`,
    'Either way this is settled by itself, as soon as a look at the directory finds it so.',
  ]
}

export const RULE_TASK =
  'A rule of the directory puts the person into this group, so no removal would stick: change the rule, or exclude the person from it.'
