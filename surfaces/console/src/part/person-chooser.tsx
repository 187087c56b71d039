import type { ReactElement } from 'react'
import { useId, useState } from 'react'
import { ask } from '../ask/ask.ts'
import { askEverythingAgain } from '../ask/use-polled.ts'
import { visible } from '../words/visible.ts'
import { useHost } from '../host/use-host.ts'
import type { PersonChoice } from '../wire.ts'

export function PersonChooser(props: {
  readonly persons: readonly PersonChoice[]
  readonly chosen: PersonChoice | null
}): ReactElement {
  const host = useHost()
  const id = useId()
  const [failed, setFailed] = useState(false)
  const departments = Map.groupBy(props.persons, (person) => person.department)

  async function choose(personId: string): Promise<void> {
    const asked = await ask(host, '/api/session/person', { method: 'POST', body: { personId: personId || null } })
    setFailed(asked.kind !== 'answered')
    askEverythingAgain()
  }

  return (
    <div className="field-in-line">
      <label htmlFor={id}>You are</label>
      <select
        id={id}
        className="input"
        value={props.chosen?.personId ?? ''}
        onChange={(event) => void choose(event.target.value)}
      >
        <option value="">Nobody in particular</option>
        {[...departments].map(([department, persons]) => (
          <optgroup key={department} label={shortened(department)}>
            {persons.map((person) => (
              <option key={person.personId} value={person.personId}>
                {shortened(`${person.name}, ${person.title}`)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {failed ? <span role="alert">That did not work.</span> : null}
    </div>
  )
}

/** An option cannot wrap, and a phone shows its whole list as wide as the widest. */
function shortened(text: string): string {
  return visible(text.length > 60 ? `${text.slice(0, 59)}…` : text)
}
