import type { Member } from '#connectors/kit/connector.ts'
import type { DirectoryGroup, DirectoryPerson } from '#connectors/kit/directory.ts'
import type { Instant } from '#core/instant.ts'
import type { PersonId } from '#core/identity-action/membership-key.ts'
import { DirectoryIndex } from './directory-index.ts'

export interface PersonRow extends DirectoryPerson {
  readonly provider: string
  readonly personId: PersonId
  readonly seenAt: Instant
}

/** One directory, by the vendor's ids. */
export interface OneDirectory {
  readonly people: Map<string, PersonRow>
  readonly groups: Map<string, DirectoryGroup>
  newestLook: Instant | null
  /** When each group was last in a list. */
  readonly groupSeenAt: Map<string, Instant>
  readonly members: Map<string, ReadonlyMap<string, Member['source']>>
  readonly readings: Map<string, GroupReading>
  cursor: { readonly cursor: string | null; readonly fullAt: Instant } | null
}

/** Of the members of one group: since when they are wanted, when the kept list began, and when one was last tried. */
export interface GroupReading {
  readonly wantedAt: Instant | null
  readonly readAt: Instant | null
  readonly triedAt: Instant | null
}

/** The directories as last seen, and an index over them that is made anew when somebody asks after a change. */
export class DirectoryTables {
  private readonly byProvider = new Map<string, OneDirectory>()
  private made: DirectoryIndex | null = null

  of(provider: string): OneDirectory | undefined {
    return this.byProvider.get(provider)
  }

  /** To be written to. */
  change(provider: string): OneDirectory {
    this.made = null
    const known: OneDirectory = this.byProvider.get(provider) ?? {
      people: new Map(),
      groups: new Map(),
      newestLook: null,
      groupSeenAt: new Map(),
      members: new Map(),
      readings: new Map(),
      cursor: null,
    }
    this.byProvider.set(provider, known)
    return known
  }

  get index(): DirectoryIndex {
    this.made ??= new DirectoryIndex([...this.byProvider.values()].flatMap(({ people }) => [...people.values()]))
    return this.made
  }
}
