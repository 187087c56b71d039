import type { ReactElement } from 'react'
import type { SessionAnswer } from '../wire.ts'
import { MoveTime } from './move-time.tsx'
import { PersonChooser } from './person-chooser.tsx'
import { Text } from './text.tsx'

/** Over every page of the sandbox, so that nobody ever takes its people for real ones. */
export function SandboxBanner({ session }: { readonly session: SessionAnswer }): ReactElement | null {
  const { sandbox, person, now } = session
  if (!sandbox) return null
  return (
    <section className="sandbox" aria-label="Sandbox">
      <p className="sandbox-words">
        <strong>Sandbox company</strong> <Text of={sandbox.companyName} />. Nobody here is real.
      </p>
      <div className="sandbox-tools">
        <PersonChooser persons={sandbox.persons} chosen={person} />
        <MoveTime now={now} />
      </div>
    </section>
  )
}
