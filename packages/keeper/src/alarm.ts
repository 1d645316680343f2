/** Ends waits early. */
export interface Alarm {
  ring(): void
  /** Fulfilled after so many milliseconds, or when it rings; at once if it has rung since the last wait. */
  wait(ms: number): Promise<void>
}

/** An alarm for one that waits; it rings when the signal is aborted. */
export function alarmOf(signal: AbortSignal): Alarm {
  let end: (() => void) | undefined
  let rung = false
  const ring = (): void => {
    rung = true
    end?.()
  }
  signal.addEventListener('abort', ring, { once: true })
  return {
    ring,
    async wait(ms) {
      if (!rung && !signal.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          end = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      end = undefined
      rung = false
    },
  }
}
