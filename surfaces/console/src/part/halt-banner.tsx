import type { ReactElement } from 'react'
import { usePolled } from '../ask/use-polled.ts'
import type { HaltLine, HaltsAnswer } from '../wire.ts'
import { Text } from './text.tsx'
import { Time } from './time.tsx'

const EVERY_MS = 5_000

/** Over every page while anything is halted, so that nobody waits for a change that cannot come, or takes an end for one. */
export function HaltBanner(): ReactElement | null {
  const { value } = usePolled<HaltsAnswer>('/api/halts', () => EVERY_MS)
  if (!value || value.halts.length === 0) return null
  return (
    <section className="halted" aria-label="Emergency stop">
      <div role="alert">
        {value.halts.map((order) => (
          <Order key={order.provider ?? ''} order={order} all={value.halts} now={value.now} />
        ))}
      </div>
    </section>
  )
}

function Order(props: {
  readonly order: HaltLine
  readonly all: readonly HaltLine[]
  readonly now: number
}): ReactElement {
  const { order, all, now } = props
  const { provider, since, orderedBy, reason } = order
  return (
    <p>
      <strong>{provider === null ? 'Everything' : <Text of={provider} />} is halted.</strong>{' '}
      {removalsGoOn(order, all)
        ? 'Nobody is given access. Ends of access go on.'
        : 'No access is given or taken away. Whoever has access keeps it after its end.'}{' '}
      Since <Time at={since} now={now} />, ordered by <Text of={orderedBy} />:{' '}
      {reason === null ? 'the reason was erased' : <Text of={reason} />}
    </p>
  )
}

/** What one order exempts, another may stop all the same. */
function removalsGoOn({ provider, exceptRemovals }: HaltLine, all: readonly HaltLine[]): boolean {
  const stricter = all.some((each) => !each.exceptRemovals && (each.provider === null || each.provider === provider))
  return exceptRemovals && !stricter
}
