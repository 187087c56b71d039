import { z } from 'zod'
import type { Catalog } from '#core/catalog/catalog.ts'
import type { Ports } from '#engine/ports.ts'

/*
 * A catalog as an administrator writes it, in JSON: people by their login, groups by `provider:name` or `provider:id`.
 * The whole file is resolved, or refused with every flaw.
 */

const text = z.string().min(1).max(2_000)
const logins = z.array(text)
const file = z.strictObject({
  apps: z.array(z.strictObject({ id: text, name: text, description: z.string().max(2_000), owners: logins })),
  roles: z.array(
    z.strictObject({
      id: text,
      app: text,
      name: text,
      description: z.string().max(2_000),
      tier: z.enum(['standard', 'sensitive', 'privileged']),
      owners: logins.default([]),
      groups: z.array(text).min(1),
      hours: z.array(z.int().min(1)).default([]),
      maximumHours: z.int().min(1).nullable(),
      noEnd: z.boolean(),
      rule: text,
    }),
  ),
  rules: z.array(
    z.strictObject({
      id: text,
      name: text,
      autoApprove: z
        .array(z.strictObject({ departments: z.array(text).optional(), titles: z.array(text).optional() }))
        .default([]),
      approvers: z.array(
        z.union([z.enum(['manager', 'app owner', 'role owner', 'security']), z.strictObject({ named: logins.min(1) })]),
      ),
    }),
  ),
  security: logins,
  administrators: logins,
  protected: z.strictObject({ people: logins.default([]), groups: z.array(text).default([]) }).optional(),
  shortNeedHours: z.int().min(1).default(168),
  completeWithinHours: z.int().min(1).default(24),
})

export type CatalogReading =
  | { readonly kind: 'catalog'; readonly catalog: Catalog }
  | { readonly kind: 'flawed'; readonly flaws: readonly string[] }

export async function readCatalogFile(ports: Ports, content: string): Promise<CatalogReading> {
  let json: unknown
  try {
    json = JSON.parse(content)
  } catch (cause) {
    return { kind: 'flawed', flaws: [`the file is not JSON: ${(cause as Error).message}`] }
  }
  const parsed = file.safeParse(json)
  if (!parsed.success)
    return { kind: 'flawed', flaws: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) }
  const flaws: string[] = []
  const catalog = await resolve(ports, parsed.data, flaws)
  return flaws.length > 0 ? { kind: 'flawed', flaws } : { kind: 'catalog', catalog }
}

async function resolve(ports: Ports, from: z.output<typeof file>, flaws: string[]): Promise<Catalog> {
  const people = async (where: string, names: readonly string[]): Promise<string[]> => {
    const found = await Promise.all(names.map((name) => onePerson(ports, name)))
    return found.flatMap((each, place) => {
      if (each !== null) return [each]
      flaws.push(`${where}: "${names[place]}" is not the login of exactly one person`)
      return []
    })
  }
  const group = async (where: string, name: string) => {
    const [provider = '', ...rest] = name.split(':')
    const [found, ...others] = await ports.store.groupsNamed(provider, rest.join(':'))
    if (found && others.length === 0) return [found.group]
    flaws.push(
      `${where}: "${name}" is not exactly one group; write provider:name or provider:id, e.g. okta:netsuite-read-only`,
    )
    return []
  }
  return {
    apps: await Promise.all(
      from.apps.map(async ({ id, name, description, owners }) => ({
        id,
        name,
        description,
        ownerIds: await people(`app ${id}`, owners),
      })),
    ),
    roles: await Promise.all(
      from.roles.map(
        async ({ id, app, name, description, tier, owners, groups, hours, maximumHours, noEnd, rule }) => ({
          id,
          appId: app,
          name,
          description,
          tier,
          ownerIds: await people(`role ${id}`, owners),
          groups: (await Promise.all(groups.map((each) => group(`role ${id}`, each)))).flat(),
          durations: { hours, maximumHours, noEnd },
          ruleId: rule,
        }),
      ),
    ),
    rules: await Promise.all(
      from.rules.map(async ({ id, name, autoApprove, approvers }) => ({
        id,
        name,
        autoApprove: autoApprove.map(({ departments, titles }) => ({
          ...(departments ? { departments } : {}),
          ...(titles ? { titles } : {}),
        })),
        approvers: await Promise.all(
          approvers.map(async (each) =>
            typeof each === 'string'
              ? ({ kind: each } as const)
              : ({ kind: 'named', people: await people(`rule ${id}`, each.named) } as const),
          ),
        ),
      })),
    ),
    securityIds: await people('security', from.security),
    administratorIds: await people('administrators', from.administrators),
    shortNeedHours: from.shortNeedHours,
    completeWithinHours: from.completeWithinHours,
    ...(from.protected
      ? {
          protection: {
            personIds: await people('protected people', from.protected.people),
            groups: (await Promise.all(from.protected.groups.map((each) => group('protected groups', each)))).flat(),
          },
        }
      : {}),
  }
}

async function onePerson(ports: Ports, login: string): Promise<string | null> {
  const ids = new Set((await ports.store.peopleByAddresses([login])).map((each) => each.personId))
  const [id] = ids
  return ids.size === 1 && id !== undefined ? id : null
}
