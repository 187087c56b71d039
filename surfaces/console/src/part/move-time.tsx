import Button from '@atlaskit/button/new'
import type { ReactElement } from 'react'
import { useId, useState } from 'react'
import { ask } from '../ask/ask.ts'
import { askEverythingAgain } from '../ask/use-polled.ts'
import { useHost } from '../host/use-host.ts'
import { weekdayAndTime } from '../words/when.ts'
import { announce } from './announcer.tsx'

const MOVES = [
  { hours: 1, words: '1 h', said: '1 hour' },
  { hours: 6, words: '6 h', said: '6 hours' },
  { hours: 24, words: '1 day', said: '1 day' },
] as const

/** The sandbox's clock: windows end when somebody moves it there. */
export function MoveTime(props: { readonly now: number }): ReactElement {
  const host = useHost()
  const id = useId()
  const [moving, setMoving] = useState<number | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)

  async function move(hours: number, said: string): Promise<void> {
    setMoving(hours)
    setTrouble(null)
    const asked = await ask(host, '/api/sandbox/advance', { method: 'POST', body: { hours } })
    setMoving(null)
    if (asked.kind === 'answered') announce(`Time moved forward by ${said}`)
    else setTrouble(asked.kind === 'refused' ? asked.words : 'Tenure does not answer.')
    askEverythingAgain()
  }

  return (
    <div className="field-in-line" role="group" aria-labelledby={id}>
      <span className="sandbox-clock">
        It is <time dateTime={new Date(props.now).toISOString()}>{weekdayAndTime(props.now)}</time>
      </span>
      <span id={id}>Move time forward:</span>
      {MOVES.map(({ hours, words, said }) => (
        <Button
          key={hours}
          spacing="compact"
          isDisabled={moving !== null && moving !== hours}
          isLoading={moving === hours}
          onClick={() => void move(hours, said)}
        >
          {words}
        </Button>
      ))}
      {trouble ? <span role="alert">{trouble}</span> : null}
    </div>
  )
}
